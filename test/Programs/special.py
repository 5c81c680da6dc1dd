"""Incomplete gamma integrals and slopes of f32 against f64, and f64 against other formulas: special.py DITHER FOLDER.

The bounds are those of docs/numerics.md."""

import math
import pathlib
import subprocess
import sys

import numpy as np

DITHER, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])


def run(op, kind, x, y):
    np.save(FOLDER / "x.npy", x)
    np.save(FOLDER / "y.npy", y)
    subprocess.run([DITHER, "run", FOLDER / "ops.so", "--function", f"{op}_{kind}", "--input", FOLDER / "x.npy", "--input", FOLDER / "y.npy",
                    "--output", FOLDER / "z.npy"], check=True)
    return np.load(FOLDER / "z.npy").astype(np.float64)


def both(op, x, y):
    """What f32 gives, and f64 of the same numbers."""
    x, y = x.astype(np.float32), y.astype(np.float32)
    return run(op, "f32", x, y), run(op, "f64", x.astype(np.float64), y.astype(np.float64))


def gamma_p(a, x):
    """A series below the mean, a continued fraction above."""
    term = total = 1 / a
    for n in range(1, 3000):
        term = term * x / (a + n)
        total = total + term
    b, c, d = x + 1 - a, np.full_like(x, 1e300), 1 / (x + 1 - a)
    fraction = d
    for i in range(1, 3000):
        factor, b = -i * (i - a), b + 2
        d, c = 1 / (factor * d + b), b + factor / c
        fraction = fraction * d * c
    lgamma = np.vectorize(math.lgamma)(a)
    front = np.exp(a * np.log(x) - x - lgamma)
    return np.where(x < a + 1, front * total, 1 - front * fraction)


failed = 0


def report(name, found, bound):
    global failed
    good = bool(found <= bound)
    failed += not good
    print(f"{'ok' if good else 'FAILED':6} {name:44} {found:.3g}, at most {bound:g}")


FOLDER.mkdir(parents=True, exist_ok=True)
OPS = {"gamma_p": "", "gamma_slope": " {order = 1 : i64}", "von_mises_slope": ""}
(FOLDER / "ops.mlir").write_text("dither.model @ops {\n" + "".join(
    f"  func.func @{op}_{kind}(%x: tensor<?x{kind}>, %y: tensor<?x{kind}>) -> tensor<?x{kind}> {{\n    %z = dither.{op} %x, %y{order} : "
    f"tensor<?x{kind}>, tensor<?x{kind}>\n    return %z : tensor<?x{kind}>\n  }}\n" for op, order in OPS.items() for kind in ("f32", "f64")) + "}\n")
subprocess.run([DITHER, "compile", FOLDER / "ops.mlir", "-o", FOLDER / "ops.so"], check=True)

# Numbers around the mean, and those of small shapes over many scales.
shapes, deviates = np.meshgrid(np.geomspace(0.01, 1e4, 61), np.linspace(-4.5, 4.5, 181))
shapes, deviates = shapes.ravel(), deviates.ravel()
cubes = 1 - 1 / (9 * shapes) + deviates / (3 * np.sqrt(shapes))
points = np.where(shapes > 0.5, shapes * np.maximum(cubes, 0.03)**3, np.exp(deviates * 2))

found, exact = both("gamma_p", shapes, points)
report("gamma_p, absolute", np.abs(found - exact).max(), 4e-6)
report("gamma_p, relative", np.abs(found / exact - 1)[exact > 1e-30].max(), 8e-5)
report("gamma_p of f64 against a continued fraction",
       np.abs(run("gamma_p", "f64", shapes, points) - gamma_p(shapes, points)).max(), 2e-11)

logs = np.log(points)
found, exact = both("gamma_slope", shapes, logs)
report("gamma_slope, relative", np.abs(found / exact - 1).max(), 4e-4)
step = 1e-4 * shapes
slope = (run("gamma_p", "f64", shapes + step, points) - run("gamma_p", "f64", shapes - step, points)) / (2 * step)
density = np.exp(shapes * logs - points - np.vectorize(math.lgamma)(shapes))
exact = run("gamma_slope", "f64", shapes, logs)
report("gamma_slope of f64 against a difference", np.abs(exact * density - slope).max() / np.abs(slope).max(), 1e-6)

concentrations, angles = np.meshgrid(np.append(0, np.geomspace(0.01, 1e4, 40)), np.linspace(-1, 1, 201))
concentrations, angles = concentrations.ravel(), angles.ravel()
angles = angles * np.minimum(5 / np.sqrt(concentrations + 1e-9), 3.1415)
found, exact = both("von_mises_slope", concentrations, angles)
scale = 1 / ((2 * concentrations + 1) * np.sqrt(concentrations + 1))
report("von_mises_slope, of that at a deviation", np.max(np.abs(found - exact) / scale), 5e-6)
report("von_mises_slope of the circle", np.abs(exact - np.sin(angles.astype(np.float32)))[concentrations == 0].max(), 1e-6)

# What has no value is NaN.
bad = np.array([-1.0, 0.0, 1.0, np.nan, 1.0]), np.array([1.0, 1.0, -1.0, 1.0, np.nan])
report("gamma_p where there is none", np.isfinite(both("gamma_p", *bad)).sum(), 0)
edges = both("gamma_p", np.array([2.0, 2.0]), np.array([0.0, np.inf]))
report("gamma_p at 0 and infinity", np.abs(np.array(edges) - [0, 1]).max(), 0)
print(f"{failed} failed")
sys.exit(int(failed > 0))
