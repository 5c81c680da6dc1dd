#!/usr/bin/env python3
"""What the compiler makes of each combination of annotations: coverage.py DITHER PLUGINS.json PAGE.md [--fix].

Nothing is written by hand: the attributes are the examples in the documents of the plug-ins, and every cell is what `dither explain` says of
a model with that combination. Fails if the page differs, or if a plug-in has no example; with --fix, writes the page anew."""

import concurrent.futures
import itertools
import json
import pathlib
import re
import subprocess
import sys
import tempfile

# Divisible by all groups above, and not: 3:7 divides 224 alone.
ROWS, COLUMNS, BATCH = 224, 48, 16
REPRESENTED = ("pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>, "
               "estimator = #dither.straight_through")


def explain(text):
    """What the compiler says of a model; a string is its error."""
    with tempfile.NamedTemporaryFile("w", suffix=".mlir") as file:
        file.write(text)
        file.flush()
        done = subprocess.run([sys.argv[1], "explain", file.name, "--json"], capture_output=True, text=True)
    if done.returncode == 0:
        return json.loads(done.stdout)
    errors = [line.split("error: ", 1)[1] for line in done.stderr.splitlines() if "error: " in line]
    if done.returncode != 1 or not errors:
        sys.exit(f"dither explain failed without an error, exit status {done.returncode}:\n{text}{done.stderr}")
    return errors[0]


def model(annotations="", weights="", optimizer="sgd<rate = 0.1>"):
    """A linear layer with a represented matrix and an op behind it."""
    x, w, y = f"tensor<?x{ROWS}xf32>", f"tensor<{ROWS}x{COLUMNS}xf32>", f"tensor<?x{COLUMNS}xf32>"
    return f"""dither.model @m {{
  dither.param @w : {w} init #dither.kaiming_uniform {{{annotations}}}
  func.func @forward(%x: {x}) -> {y} {{
    %w = dither.read @w : {w}
    %z = dither.linear %x, %w {{{weights}}} : {x}, {w}
    %y = dither.gelu %z {{}} : {y}
    return %y : {y}
  }}
  func.func @loss(%x: {x}, %labels: tensor<?xi32>) -> tensor<f32> {{
    %y = func.call @forward(%x) : ({x}) -> {y}
    %l = dither.cross_entropy %y, %labels : {y}, tensor<?xi32>
    return %l : tensor<f32>
  }}
  dither.train @fit loss @loss optimizer #dither.{optimizer} {{batch = {BATCH} : i64, epochs = 1 : i64}}
}}
"""


def kernels(report, function):
    """The kernels of a function, with what keeps better ones from it."""
    found = {}
    for entry in report["contractions"]:
        if entry["function"] == function:
            found.setdefault(entry["kernel"], entry["rejected"])
    return found


def describe(report, notes):
    """Cells of a combination: bits for a weight, forward, backward."""
    if isinstance(report, str):
        return ["", f"refused{notes(report)}", ""]
    forward = kernels(report, "forward")
    cell = ", ".join(forward)
    if "dense_f32" in forward and report["parameters"][0]["bits_per_weight"] != 32:
        cell = "dense_f32 after unpacking" + notes(forward["dense_f32"].split(": ", 1)[-1])
    return [f"{report['parameters'][0]['bits_per_weight']:.4g}", cell, ", ".join(kernels(report, "fit.step"))]


class Notes:
    """Numbers the reasons; the same one has one number."""

    def __init__(self):
        self.known = {}

    def __call__(self, text):
        return f" [{self.known.setdefault(text, len(self.known) + 1)}]"

    def __str__(self):
        return "".join(f"[{number}] {text}\n\n" for text, number in self.known.items())


def table(head, rows):
    lines = [head, ["---"] * len(head)] + rows
    return "".join("| " + " | ".join(line) + " |\n" for line in lines) + "\n"


