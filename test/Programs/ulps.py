"""Math ops of f32 against f64, in units in the last place: ulps.py DITHER DOCUMENT FOLDER.

The bounds are those of the table in DOCUMENT (docs/numerics.md). An error is counted in ulps of the f32 nearest to the result; where
the table bounds it in absolute terms, for results near a zero of the function, in those."""

import math
import pathlib
import re
import subprocess
import sys

import numpy as np

DITHER, DOCUMENT, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
erf = np.vectorize(math.erf)
MEANING = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "rsqrt": lambda x: 1 / np.sqrt(x), "tanh": np.tanh, "erf": erf, "sin": np.sin,
    "cos": np.cos, "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "softplus": lambda x: np.logaddexp(0, x),
    "silu": lambda x: x / (1 + np.exp(-x)), "gelu": lambda x: 0.5 * x * (1 + erf(x / math.sqrt(2))),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
}
ROW = re.compile(r"^\| `(\w+)` \| \[([^,]+), ([^\]]+)\] \| ([\d.e+-]+) (ulp|absolute)", re.M)


def points(low, high):
    """Evenly over the interval, and over its exponents."""
    even = np.linspace(low, high, 200_003)
    scales = np.geomspace(1e-30, max(abs(low), abs(high)), 50_021)
    return np.unique(np.concatenate([even, scales, -scales]).clip(low, high).astype(np.float32))


def measure(op, x):
    np.save(FOLDER / "x.npy", x)
    subprocess.run([DITHER, "run", FOLDER / "ops.so", "--function", op, "--input", FOLDER / "x.npy", "--output", FOLDER / "y.npy"],
                   check=True)
    exact = MEANING[op](x.astype(np.float64))
    errors = np.abs(np.load(FOLDER / "y.npy").astype(np.float64) - exact)
    ulps = errors / np.spacing(np.maximum(np.abs(exact), 2.0**-126).astype(np.float32)).astype(np.float64)
    return errors.max(), ulps.max(), x[ulps.argmax()]


FOLDER.mkdir(parents=True, exist_ok=True)
(FOLDER / "ops.mlir").write_text("dither.model @ops {\n" + "".join(
    f"  func.func @{op}(%x: tensor<?xf32>) -> tensor<?xf32> {{\n    %y = dither.{op} %x : tensor<?xf32>\n    return %y : tensor<?xf32>\n  }}\n"
    for op in MEANING) + "}\n")
subprocess.run([DITHER, "compile", FOLDER / "ops.mlir", "-o", FOLDER / "ops.so"], check=True)
rows = ROW.findall(DOCUMENT.read_text())
assert {row[0] for row in rows} == set(MEANING), "the table and this test know different ops"
failed = 0
for op, low, high, bound, unit in rows:
    error, ulps, where = measure(op, points(float(low), float(high)))
    found = ulps if unit == "ulp" else error
    failed += found > float(bound)
    print(f"{'FAILED' if found > float(bound) else 'ok':6} {op:9} {ulps:12.4g} ulp at {where:.6g}, {error:.3g} absolute; bound {bound} {unit}")
print(f"{failed} of {len(rows)} outside of their bound")
sys.exit(int(failed > 0))
