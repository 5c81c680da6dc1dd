"""Products with packed matrices around the edges of panels and tiles: packed_products.py DITHER DIRECTORY.

Each is compared with the sum in f64 over the weights that the interpreter unpacks, within 2 * depth * 2^-24 of the sum of magnitudes
(Higham's bound for any order of summation, and the scales). The number of rows must not change a bit of a row."""

import pathlib
import subprocess
import sys

import numpy as np

DITHER, DIRECTORY = sys.argv[1], pathlib.Path(sys.argv[2])
REPRESENTATIONS = ["format = #dither.int<bits = 8>", "format = #dither.int<bits = 8, group = 32, affine = true>",
                   "format = #dither.int<bits = 4, group = 32, scale = f16>", "format = #dither.int<bits = 3, group = 8>",
                   "format = #dither.minifloat<e2m1, group = 32, scale = e8m0>", "format = #dither.minifloat<e4m3, group = -1>",
                   "pattern = #dither.nm<1 : 4>", "pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4, group = 32, scale = f16>",
                   "pattern = #dither.nm<4 : 8>, format = #dither.minifloat<e4m3, group = 32>"]
# With a ragged edge; one panel; several.
COLUMNS = [37, 64, 192]
DEPTH = 96
ROWS = [9, 2, 1]


def function(name, representation, n):
    x, w, y = f"tensor<?x{DEPTH}xf32>", f"tensor<{DEPTH}x{n}xf32>", f"tensor<?x{n}xf32>"
    return f"""  dither.param @w_{name} : {w} init #dither.kaiming_uniform frozen {{{representation}}}
  func.func @{name}(%x: {x}) -> {y} {{
    %w = dither.read @w_{name} : {w}
    %y = dither.matmul %x, %w : {x}, {w}
    return %y : {y}
  }}
"""


def run(what, name, x, *options):
    np.save(DIRECTORY / "x.npy", x)
    subprocess.run([DITHER, "run", what, "--function", name, "--input", DIRECTORY / "x.npy", "--output", DIRECTORY / "y.npy", *options],
                   check=True, stdout=subprocess.DEVNULL)
    return np.load(DIRECTORY / "y.npy")


def check(name, random):
    # Products with zeros and ones are exact.
    weights = run(DIRECTORY / "model.mlir", name, np.eye(DEPTH, dtype=np.float32), "--interpret", "--seed", "1").astype(np.float64)
    x = random.standard_normal((max(ROWS), DEPTH), np.float32)
    results = [run(DIRECTORY / "model.so", name, x[:rows]) for rows in ROWS]
    error = np.abs(results[0] - x.astype(np.float64) @ weights)
    bound = 2 * DEPTH * 2.0**-24 * (np.abs(x).astype(np.float64) @ np.abs(weights))
    assert (error <= bound).all(), f"{name}: error {(error / bound).max()} of the bound"
    for rows, result in zip(ROWS, results):
        assert result.tobytes() == results[0][:rows].tobytes(), f"{name}: {rows} rows give other bits"


DIRECTORY.mkdir(parents=True, exist_ok=True)
cases = {f"r{i}_{n}": (representation, n) for i, representation in enumerate(REPRESENTATIONS) for n in COLUMNS}
(DIRECTORY / "model.mlir").write_text("dither.model @products {\n" + "".join(function(name, *case) for name, case in cases.items()) + "}\n")
subprocess.run([DITHER, "compile", DIRECTORY / "model.mlir", "--seed", "1", "-o", DIRECTORY / "model.so"], check=True)
generator = np.random.default_rng(7)
for name in cases:
    check(name, generator)
print(f"{len(cases)} products agree")