def representations(patterns, formats):
    notes, rows = Notes(), []

    def explain_pair(pair):
        parts = [f"{kind} = #dither.{attribute}" for kind, attribute in zip(("pattern", "format"), pair) if attribute]
        return explain(model(", ".join(parts + ["estimator = #dither.straight_through"] * bool(parts))))

    pairs = list(itertools.product([None] + patterns, [None] + formats))
    with concurrent.futures.ThreadPoolExecutor() as pool:
        reports = list(pool.map(explain_pair, pairs))
    for (pattern, form), report in zip(pairs, reports):
        rows.append([f"`{pattern}`" if pattern else "dense", f"`{form}`" if form else "f32"] + describe(report, notes))
    return table(["pattern", "format", "bits/weight", "CPU, forward", "CPU, training step"], rows) + str(notes)


def estimator_uses(estimators):
    notes, rows = Notes(), []
    for estimator in estimators:
        uses = {"weights": explain(model(REPRESENTED.replace("straight_through", estimator))),
                "linear": explain(model(weights=f"backward = #dither.{estimator}"))}
        uses.update({op: explain(model().replace("gelu %z {}", f"{op} %z {{residual = #dither.{estimator}}}")) for op in
                     ("relu", "gelu", "silu", "sigmoid", "softplus", "elu", "leaky_relu")})
        cells = []
        for use, report in uses.items():
            if isinstance(report, str):
                cells.append(f"refused{notes(report.split(' op ', 1)[-1])}")
            elif use == "weights":
                cells.append("unbiased" if report["parameters"][0]["unbiased"] else "biased")
            else:
                entry = report["estimators"][0]
                cells.append(f"{'unbiased' if entry['unbiased'] else 'biased'}, {entry['exact_bytes']} -> {entry['kept_bytes']} bytes")
        rows.append([f"`{estimator}`"] + cells)
    return table(["estimator"] + list(uses), rows) + str(notes)


def training(recipes, optimizers):
    rows = []
    for recipe in [None] + recipes:
        for optimizer in optimizers:
            report = explain(model(REPRESENTED + (f", recipe = #dither.{recipe}" if recipe else ""), optimizer=optimizer))
            if isinstance(report, str):  # It may want values, and need no estimator.
                values = explain(model(f"pattern = #dither.unstructured<sparsity = 0.9>, recipe = #dither.{recipe}", optimizer=optimizer))
                cell = f"refused: {report}" if isinstance(values, str) else "of values alone: " + ", ".join(kernels(values, "fit.step"))
            else:
                cell = ", ".join(kernels(report, "fit.step"))
            rows.append([f"`{recipe}`" if recipe else "none", f"`{optimizer}`", cell])
    return table(["recipe", "optimizer", "CPU, training step"], rows)


def find_examples(plugins, kind):
    """The attributes that the documents of a kind of plug-in show, without `#dither.`"""
    with open(plugins) as file:
        records = json.load(file)
    found = []
    for name in records["!instanceof"][f"Dither_{kind}"]:
        mnemonic = records[name]["mnemonic"]
        blocks = "".join(re.findall(r"```mlir\n(.*?)```", records[name]["description"], re.DOTALL))
        shown = re.findall(rf"#dither\.({mnemonic}\b(?:<[^<>]*>)?)", blocks)
        if not shown:
            sys.exit(f"{name}: its description has no example #dither.{mnemonic} in a block of mlir; add one")
        found += shown
    return found


def main(_, plugins, page, fix=""):
    patterns, formats, estimators, recipes, optimizers = (
        find_examples(plugins, kind) for kind in ("Pattern", "Format", "Estimator", "Recipe", "Optimizer"))
    text = f"""<!-- Generated by docs/coverage.py; do not edit. -->

# Coverage

What the compiler makes of each combination of annotations, for a linear layer of {ROWS} inputs and {COLUMNS} outputs.
`packed_decode` reads packed weights and decodes them in registers; `listed` multiplies rows by listed elements, and `sampled`
computes listed elements of a product alone; `dense_f32` reads floats. The CPU is the only target.

## Patterns and formats

{representations(patterns, formats)}## Estimators, by what they sit on

Beside each, the bytes that are kept for the backward pass at batch {BATCH}.

{estimator_uses(estimators)}## Recipes and optimizers

{training(recipes, optimizers)}"""
    path = pathlib.Path(page)
    if path.exists() and path.read_text() == text:
        return
    if not fix:
        sys.exit(f"{page} is stale: run ninja -C build dither-doc")
    path.write_text(text)


main(*sys.argv[1:])
