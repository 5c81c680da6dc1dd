"""Floats of 16 bits beside NumPy's: float16.py DITHER FOLDER."""

import pathlib
import subprocess
import sys

import numpy as np

DITHER, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])


def round_to_bf16(x):
    """To the nearest, ties to even: NaN stays NaN."""
    bits = x.view(np.uint32).astype(np.uint64)
    rounded = (bits + 0x7FFF + (bits >> 16 & 1) & 0xFFFF0000).astype(np.uint32).view(np.float32)
    return np.where(np.isnan(x), x, rounded)


def round_to_f16(x):
    with np.errstate(over="ignore"):
        return x.astype(np.float16).astype(np.float32)


def make_numbers():
    random = np.random.default_rng(5)
    # All exponents; ties; what is at the ends of the ranges; what is no number.
    x = random.standard_normal(4096).astype(np.float32) * np.float32(2.0) ** random.integers(-126, 126, 4096).astype(np.float32)
    x[:8] = 1 + 2.0**-8, 1 + 3 * 2.0**-8, 1 + 2.0**-11, 1 + 3 * 2.0**-11, 65519, 65520, -65520, 2.0**-25
    x[8:16] = np.nan, np.inf, -np.inf, 0, -0.0, 3.4e38, 3 * 2.0**-25, 6e-8
    return x.reshape(64, 64)


FOLDER.mkdir(parents=True, exist_ok=True)
numbers = make_numbers()
np.save(FOLDER / "x.npy", numbers)
(FOLDER / "model.mlir").write_text("dither.model @formats {\n" + "".join(f"""  func.func @{kind}(%x: tensor<64x64xf32>) -> tensor<64x64xf32> {{
    %y = dither.represent %x {{format = #dither.float16<{kind}>}} : tensor<64x64xf32>
    return %y : tensor<64x64xf32>
  }}
""" for kind in ("bf16", "f16")) + "}\n")
for kind, formula in (("bf16", round_to_bf16), ("f16", round_to_f16)):
    for how in ([], ["--interpret"]):
        subprocess.run([DITHER, "run", FOLDER / "model.mlir", "--function", kind, "--input", FOLDER / "x.npy", "--output", FOLDER / "y.npy", *how],
                       check=True, stdout=subprocess.DEVNULL)
        found, expected = np.load(FOLDER / "y.npy"), formula(numbers)
        wrong = ~((found == expected) & (np.signbit(found) == np.signbit(expected)) | np.isnan(found) & np.isnan(expected))
        assert not wrong.any(), f"{kind} {how}: {numbers[wrong][:4]} become {found[wrong][:4]}, not {expected[wrong][:4]}"
print("2 formats agree")
