"""Products with listed elements: x w, y w' and the listed elements of x' y, around the edges of chunks and squares of registers:
listed_products.py DITHER DIRECTORY.

Each is compared with the sum in f64 within depth * 2^-24 of the sum of magnitudes (Higham's bound for any order of summation). The number of
rows must not change a bit of a row, nor the number of threads a bit of anything."""

import math
import pathlib
import subprocess
import sys

import numpy as np

DITHER, DIRECTORY = sys.argv[1], pathlib.Path(sys.argv[2])
# Rows of the dense matrix, columns, sparsity.
MATRICES = [(1, 1, 0), (17, 33, 0.5), (64, 48, 0.9), (300, 70, 0.97), (31, 16, 1), (40, 0, 0.5), (300, 900, 0.99)]
ROWS = [130, 65, 17, 16, 1, 0]
# A number of rows that is known when the kernel is made.
STATIC = [64, 50, 3, 128]


def names(k, n, rows):
    prefix = f"f{k}_{n}_{'any' if rows == '?' else rows}"
    return f"{prefix}_y", f"{prefix}_dx", f"{prefix}_dw"


def functions(k, n, sparsity, rows):
    """The three products on packed weights."""
    count = k * n - math.ceil(sparsity * k * n - 0.5)
    x, y, w, v = f"tensor<{rows}x{k}xf32>", f"tensor<{rows}x{n}xf32>", f"tensor<{k}x{n}xf32>", f"tensor<{count}xf32>"
    lists = f"tensor<{count}xi{8 if k <= 256 else 16}>, tensor<{n + 1}xi32>"
    r, o = lists.split(", ")
    pattern = f"{{pattern = #dither.unstructured<sparsity = {float(sparsity)}>}}"
    unpack = f"    %w = dither.unpack %v, %r, %o {pattern} : {v}, {lists} -> {w}\n"
    forward, backward, sampled = names(k, n, rows)
    return f"""  func.func @{forward}(%x: {x}, %v: {v}, %r: {r}, %o: {o}) -> {y} {{
{unpack}    %y = dither.matmul %x, %w : {x}, {w}
    return %y : {y}
  }}
  func.func @{backward}(%y: {y}, %v: {v}, %r: {r}, %o: {o}) -> {x} {{
{unpack}    %x = dither.matmul %y, %w {{transpose_y}} : {y}, {w}
    return %x : {x}
  }}
  func.func @{sampled}(%x: {x}, %y: {y}, %r: {r}, %o: {o}) -> {v} {{
    %w = dither.matmul %x, %y {{transpose_x}} : {x}, {y}
    %v = dither.sample %w, %r, %o {pattern} : {w}, {lists} -> {v}
    return %v : {v}
  }}
"""


def run(artifact, name, inputs, *options):
    files = []
    for i, value in enumerate(inputs):
        np.save(DIRECTORY / f"{i}.npy", value)
        files += ["--input", DIRECTORY / f"{i}.npy"]
    subprocess.run([DITHER, "run", DIRECTORY / artifact, "--function", name, *files, "--output", DIRECTORY / "out.npy", *options],
                   check=True, stdout=subprocess.DEVNULL)
    return np.load(DIRECTORY / "out.npy")


def is_close(name, found, expected, bound):
    error = np.abs(found - expected)
    assert (error <= bound).all(), f"{name}: error {error.max()}, allowed {bound.flat[error.argmax()]}"


def check(k, n, sparsity, rows, m, random):
    """One number of rows; gives the results of the first two products."""
    count = k * n - math.ceil(sparsity * k * n - 0.5)
    mask = np.zeros(k * n, bool)
    mask[random.permutation(k * n)[:count]] = True
    mask = mask.reshape(k, n)
    w = np.where(mask, random.standard_normal((k, n), np.float32), np.float32(0))
    places = [np.nonzero(mask[:, j])[0] for j in range(n)]
    listed = np.concatenate([np.zeros(0, int), *places])
    columns = np.repeat(np.arange(n), [len(p) for p in places])
    r = listed.astype(np.uint8 if k <= 256 else np.uint16).view(np.int8 if k <= 256 else np.int16)
    o = np.concatenate([[0], np.cumsum([len(p) for p in places])]).astype(np.int32)
    v = w[listed, columns]
    x, y = random.standard_normal((m, k), np.float32), random.standard_normal((m, n), np.float32)
    wide, ax, ay, aw = w.astype(np.float64), np.abs(x).astype(np.float64), np.abs(y).astype(np.float64), np.abs(w).astype(np.float64)
    forward, backward, sampled = names(k, n, rows)
    results = []
    for name, inputs, expected, magnitude, depth in [
            (forward, (x, v, r, o), x.astype(np.float64) @ wide, ax @ aw, k), (backward, (y, v, r, o), y.astype(np.float64) @ wide.T, ay @ aw.T, n),
            (sampled, (x, y, r, o), (x.astype(np.float64).T @ y)[listed, columns], (ax.T @ ay)[listed, columns], m)]:
        found = run("listed.so", name, inputs, "--threads", "1")
        is_close(name, found, expected, depth * 2.0**-24 * magnitude)
        is_close(name, run("avx2.so", name, inputs), expected, depth * 2.0**-24 * magnitude)
        assert run("listed.so", name, inputs, "--threads", "2").tobytes() == found.tobytes(), f"{name}: threads change bits"
        if name != sampled and m > 1:
            one = run("listed.so", name, (inputs[0][m - 1:], *inputs[1:])) if rows == "?" else found[m - 1:]
            assert one.tobytes() == found[m - 1:].tobytes(), f"{name}: one row has other bits"
        results.append(found)
    return len(results)


DIRECTORY.mkdir(parents=True, exist_ok=True)
cases = [(*matrix, "?") for matrix in MATRICES] + [(*MATRICES[3], rows) for rows in STATIC] + [(*MATRICES[6], rows) for rows in (128, 640)]
model = DIRECTORY / "listed.mlir"
model.write_text("dither.model @listed {\n" + "".join(functions(*case) for case in cases) + "}\n")
subprocess.run([DITHER, "compile", model, "-o", DIRECTORY / "listed.so"], check=True)
subprocess.run([DITHER, "compile", model, "-o", DIRECTORY / "avx2.so", "--features=+avx2,+fma,+f16c"], check=True)
generator = np.random.default_rng(7)
agreed = sum(check(*case, m, generator) for case in cases for m in (ROWS if case[3] == "?" else [case[3]]))
print(f"{agreed} products agree")
