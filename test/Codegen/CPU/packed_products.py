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
                   "format = #dither.onebit<scale = f32>", "pattern = #dither.nm<2 : 4>, format = #dither.onebit<scale = f16>",
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
# Patterns whose indices fill words only over more elements; sums of so many elements that their parts stay in their places.
DEEP = ["format = #dither.sign<group = 0>", "format = #dither.ternary<group = 256>", "format = #dither.int<bits = 4>", "format = #dither.int<bits = 2, group = 128>",
        "pattern = #dither.nm<6 : 8>, format = #dither.int<bits = 4>", "pattern = #dither.nm<5 : 8>, format = #dither.int<bits = 2>",
        "pattern = #dither.nm<7 : 8>, format = #dither.int<bits = 8>", "pattern = #dither.nm<1 : 4>, format = #dither.sign<group = 0>"]
# What fills several blocks of tiles, and those of rows.
BLOCKS = ["format = #dither.int<bits = 8>", "format = #dither.int<bits = 4, group = 128, scale = f16>", "format = #dither.ternary<group = 64>",
          "format = #dither.minifloat<e2m1>", "pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 8>",
          "pattern = #dither.nm<4 : 8>, format = #dither.int<bits = 4, group = 64, scale = f16>",
          "pattern = #dither.nm<1 : 2>, format = #dither.int<bits = 8, group = 32>"]
# Steps inside of a block and across blocks, groups of blocks and in blocks.
SPARSE_BLOCKS = ["pattern = #dither.block<8 x 16, sparsity = 0.5>", "pattern = #dither.block<1 x 64, sparsity = 0.8>",
                 "pattern = #dither.block<16 x 32, sparsity = 0.4>, format = #dither.int<bits = 8, group = 32, affine = true>",
                 "pattern = #dither.block<32 x 64, sparsity = 0.7>, format = #dither.int<bits = 4, group = 32, scale = f16>",
                 "pattern = #dither.block<32 x 64, sparsity = 0.3>, format = #dither.minifloat<e2m1, group = 16, scale = e8m0>",
                 "pattern = #dither.block<4 x 16, sparsity = 0.5>, format = #dither.int<bits = 4, group = 8>",
                 "pattern = #dither.block<3 x 64, sparsity = 0.5>, format = #dither.int<bits = 4>",
                 "pattern = #dither.block<6 x 64, sparsity = 0.5>, format = #dither.int<bits = 3, group = 48>",
                 "pattern = #dither.block<8 x 64, sparsity = 1.0>", "pattern = #dither.block<96 x 64, sparsity = 0.0>, format = #dither.sign<group = 32>"]
# Whose weights share codes.
VECTORS = ["format = #dither.codebook<books = 1, index_bits = 8>", "format = #dither.codebook<books = 1, index_bits = 16, scale = f16>",
           "format = #dither.codebook<books = 2, index_bits = 8>"]
# With a ragged edge; one panel; several.
COLUMNS = [37, 64, 192]
DEPTH = 96
ROWS = [39, 9, 2, 1]


def function(name, representation, n, activations="", depth=DEPTH, static=()):
    """Products with any number of rows, and with some numbers of rows."""
    w = f"tensor<{depth}x{n}xf32>"
    text = f"  dither.param @w_{name} : {w} init #dither.kaiming_uniform frozen {{{representation}}}\n"
    for rows in ["?", *static]:
        x, y = f"tensor<{rows}x{depth}xf32>", f"tensor<{rows}x{n}xf32>"
        represent = f"    %q = dither.represent %x {{format = {activations}}} : {x}\n" if activations else ""
        text += f"""  func.func @{name}{"" if rows == "?" else f"_{rows}"}(%x: {x}) -> {y} {{
    %w = dither.read @w_{name} : {w}
{represent}    %y = dither.matmul %{"q" if activations else "x"}, %w : {x}, {w}
    return %y : {y}
  }}
"""
    return text


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


def make_rows(random, depth, rows):
    x = random.standard_normal((rows, depth), np.float32)
    x[3], x[4], x[5] = 0, x[4] * np.float32(1e-30), np.sign(x[5])
    return x


