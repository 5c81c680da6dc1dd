"""An artifact with several versions of its code, under masked features: versions.py DITHER MODEL TRAINED DIRECTORY.

For each version that this CPU can run: with what the better ones need masked, it is the one that is chosen, and gives the bits of an artifact
for its target alone. Between versions, integers and random numbers have the same bits; sums of floats agree within twice the bound of
docs/numerics.md.

So does the training step of the model TRAINED, from DIRECTORY/out/model.safetensors on: all states that it writes have those bits."""

import json
import os
import pathlib
import subprocess
import sys

import numpy as np

DITHER, MODEL, TRAINED, DIRECTORY = *sys.argv[1:4], pathlib.Path(sys.argv[4]).resolve()
FUNCTIONS = ["integers", "packed", "dense", "bf16", "random"]
EXACT = ["integers", "random"]


def start(*command, mask=()):
    environment = {**os.environ, "DITHER_CPU_FEATURES": ",".join("-" + feature for feature in mask)}
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def dither(*arguments, mask=()):
    return start(DITHER, *arguments, mask=mask)


def compile_for(target):
    path = DIRECTORY / f"{target}.so"
    dither("compile", MODEL, "--seed", "1", f"--target={target}", "-o", path)
    return path


def list_versions(artifact, mask=()):
    return json.loads(dither("explain", artifact, "--json", mask=mask))["versions"]


def get_chosen(artifact, mask=()):
    chosen = [version["name"] for version in list_versions(artifact, mask) if version["chosen"]]
    assert len(chosen) == 1
    return chosen[0]


def run(artifact, function, mask=(), x=None):
    np.save(DIRECTORY / "x.npy", X if x is None else x)
    dither("run", artifact, "--function", function, "--input", DIRECTORY / "x.npy", "--output", DIRECTORY / "y.npy", "--seed", "3", mask=mask)
    return np.load(DIRECTORY / "y.npy")


def compile_step(target):
    path = DIRECTORY / f"{target}.step"
    dither("compile", TRAINED, "--training", "--function", "fit.step", f"--target={target}", "--exe", "-o", path)
    return path


def take_step(executable, mask=()):
    """The checkpoint behind a step."""
    np.save(DIRECTORY / "samples.npy", X[:16, :8])
    np.save(DIRECTORY / "labels.npy", np.arange(16, dtype=np.int32) % 3)
    np.save(DIRECTORY / "rate.npy", np.array(0.01, np.float32))
    inputs = [argument for name in ("samples", "labels", "rate") for argument in ("--input", DIRECTORY / f"{name}.npy")]
    start(executable, *inputs, "--load", DIRECTORY / "out/model.safetensors", "--save", DIRECTORY / "next.safetensors", mask=mask)
    return (DIRECTORY / "next.safetensors").read_bytes()


X = np.random.default_rng(5).standard_normal((37, 256), np.float32)
portable = compile_for("portable")
versions = list_versions(portable)
assert [version["name"] for version in versions] == ["sapphirerapids", "cascadelake", "x86-64-v3"], versions
needs = [set(version["features"].split(",")) for version in versions]
assert needs[0] > needs[1] > needs[2] and {"avx2", "fma"} <= needs[2], needs

step = compile_step("portable")
mask, results = [], {}
for i, version in enumerate(versions):
    name = version["name"]
    if not version["missing"]:
        assert get_chosen(portable, mask) == name
        alone = compile_for(name)
        assert get_chosen(alone) == name
        results[name] = {function: run(portable, function, mask) for function in FUNCTIONS}
        for function in FUNCTIONS:
            assert run(alone, function).tobytes() == results[name][function].tobytes(), f"{function}, {name}: not the code for it alone"
        after = take_step(step, mask)
        assert after == take_step(compile_step(name)), f"a step of training, {name}: not the code for it alone"
        assert after != (DIRECTORY / "out/model.safetensors").read_bytes()
    # What is at the end of the list is as good as what is at its beginning.
    if i + 1 < len(versions):
        mask.append(sorted(needs[i] - needs[i + 1])[-1])

assert "x86-64-v3" in results
for function in FUNCTIONS:
    base = results["x86-64-v3"][function]
    assert np.isfinite(base).all() and base.std() > 0.1, function
    # Products with zeros and ones are exact.
    weights = np.zeros(()) if function in EXACT else run(portable, function, mask, np.eye(256, dtype=np.float32))
    bound = 0 if function in EXACT else 4 * 256 * 2.0**-24 * (np.abs(X) @ np.abs(weights))
    if function == "bf16":
        bound = 1.01 * bound + 2.0**-7 * np.abs(base)
    for name, other in results.items():
        assert (np.abs(other[function] - base) <= bound).all(), f"{function}: {name} is off"
        if function in EXACT:
            assert other[function].tobytes() == base.tobytes(), f"{function}: {name} gives other bits"

# The host's version alone, as far as it is masked.
masked = DIRECTORY / "masked.so"
dither("compile", MODEL, "--seed", "1", "-o", masked, mask=["avx512f", "amx-tile"])
assert not any(feature.startswith(("avx512", "amx")) for feature in list_versions(masked)[0]["features"].split(","))
assert run(masked, "integers", ["avx512f"]).tobytes() == results["x86-64-v3"]["integers"].tobytes()
print("versions agree:", *results)
