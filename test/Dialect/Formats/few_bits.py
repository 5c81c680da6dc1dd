"""Formats of one to four bits against their formulas: few_bits.py DITHER FOLDER."""

import pathlib
import subprocess
import sys

import numpy as np

DITHER, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
K, N, GROUP = 64, 64, 32


def mean_scales(x, kind):
    """Of groups [G, g, N]: those that are not finite count as zero."""
    means = np.where(np.isfinite(x), np.abs(x), 0).astype(np.float64).mean(1, keepdims=True)
    return np.where(means > 0, means, 1).astype(np.float32).astype(kind).astype(np.float32)


def ternary(x, kind):
    scales = mean_scales(x, kind)
    return np.nan_to_num(np.clip(np.rint(x / scales), -1, 1), nan=0) * scales


def sign(x, kind):
    return np.where(x < 0, -1, 1) * mean_scales(x, kind)


def shift(x, kind, bits):
    top = 2**(bits - 1) - 1
    largest = np.where(np.isfinite(x), np.abs(x), 0).max(1, keepdims=True)
    largest = np.where(largest > 0, largest, np.float32(2.0**top))
    scales = 2.0**(np.floor(np.log2(largest)) - top) if kind == "e8m0" else (largest / np.float32(2.0**top)).astype(kind).astype(np.float32)
    powers = 2.0**np.arange(top + 1)
    magnitudes = np.nan_to_num(np.abs(x / scales), nan=np.inf)
    # The first power whose upper neighbour is farther; halfway is not farther.
    rounded = powers[np.minimum((magnitudes[..., None] >= 1.5 * powers).sum(-1), top)]
    return np.where(np.signbit(x), -rounded, rounded) * scales


def onebit(x, kind):
    """Signs times the nearest matrix of rank 1, of the scales as they are stored, with the mean 1 for the rows."""
    magnitudes = np.where(np.isfinite(x[0]), np.abs(x[0]), 0).astype(np.float64)
    u, s, v = np.linalg.svd(magnitudes)
    rows, columns = np.abs(u[:, :1]), s[0] * np.abs(v[:1])
    rows, columns = rows / rows.mean(), columns * rows.mean()
    return np.where(x < 0, -1, 1) * rows.astype(kind).astype(np.float32) * columns.astype(kind).astype(np.float32)


CASES = {f"#dither.{name}<group = {group}, scale = {kind}>": (formula, group, {"f32": np.float32, "f16": np.float16}[kind])
         for name, formula in (("ternary", ternary), ("sign", sign)) for group, kind in ((0, "f32"), (GROUP, "f16"), (GROUP, "f32"))}
CASES |= {f"#dither.shift<bits = {bits}, group = {group}, scale = {kind}>":
          (lambda x, kind, bits=bits: shift(x, kind, bits), group, kind if kind == "e8m0" else np.float32)
          for bits, group, kind in ((2, 0, "f32"), (3, GROUP, "e8m0"), (4, GROUP, "f32"), (3, 0, "f32"))}


CASES |= {"#dither.onebit<scale = f32>": (onebit, 0, np.float32), "#dither.onebit<scale = f16>": (onebit, 0, np.float16)}


def make_weights():
    x = np.random.default_rng(5).standard_normal((K, N), np.float32)
    x[:GROUP, 0] = 0  # A group of zeros,
    x[0, 0] = -0.0
    x[:4, 1] = [np.nan, np.inf, -np.inf, 1e-40]  # numbers that choose no scale,
    x[:GROUP, 2] = np.repeat(np.float32([8, 1.5, -3, 6, 0.75, -12, 8, 5]), 4)  # and ties.
    return x


FOLDER.mkdir(parents=True, exist_ok=True)
weights = make_weights()
np.save(FOLDER / "x.npy", weights)
body = "".join(f"""  func.func @f{i}(%x: tensor<{K}x{N}xf32>) -> tensor<{K}x{N}xf32> {{
    %y = dither.represent %x {{format = {form}}} : tensor<{K}x{N}xf32>
    return %y : tensor<{K}x{N}xf32>
  }}
""" for i, form in enumerate(CASES))
(FOLDER / "model.mlir").write_text(f"dither.model @formats {{\n{body}}}\n")
for i, (form, (formula, group, kind)) in enumerate(CASES.items()):
    expected = formula(weights.reshape(-1, group or K, N), kind).reshape(K, N)
    for how in ([], ["--interpret"]):
        subprocess.run([DITHER, "run", FOLDER / "model.mlir", "--function", f"f{i}", "--input", FOLDER / "x.npy", "--output", FOLDER / "y.npy", *how],
                       check=True, stdout=subprocess.DEVNULL)
        found = np.load(FOLDER / "y.npy")
        # Means are summed in another order, and factors are iterated; those of f16 may be neighbours.
        tolerance = {"#dither.onebit<scale = f32>": 3e-5, "#dither.onebit<scale = f16>": 2e-3}.get(form, 3e-6)
        wrong = ~np.isclose(found, expected, rtol=tolerance, atol=1e-30) if "shift" not in form else found != expected.astype(np.float32)
        assert not wrong.any(), f"{form} {how}: {weights[wrong][:4]} become {found[wrong][:4]}, not {expected[wrong][:4]}"
print(f"{len(CASES)} representations agree")
