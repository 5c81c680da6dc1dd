"""Products with packed matrices around the edges of panels and tiles: packed_products.py DITHER DIRECTORY.

Each is compared with the sum in f64 over the weights that the interpreter unpacks, within 2 * depth * 2^-24 of the sum of magnitudes
(Higham's bound for any order of summation, and the scales). The number of rows must not change a bit of a row.

With activations of 8 bits, sums over a group are exact, so that neither does the set of instructions."""

import pathlib
import subprocess
import sys

import numpy as np

DITHER, DIRECTORY = sys.argv[1], pathlib.Path(sys.argv[2])
REPRESENTATIONS = ["format = #dither.int<bits = 8>", "format = #dither.int<bits = 8, group = 32, affine = true>",
                   "format = #dither.int<bits = 4, group = 32, scale = f16>", "format = #dither.int<bits = 3, group = 8>",
                   "format = #dither.minifloat<e2m1, group = 32, scale = e8m0>", "format = #dither.minifloat<e4m3, group = -1>",
                   "format = #dither.ternary<group = 0>", "format = #dither.sign<group = 32>", "format = #dither.shift<bits = 3>",
                   "pattern = #dither.nm<1 : 4>", "pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4, group = 32, scale = f16>",
                   "pattern = #dither.nm<4 : 8>, format = #dither.minifloat<e4m3, group = 32>"]
# What multiplies integers where there are whole panels, and something that does not.
INTEGERS = ["format = #dither.int<bits = 8>", "format = #dither.int<bits = 8, group = 32, scale = e8m0>", "format = #dither.int<bits = 4, group = 32, scale = f16>",
            "format = #dither.int<bits = 3, group = 32>", "format = #dither.int<bits = 2, group = 16>", "format = #dither.int<bits = 6, group = 16>",
            "format = #dither.minifloat<e2m1, group = 32, scale = e8m0>", "format = #dither.minifloat<e3m0, group = 8>",
            "format = #dither.ternary<group = 0>", "format = #dither.sign<group = 32>", "format = #dither.shift<bits = 3>",
            "pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4, group = 32, scale = f16>",
            "pattern = #dither.nm<2 : 4>, format = #dither.ternary<group = 0>",
            "pattern = #dither.nm<1 : 4>, format = #dither.int<bits = 8>", "pattern = #dither.nm<3 : 4>, format = #dither.minifloat<e2m1, group = 32>",
            "pattern = #dither.nm<2 : 8>, format = #dither.minifloat<e1m2>", "pattern = #dither.nm<4 : 4>, format = #dither.int<bits = 8>",
            "format = #dither.minifloat<e4m3>"]
# With a ragged edge; one panel; several.
COLUMNS = [37, 64, 192]
DEPTH = 96
ROWS = [9, 2, 1]


def function(name, representation, n, activations=""):
    x, w, y = f"tensor<?x{DEPTH}xf32>", f"tensor<{DEPTH}x{n}xf32>", f"tensor<?x{n}xf32>"
    represent = f"    %q = dither.represent %x {{format = {activations}}} : {x}\n" if activations else ""
    return f"""  dither.param @w_{name} : {w} init #dither.kaiming_uniform frozen {{{representation}}}
  func.func @{name}(%x: {x}) -> {y} {{
    %w = dither.read @w_{name} : {w}
{represent}    %y = dither.matmul %{"q" if activations else "x"}, %w : {x}, {w}
    return %y : {y}
  }}
"""


def run(what, name, x, *options):
    np.save(DIRECTORY / "x.npy", x)
    subprocess.run([DITHER, "run", what, "--function", name, "--input", DIRECTORY / "x.npy", "--output", DIRECTORY / "y.npy", *options],
                   check=True, stdout=subprocess.DEVNULL)
    return np.load(DIRECTORY / "y.npy")


def represent(x):
    """x in 8 bits with a scale for each row."""
    scales = np.abs(x).max(1, keepdims=True) / np.float32(127)
    scales[scales == 0] = 1
    return np.clip(np.rint(x / scales), -127, 127) * scales


def make_rows(random):
    x = random.standard_normal((max(ROWS), DEPTH), np.float32)
    x[3], x[4], x[5] = 0, x[4] * np.float32(1e-30), np.sign(x[5])
    return x


def check(name, x, meaning):
    """`meaning` is what the kernel multiplies."""
    # Products with zeros and ones are exact, and so is their representation in 8 bits.
    weights = run(DIRECTORY / "model.mlir", name, np.eye(DEPTH, dtype=np.float32), "--interpret", "--seed", "1").astype(np.float64)
    results = [run(DIRECTORY / "model.so", name, x[:rows]) for rows in ROWS]
    error = np.abs(results[0] - meaning.astype(np.float64) @ weights)
    bound = 2 * DEPTH * 2.0**-24 * (np.abs(meaning).astype(np.float64) @ np.abs(weights))
    assert (error <= bound).all(), f"{name}: error {(error / bound).max()} of the bound"
    for rows, result in zip(ROWS, results):
        assert result.tobytes() == results[0][:rows].tobytes(), f"{name}: {rows} rows give other bits"
    return results[0]


DIRECTORY.mkdir(parents=True, exist_ok=True)
floats = {f"f{i}_{n}": (representation, n) for i, representation in enumerate(REPRESENTATIONS) for n in COLUMNS}
integers = {f"i{i}_{n}": (representation, n, "#dither.int<bits = 8, dim = 1>") for i, representation in enumerate(INTEGERS) for n in COLUMNS}
functions = [function(name, *case) for name, case in (floats | integers).items()]
(DIRECTORY / "model.mlir").write_text("dither.model @products {\n" + "".join(functions) + "}\n")
compile_model = [DITHER, "compile", DIRECTORY / "model.mlir", "--seed", "1", "-o"]
subprocess.run([*compile_model, DIRECTORY / "model.so"], check=True)
subprocess.run([*compile_model, DIRECTORY / "avx2.so", "--features=+avx2,+fma,+f16c"], check=True)
generator = np.random.default_rng(7)
for name in floats:
    x = make_rows(generator)
    check(name, x, x)
for name, (representation, n, _) in integers.items():
    x = make_rows(generator)
    result = check(name, x, represent(x))
    if n % 64 == 0 and "e4m3" not in representation:
        assert run(DIRECTORY / "avx2.so", name, x).tobytes() == result.tobytes(), f"{name}: AVX2 gives other bits"
# Of nothing.
(DIRECTORY / "model.mlir").write_text("dither.model @empty {\n" + function("deep", "format = #dither.int<bits = 4>", 0, "#dither.int<bits = 8, dim = 1>")
                                      + function("f", "format = #dither.int<bits = 4>", 64, "#dither.int<bits = 8, dim = 1>").replace(f"{DEPTH}x", "0x") + "}\n")
assert run(DIRECTORY / "model.mlir", "deep", np.ones((3, DEPTH), np.float32)).shape == (3, 0)
assert run(DIRECTORY / "model.mlir", "f", np.ones((3, 0), np.float32)).tobytes() == bytes(4 * 3 * 64)
print(f"{len(functions)} products agree")
