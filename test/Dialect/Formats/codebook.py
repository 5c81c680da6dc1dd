"""Vectors of weights as rows of books: codebook.py DITHER FOLDER.

Distortion is the squared error over the squares. That of books of 2^8 for eight normal weights each is above the bound of rate
and distortion, 2^(-2 bits), and below that of scalar codes of as many bits (0.363 for 1 bit, 0.1175 for 2 bits; Max, "Quantizing for
minimum distortion", 1960), which a book must beat to be worth its search."""

import pathlib
import subprocess
import sys

import numpy as np

DITHER, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
BOOKS = {"#dither.codebook<books = 1, index_bits = 8>": (1, 0.363), "#dither.codebook<books = 2, index_bits = 8>": (2, 0.1175),
         "#dither.codebook<books = 1, index_bits = 16, scale = f16>": (2, 0.1175)}
# Compiled, and interpreted on fewer vectors, which a book nearly holds.
SHAPES = {(): (256, 192), ("--interpret",): (64, 8)}


def vectors(x):
    return x.reshape(len(x) // 8, 8, -1).transpose(0, 2, 1).reshape(-1, 8)


def represent(number, how, x):
    np.save(FOLDER / "x.npy", x)
    model = FOLDER / ("model.mlir" if how else "model.so")
    subprocess.run([DITHER, "run", model, "--function", f"f{number}_{len(x)}", "--input", FOLDER / "x.npy", "--output", FOLDER / "y.npy",
                    *how], check=True, stdout=subprocess.DEVNULL)
    return np.load(FOLDER / "y.npy")


def measure(x, y):
    return ((x.astype(np.float64) - y)**2).sum() / (x.astype(np.float64)**2).sum()


def make_few(random, k, n):
    """Of twenty vectors of the same mean magnitude, so that all columns have the scale 1."""
    few = random.permuted(np.tile(np.float32([1, 3, 5, 8, 11, 14, 18, 20]), (20, 1)), axis=1) * random.choice(np.float32([-1, 1]), (20, 8))
    return few[random.integers(0, 20, k // 8 * n)].reshape(k // 8, n, 8).transpose(0, 2, 1).reshape(k, n)


FOLDER.mkdir(parents=True, exist_ok=True)
body = "".join(f"""  func.func @f{i}_{k}(%x: tensor<{k}x{n}xf32>) -> tensor<{k}x{n}xf32> {{
    %y = dither.represent %x {{format = {form}}} : tensor<{k}x{n}xf32>
    return %y : tensor<{k}x{n}xf32>
  }}
""" for i, form in enumerate(BOOKS) for k, n in SHAPES.values())
(FOLDER / "model.mlir").write_text(f"dither.model @books {{\n{body}}}\n")
compiled = [argument for i in range(len(BOOKS)) for argument in ("--function", f"f{i}_{SHAPES[()][0]}")]
subprocess.run([DITHER, "compile", FOLDER / "model.mlir", *compiled, "-o", FOLDER / "model.so"], check=True)
for how, (k, n) in SHAPES.items():
    random = np.random.default_rng(3)
    normal = random.standard_normal((k, n), np.float32) * np.exp(random.standard_normal((1, n), np.float32))
    few = make_few(random, k, n)
    odd = normal.copy()
    odd[:, 0], odd[0, 1:4] = 0, [np.nan, np.inf, -np.inf]
    for i, (form, (bits, scalar)) in enumerate(BOOKS.items()):
        y = represent(i, how, normal)
        units = np.abs(normal).mean(0) / 10
        assert np.abs(y / units - np.rint(y / units)).max() < 0.05, f"{form} {how}: weights are no integers in units of their scales"
        assert len(np.unique(np.rint(vectors(y / units)), axis=0)) <= 2**(8 * bits), f"{form} {how}: more vectors than a book has"
        bound = 4.0**-bits if not how else 0
        assert bound < measure(normal, y) < scalar, f"{form} {how}: a distortion of {measure(normal, y)}"
        error = measure(few, represent(i, how, few))
        assert error < 1e-9, f"{form} {how}: vectors that fit a book have a distortion of {error}"
        assert np.isfinite(represent(i, how, odd)).all(), f"{form} {how}: what is not finite spreads"
print(f"{len(BOOKS)} books hold what they should")
