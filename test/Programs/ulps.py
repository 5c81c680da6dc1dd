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
erfc = np.vectorize(math.erfc)


def erf_inv(x):
    """Newton's method on the side of erf or erfc that keeps its digits."""
    p = np.abs(x)
    y = np.sqrt(-np.log(np.maximum((1 - p) * (1 + p), 1e-300))) * 0.9
    for _ in range(40):
        miss = np.where(p < 0.5, erf(y) - p, (1 - p) - erfc(y))
        y = np.maximum(y - miss * np.exp(np.minimum(y * y, 700)) * (math.sqrt(math.pi) / 2), 0)
    return np.copysign(np.where(p < 1e-8, p * math.sqrt(math.pi) / 2, np.where(p == 1, np.inf, y)), x)


def digamma(x):
    """The sum over 1 / (x + i), then Stirling's series."""
    y = x + 12.0
    total = np.log(y) - 1 / (2 * y) - 1 / (12 * y**2) + 1 / (120 * y**4) - 1 / (252 * y**6) + 1 / (240 * y**8) - 1 / (132 * y**10)
    return total - sum(1 / (x + i) for i in range(12))


def bessel(order):
    """The mean over a period of exp(x (cos t - 1)) cos(n t): equidistant nodes converge as fast as a power."""
    angles = (np.arange(400) + 0.5) * (math.pi / 400)

    def scaled(x):
        y = sum(np.exp(np.abs(x) * (math.cos(t) - 1)) * math.cos(order * t) for t in angles) / len(angles)
        # Cancellation: of small x, the first terms of the series.
        small = np.abs(x) / 2 * (1 - np.abs(x) + 0.625 * x * x)
        return np.copysign(np.where(np.abs(x) < 1e-4, small, y), x) if order else y
    return scaled


MEANING = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "rsqrt": lambda x: 1 / np.sqrt(x), "tanh": np.tanh, "erf": erf, "sin": np.sin,
    "cos": np.cos, "atan": np.arctan, "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "softplus": lambda x: np.logaddexp(0, x),
    "silu": lambda x: x / (1 + np.exp(-x)), "gelu": lambda x: 0.5 * x * (1 + erf(x / math.sqrt(2))),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)), "log1p": np.log1p, "expm1": np.expm1, "atan": np.arctan, "erf_inv": erf_inv,
    "lgamma": np.vectorize(math.lgamma), "digamma": digamma, "bessel_i0e": bessel(0), "bessel_i1e": bessel(1),
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
