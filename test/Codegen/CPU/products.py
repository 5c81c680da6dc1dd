"""Dense products over shapes around the edges of tiles and blocks: products.py DITHER DIRECTORY.

Each is compared with the sum in f64, within depth * 2^-24 of the sum of magnitudes (Higham's bound for any order of summation).
Few rows go another way than many (see LowerContract), which must not change a bit of a row."""

import pathlib
import subprocess
import sys

import numpy as np

DITHER, DIRECTORY = sys.argv[1], pathlib.Path(sys.argv[2])
DEPTHS = [1, 15, 511, 513, 1037]
COLUMNS = [1, 31, 129, 256, 515]
ROWS = [41, 5]


def function(name, k, n, transposed):
    w, flag = (f"{n}x{k}", " {transpose_y}") if transposed else (f"{k}x{n}", "")
    return f"""  func.func @{name}(%x: tensor<?x{k}xf32>, %w: tensor<{w}xf32>) -> tensor<?x{n}xf32> {{
    %y = dither.matmul %x, %w{flag} : tensor<?x{k}xf32>, tensor<{w}xf32>
    return %y : tensor<?x{n}xf32>
  }}
"""


def run(name, x, w):
    np.save(DIRECTORY / "x.npy", x)
    np.save(DIRECTORY / "w.npy", w)
    subprocess.run([DITHER, "run", DIRECTORY / "products.so", "--function", name, "--input", DIRECTORY / "x.npy", "--input",
                    DIRECTORY / "w.npy", "--output", DIRECTORY / "y.npy"], check=True, stdout=subprocess.DEVNULL)
    return np.load(DIRECTORY / "y.npy")


def check(name, k, n, transposed, random):
    w = random.standard_normal((n, k) if transposed else (k, n), np.float32)
    x = random.standard_normal((max(ROWS), k), np.float32)
    many, few = (run(name, x[:rows], w) for rows in ROWS)
    wide = (w.T if transposed else w).astype(np.float64)
    error = np.abs(many - x.astype(np.float64) @ wide)
    bound = k * 2.0**-24 * (np.abs(x).astype(np.float64) @ np.abs(wide))
    assert (error <= bound).all(), f"{name}: error {(error / bound).max()} of the bound"
    assert few.tobytes() == many[:min(ROWS)].tobytes(), f"{name}: few rows give other bits"


DIRECTORY.mkdir(parents=True, exist_ok=True)
cases = [(f"f{k}_{n}{'t' * t}", k, n, t) for k in DEPTHS for n in COLUMNS for t in (False, True)]
model = DIRECTORY / "products.mlir"
model.write_text("dither.model @products {\n"
                 + "".join(function(*case) for case in cases) + "}\n")
subprocess.run([DITHER, "compile", model, "-o", DIRECTORY / "products.so"], check=True)
generator = np.random.default_rng(7)
for case in cases:
    check(*case, generator)
print(f"{len(cases)} products agree")
