"""Products with packed matrices beside the sum in f64 over the weights that the interpreter unpacks, within 2 * depth * 2^-24 of the sum of
magnitudes (Higham's bound for any order of summation, and the scales). The number of rows must not change a bit of a row.

With activations of 8 bits, sums over a group are exact, so that neither does the set of instructions. For the scripts beside this one, which take
DITHER and DIRECTORY."""

import pathlib
import subprocess
import sys

import numpy as np

DITHER, DIRECTORY = sys.argv[1], pathlib.Path(sys.argv[2])
CODES = "#dither.int<bits = 8, dim = 1>"
# Whose weights share codes.
VECTORS = ["format = #dither.codebook<books = 1, index_bits = 8>", "format = #dither.codebook<books = 1, index_bits = 16, scale = f16>",
           "format = #dither.codebook<books = 2, index_bits = 8>"]
# With a ragged edge; one panel; several.
COLUMNS = [37, 64, 192]
DEPTH = 96
ROWS = [39, 9, 2, 1]
# A CPU without AVX-512 has the code of AVX2 anyhow, which then need not be compiled again.
HAS_AVX512 = "avx512f" in pathlib.Path("/proc/cpuinfo").read_text()


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
    """x in 8 bits with a scale for each row, with whose reciprocal it is multiplied, as the format says: a quotient could round to another code."""
    scales = np.abs(x).max(1, keepdims=True) / np.float32(127)
    scales[scales == 0] = 1
    return np.clip(np.rint(x * (np.float32(1) / scales)), -127, 127) * scales


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


def compile_avx2():
    """An artifact for AVX2, beside model.so for this CPU."""
    if not HAS_AVX512:
        return "model.so"
    compile_model("avx2.so", "--features=+avx2,+fma,+f16c")
    return "avx2.so"


def check_representation(representation, random, columns=COLUMNS, activations="", depth=DEPTH, rows=ROWS, static=()):
    """Products with some numbers of columns, in a model of their own."""
    write_model(function(f"f{n}", representation, n, activations, depth, static) for n in columns)
    compile_model("model.so")
    avx2 = compile_avx2()
    for n in columns:
        x = make_rows(random, depth, max(rows))
        result = check(f"f{n}", x, represent(x) if activations else x, rows, static)
        if activations and "e4m3" not in representation:
            assert run(DIRECTORY / avx2, f"f{n}", x).tobytes() == result.tobytes(), f"{representation}: AVX2 gives other bits"
    return len(columns)


DIRECTORY.mkdir(parents=True, exist_ok=True)
