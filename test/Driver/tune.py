"""All plans of products give the bits of the model's plan: tune.py DITHER MODEL TUNING DIRECTORY.

Shapes are ragged: neither tiles nor blocks divide them. TUNING is a file of `dither tune`, of which the features are taken."""

import json
import pathlib
import subprocess
import sys

import numpy as np

DITHER, MODEL, TUNING, DIRECTORY = *sys.argv[1:4], pathlib.Path(sys.argv[4])
FEATURES = json.loads(pathlib.Path(TUNING).read_text())["features"]
LANES = 16 if "avx512f" in FEATURES else 8

# Of each function: its product, and shapes of its inputs.
PRODUCTS = {
    "forward": ("?x131xf32 131x197xf32", [(37, 131), (131, 197)]),
    "few": ("23x131xf32 131x197xf32", [(23, 131), (131, 197)]),
    "weights": ("131x43xf32' 131x197xf32", [(131, 43), (131, 197)]),
    "inputs": ("43x131xf32 197x131xf32'", [(43, 131), (197, 131)]),
    "packed": ("?x136xf32 136x192xf32 #dither.int<bits = 4, group = 8>", [(37, 136)]),
}


def list_plans(function):
    for rows, panels in [(1, 1), (6, 2), (4, 3), (3, 4), (12, 1), (7, 1)]:
        for tasks in [0, 5]:
            tile = f"rows = {rows}, sums = {rows * panels}"
            if function == "packed":
                yield f"#dither.kernel<schedule = direct, {tile}, columns = 64, tasks = {tasks}>"
                continue
            width = panels * LANES
            least = 32 if function == "forward" else 0
            yield f"#dither.kernel<schedule = blocked, {tile}, columns = {3 * width}, depth = 48, tasks = {tasks}, least = {least}>"
            if function != "inputs":
                yield f"#dither.kernel<schedule = direct, {tile}, columns = {2 * LANES}, tasks = {tasks}>"
            if function == "few":
                yield f"#dither.kernel<schedule = strips, {tile}, columns = {8 * LANES}, depth = 32, tasks = {tasks}>"


def run(artifact, function):
    arguments = []
    for i, shape in enumerate(PRODUCTS[function][1]):
        path = DIRECTORY / f"{function}{i}.npy"
        np.save(path, np.random.default_rng(i).standard_normal(shape, np.float32))
        arguments += ["--input", path]
    result = DIRECTORY / "y.npy"
    subprocess.run([DITHER, "run", artifact, "--function", function, *arguments, "--output", result, "--threads", "2"], check=True)
    return np.load(result)


def compile_all(plans):
    """An artifact with a plan for some functions."""
    tuning = DIRECTORY / "plans.json"
    products = [{"product": PRODUCTS[function][0], "kernel": plan} for function, plan in plans.items()]
    tuning.write_text(json.dumps({"format": "dither-tuning", "version": 1, "features": FEATURES, "products": products}))
    artifact = DIRECTORY / "products.so"
    subprocess.run([DITHER, "compile", MODEL, "--seed", "1", "--tuning", tuning, "-o", artifact], check=True)
    return artifact


untuned = compile_all({})
expected = {function: run(untuned, function) for function in PRODUCTS}
remaining = {function: list(list_plans(function)) for function in PRODUCTS}
while any(remaining.values()):
    plans = {function: rest.pop() for function, rest in remaining.items() if rest}
    artifact = compile_all(plans)
    for function, plan in plans.items():
        np.testing.assert_array_equal(run(artifact, function), expected[function], err_msg=f"{function} by {plan}")