def check(name, x, meaning, rows, static):
    """`meaning` is what the kernel multiplies. Functions of a name with a number have so many rows."""
    # Products with zeros and ones are exact, and so is their representation in 8 bits.
    weights = run(DIRECTORY / "model.mlir", name, np.eye(x.shape[1], dtype=np.float32), "--interpret", "--seed", "1").astype(np.float64)
    results = [run(DIRECTORY / "model.so", name, x[:count]) for count in rows]
    results += [run(DIRECTORY / "model.so", f"{name}_{count}", x[:count]) for count in static]
    error = np.abs(results[0] - meaning.astype(np.float64) @ weights)
    bound = 2 * x.shape[1] * 2.0**-24 * (np.abs(meaning).astype(np.float64) @ np.abs(weights))
    assert (error <= bound).all(), f"{name}: error {(error / bound).max()} of the bound"
    for count, result in zip([*rows, *static], results):
        assert result.tobytes() == results[0][:count].tobytes(), f"{name}: {count} rows give other bits"
    return results[0]


def write_model(functions):
    (DIRECTORY / "model.mlir").write_text("dither.model @products {\n" + "".join(functions) + "}\n")


def compile_model(name, *options):
    subprocess.run([DITHER, "compile", DIRECTORY / "model.mlir", "--seed", "1", "-o", DIRECTORY / name, *options], check=True)


def check_representation(representation, random, columns=COLUMNS, activations="", depth=DEPTH, rows=ROWS, static=()):
    """Products with some numbers of columns, in a model of their own."""
    write_model(function(f"f{n}", representation, n, activations, depth, static) for n in columns)
    compile_model("model.so")
    compile_model("avx2.so", "--features=+avx2,+fma,+f16c")
    for n in columns:
        x = make_rows(random, depth, max(rows))
        result = check(f"f{n}", x, represent(x) if activations else x, rows, static)
        if activations and n % 64 == 0 and "e4m3" not in representation:
            assert run(DIRECTORY / "avx2.so", f"f{n}", x).tobytes() == result.tobytes(), f"{representation}: AVX2 gives other bits"
    return len(columns)


def check_lookups(representation, random, depth, n):
    """Where there are one or two rows, and columns enough, products are looked up; exact sums are the same however they are found."""
    write_model([function("f", representation, n, CODES, depth, [1, 2])])
    compile_model("model.so")
    compile_model("avx2.so", "--features=+avx2,+fma,+f16c")
    x = make_rows(random, depth, 6)[:2]
    expected = run(DIRECTORY / "model.so", "f", x)
    assert np.abs(expected).max() > 0
    for rows, name in ((1, "model.so"), (2, "model.so"), (2, "avx2.so")):
        assert run(DIRECTORY / name, f"f_{rows}", x[:rows]).tobytes() == expected[:rows].tobytes(), f"{representation}: {rows} rows of {name}"
    return 1


DIRECTORY.mkdir(parents=True, exist_ok=True)
CODES = "#dither.int<bits = 8, dim = 1>"
generator = np.random.default_rng(7)
count = sum(check_representation(representation, generator) for representation in REPRESENTATIONS)
count += sum(check_representation(representation, generator, activations=CODES) for representation in INTEGERS)
count += sum(check_representation(representation, generator, [64], CODES, 256) for representation in DEEP)
count += sum(check_representation(representation, generator, [128], CODES, 640, [300, 17], [300, 40, 17, 8]) for representation in BLOCKS)
count += sum(check_representation(representation, generator, [64, 192]) for representation in SPARSE_BLOCKS)
count += check_representation("pattern = #dither.block<4 x 37, sparsity = 0.5>", generator, [37])
count += sum(check_representation(representation, generator, [64], CODES) for representation in VECTORS)
count += check_representation(VECTORS[1], generator, [37])
# Of more vectors than sums of 16 bits hold, in whole tiles and one panel; of few.
count += sum(check_lookups(VECTORS[book], generator, depth, n) for book in (0, 2) for depth, n in ((2136, 576), (8, 512)))
# By tiles, with a depth that is not whole rows of them.
count += check_representation(VECTORS[2], generator, [128], CODES, 200, [300, 17], [40, 17])
# So wide that panels take turns, four of them, and one at the end.
count += sum(check_representation(representation, generator, [1088], CODES, 64, [300, 17], [300])
             for representation in ("format = #dither.int<bits = 8>", "format = #dither.int<bits = 4, group = 32, scale = f16>"))
# Of nothing.
write_model([function("narrow", "format = #dither.int<bits = 4>", 0, CODES), function("flat", "format = #dither.int<bits = 4>", 64, CODES, 0)])
assert run(DIRECTORY / "model.mlir", "narrow", np.ones((3, DEPTH), np.float32)).shape == (3, 0)
assert run(DIRECTORY / "model.mlir", "flat", np.ones((3, 0), np.float32)).tobytes() == bytes(4 * 3 * 64)
print(f"{count} products agree")
