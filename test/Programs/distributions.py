"""Draws, densities and gradients of distributions against their distribution functions: distributions.py DITHER FOLDER.

10^7 draws of compiled code are counted between 220 quantiles, of which the outermost have a probability of 10^-6:
* the largest distance of the two distribution functions has a chance of 10^-6 to be larger by the inequality of Dvoretzky, Kiefer,
  Wolfowitz and Massart;
* each count beyond a quantile has one of 10^-9 by Chernoff's bound, which holds in the tails, too;
* counts of discrete distributions have a chi-square of which the chance is about 10^-7.
Together a fresh seed would fail with a chance of 2e-4. The density is integrated from quantile to quantile. The gradients of 10^6 draws
with respect to a parameter, weighted, have a known mean, within 6 standard errors."""

import math
import pathlib
import subprocess
import sys

import numpy as np

DITHER, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
DRAWS, POINTS = 10_000_000, 3200


def simpson(density, low, high, pieces):
    """The integral over [low, high]."""
    x = np.linspace(low, high, 2 * pieces + 1)
    y = density(x)
    return (high - low) / (6 * pieces) * (y[0] + y[-1] + 4 * y[1::2].sum() + 2 * y[2:-1:2].sum())


def gamma_cdf(a, x):
    """A series below the mean, a continued fraction above."""
    if x <= 0:
        return 0.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for n in range(1, 2000):
            term *= x / (a + n)
            total += term
        return front * total
    b = x + 1 - a
    c, d = 1e300, 1 / b
    h = d
    for i in range(1, 2000):
        factor = -i * (i - a)
        b += 2
        d, c = 1 / (factor * d + b), b + factor / c
        h *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return 1 - front * h


def beta_cdf(a, b, x):
    """By substitution of x = t^(1/a), which takes the pole at 0 away."""
    if x > 0.5:
        return 1 - beta_cdf(b, a, 1 - x)
    norm = math.exp(math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b))
    return simpson(lambda t: (1 - t**(1 / a))**(b - 1) / a, 0.0, x**a, 400) / norm if x > 0 else 0.0


def von_mises_cdf(k, x):
    norm = simpson(lambda t: np.exp(k * (np.cos(t) - 1)), -math.pi, math.pi, 2000)
    return simpson(lambda t: np.exp(k * (np.cos(t) - 1)), -math.pi, x, 2000) / norm


# Name: attribute, parameters, distribution function, where it has values.
CONTINUOUS = {
    "normal": ("normal", (1.0, 2.0), lambda x: 0.5 * math.erfc((1 - x) / 2 / math.sqrt(2)), (-20, 20)),
    "laplace": ("laplace", (1.0, 2.0), lambda x: 0.5 * math.exp((x - 1) / 2) if x < 1 else 1 - 0.5 * math.exp((1 - x) / 2), (-60, 60)),
    "logistic": ("logistic", (1.0, 2.0), lambda x: 1 / (1 + math.exp((1 - x) / 2)), (-60, 60)),
    "log_normal": ("log_normal", (0.5, 0.7), lambda x: 0.5 * math.erfc((0.5 - math.log(x)) / 0.7 / math.sqrt(2)), (1e-4, 200)),
    "uniform": ("uniform", (-1.0, 3.0), lambda x: (x + 1) / 4, (-1, 3)),
    "gumbel": ("gumbel", (1.0, 2.0), lambda x: math.exp(-math.exp(min((1 - x) / 2, 50))), (-20, 80)),
    "exponential": ("exponential", (2.0,), lambda x: -math.expm1(-2 * x), (0, 40)),
    "kumaraswamy": ("kumaraswamy", (0.7, 2.5), lambda x: -math.expm1(2.5 * math.log1p(-x**0.7)), (0, 1 - 1e-12)),
    "cauchy": ("cauchy", (1.0, 2.0), lambda x: math.atan2(2, 1 - x) / math.pi, (-1e9, 1e9)),
    "gamma_small": ("gamma", (0.4, 2.0), lambda x: gamma_cdf(0.4, 2 * x), (0, 50)),
    "gamma": ("gamma", (3.5, 2.0), lambda x: gamma_cdf(3.5, 2 * x), (0, 50)),
    "gamma_large": ("gamma", (200.0, 1.0), lambda x: gamma_cdf(200.0, x), (50, 500)),
    "beta": ("beta", (2.5, 1.5), lambda x: beta_cdf(2.5, 1.5, x), (0, 1)),
    "beta_small": ("beta", (0.5, 0.6), lambda x: beta_cdf(0.5, 0.6, x), (0, 1)),
    "von_mises": ("von_mises", (0.0, 2.0), lambda x: von_mises_cdf(2.0, x), (-math.pi, math.pi)),
    "von_mises_flat": ("von_mises", (0.0, 0.1), lambda x: von_mises_cdf(0.1, x), (-math.pi, math.pi)),
    "von_mises_sharp": ("von_mises", (0.0, 50.0), lambda x: von_mises_cdf(50.0, x), (-math.pi, math.pi)),
}
DISCRETE = {
    "bernoulli": ("bernoulli", (-0.8,), lambda k: 1 / (1 + math.exp(0.8 if k else -0.8)), 2),
    "poisson_few": ("poisson", (3.0,), lambda k: math.exp(k * math.log(3) - 3 - math.lgamma(k + 1)), 14),
    "poisson_many": ("poisson", (30.0,), lambda k: math.exp(k * math.log(30) - 30 - math.lgamma(k + 1)), 65),
}
# Of gradients: attribute, parameters, which of them, the weight of a sample's gradient, the mean. The mean of f'(z) dz/dp is the slope of E f(z).
GRADIENTS = {
    "gamma_shape": ("gamma", (0.7, 1.0), 0, lambda z: np.ones_like(z), 1.0),
    "gamma_large_shape": ("gamma", (40.0, 1.0), 0, lambda z: 2 * z, 81.0),
    "gamma_logarithm": ("gamma", (1.5, 1.0), 0, lambda z: 1 / z, math.pi**2 / 2 - 4),
    "gamma_rate": ("gamma", (1.5, 2.0), 1, lambda z: np.ones_like(z), -1.5 / 4),
    "beta_a": ("beta", (1.5, 2.5), 0, lambda z: np.ones_like(z), 2.5 / 16),
    "beta_b": ("beta", (1.5, 2.5), 1, lambda z: np.ones_like(z), -1.5 / 16),
    "von_mises_concentration": ("von_mises", (0.0, 2.0), 1, lambda z: -np.sin(z), None),
    "kumaraswamy_b": ("kumaraswamy", (1.0, 2.0), 1, lambda z: np.ones_like(z), -1 / 9),
}


def bessel_ratio_slope(k):
    """The derivative of I1 / I0."""
    mean = [simpson(lambda t: np.cos(t)**n * np.exp(k * (np.cos(t) - 1)), -math.pi, math.pi, 2000) for n in range(3)]
    return mean[2] / mean[0] - (mean[1] / mean[0])**2


def find_quantiles(cdf, bounds, levels):
    """Of rising levels, as numbers of 32 bits."""
    found = []
    for p in levels:
        low, high = found[-1] if found else bounds[0], bounds[1]
        while np.float32(low) < np.float32(high) and low < (middle := (low + high) / 2) < high:
            low, high = (middle, high) if cdf(middle) < p else (low, middle)
        found.append(high)
    return np.array(found, np.float32)


def divergence(p, q):
    """Of Bernoulli distributions, with 0 log 0 = 0."""
    return sum(a * math.log(a / b) for a, b in ((p, q), (1 - p, 1 - q)) if a > 0)


def write_model(path):
    text, stream = "dither.model @distributions {\n", 0

    def add(name, body, arguments="", result=""):
        nonlocal text
        text += f"  func.func @{name}({arguments}) -> {result} {{\n{body}  }}\n"

    def parameters(values, prefix="p"):
        lines = "".join(f"    %{prefix}{i} = dither.constant dense<{v}> : tensor<f32>\n" for i, v in enumerate(values))
        return lines, ", ".join(f"%{prefix}{i}" for i in range(len(values))), ", ".join(["tensor<f32>"] * len(values))

    for name, (attribute, values, *_) in {**CONTINUOUS, **DISCRETE}.items():
        lines, names, types = parameters(values)
        stream += 1
        add(name, f"{lines}    %rng = dither.rng : tensor<2xi64>\n    %y = dither.draw #dither.{attribute}({names}) from %rng "
            f"{{stream = {stream} : i64}} : ({types}, tensor<2xi64>) -> tensor<{DRAWS}xf32>\n    return %y : tensor<{DRAWS}xf32>\n",
            result=f"tensor<{DRAWS}xf32>")
        points = f"tensor<{DISCRETE[name][3] if name in DISCRETE else POINTS}xf32>"
        add(f"density_{name}", f"{lines}    %y = dither.log_density #dither.{attribute}({names}) at %x : ({types}, {points}) -> {points}\n"
            f"    return %y : {points}\n", f"%x: {points}", points)
    for name, (attribute, values, *_) in GRADIENTS.items():
        count, many = 1_000_000, "tensor<1000000xf32>"
        stream += 1
        arguments = ", ".join(f"%q{i}: {many}" for i in range(len(values)))
        names, types = ", ".join(f"%q{i}" for i in range(len(values))), ", ".join([many] * len(values))
        add(f"draw_{name}", f"    %rng = dither.rng : tensor<2xi64>\n    %y = dither.draw #dither.{attribute}({names}) from %rng "
            f"{{stream = {stream} : i64}} : ({types}, tensor<2xi64>) -> {many}\n    return %y : {many}\n", arguments, many)
        lines = "".join(f"    %q{i} = dither.constant dense<{v}> : {many}\n" for i, v in enumerate(values))
        which = GRADIENTS[name][2]
        outs = ", ".join(f"%d{i}" for i in range(len(values)))
        add(f"slope_{name}", f"{lines}    %one = dither.constant dense<1.0> : {many}\n    %y, {outs} = dither.vjp @draw_{name}({names}) "
            f"along(%one) : ({types}, {many}) -> ({many}, {types})\n"
            f"    %r = dither.concat %y, %d{which} {{dim = 0 : i64}} : {many}, {many}\n    return %r : tensor<2000000xf32>\n",
            result="tensor<2000000xf32>")
    path.write_text(text + "}\n")


def run(function, x=None):
    inputs = []
    if x is not None:
        np.save(FOLDER / "x.npy", x.astype(np.float32))
        inputs = ["--input", FOLDER / "x.npy"]
    subprocess.run([DITHER, "run", FOLDER / "model.so", "--function", function, *inputs, "--output", FOLDER / "y.npy"], check=True)
    return np.load(FOLDER / "y.npy")


failed = 0


def report(good, name, text):
    global failed
    failed += not good
    print(f"{'ok' if good else 'FAILED':6} {name:24} {text}")


def check_continuous(name, cdf, bounds):
    tails = [10.0**-n for n in (6, 5, 4, 3)]
    levels = tails + [i / 200 for i in range(1, 200)] + [1 - p for p in reversed(tails)]
    edges = find_quantiles(cdf, bounds, levels)
    exact = [min(max(cdf(float(edge)), 0.0), 1.0) for edge in edges]
    draws = run(name)
    if not np.isfinite(draws).all():
        return report(False, name, "draws numbers that are not finite")
    found = np.searchsorted(np.sort(draws), edges, side="right") / DRAWS
    distance = max(abs(f - p) for f, p in zip(found, exact))
    worst = max(DRAWS * divergence(f, p) for f, p in zip(found, exact))
    # The density, from quantile to quantile by Gauss's rule, without the ends where it may have poles.
    nodes, weights = np.polynomial.legendre.leggauss(16)
    low, high = (edges[part, None].astype(np.float64) for part in (slice(3, -4), slice(4, -3)))
    x = (low + high) / 2 + (high - low) / 2 * nodes
    y = np.exp(run(f"density_{name}", x.ravel()).astype(np.float64)).reshape(x.shape)
    inside = (high - low)[:, 0] / 2 * (y @ weights)
    steps = np.diff(exact[3:-3])
    error = np.max(np.abs(inside - steps) / steps)
    report(distance < math.sqrt(math.log(2 / 1e-6) / 2 / DRAWS) and worst < math.log(2 / 1e-9) and error < 1e-3, name,
           f"distance {distance:.2e}, {worst:.1f} nats off, density {error:.1e} off")


def check_discrete(name, probability, count):
    draws = run(name)
    found = np.bincount(np.minimum(draws, count).astype(np.int64), minlength=count + 1)
    exact = np.array([probability(k) for k in range(count)])
    exact = np.append(exact, max(1 - exact.sum(), 0)) * DRAWS
    some = exact > 10
    rest = [np.append(c[some], c[~some].sum()) for c in (found, exact)]
    degrees = some.sum()
    square = (((rest[0] - rest[1])**2) / np.maximum(rest[1], 1)).sum()
    density = np.exp(run(f"density_{name}", np.arange(count)).astype(np.float64)) * DRAWS
    error = np.max(np.abs(density / exact[:-1] - 1))
    # Wilson and Hilferty's normal approximation.
    bound = degrees * (1 - 2 / (9 * degrees) + 5.2 * math.sqrt(2 / (9 * degrees)))**3
    report(square < bound and (draws == np.round(draws)).all() and error < 1e-4, name,
           f"chi-square {square:.1f} of {degrees} at most {bound:.1f}, probability {error:.1e} off")


def check_gradient(name, values, weight, mean):
    draws, slopes = np.split(run(f"slope_{name}").astype(np.float64), 2)
    terms = weight(draws) * slopes
    mean = bessel_ratio_slope(values[1]) if mean is None else mean
    error = terms.std() / math.sqrt(len(terms))
    report(abs(terms.mean() - mean) < 6 * error, name, f"slope {terms.mean():.5f} for {mean:.5f} +- {error:.5f}")


FOLDER.mkdir(parents=True, exist_ok=True)
write_model(FOLDER / "model.mlir")
subprocess.run([DITHER, "compile", FOLDER / "model.mlir", "-o", FOLDER / "model.so"], check=True)
for name, (_, _, cdf, bounds) in CONTINUOUS.items():
    check_continuous(name, cdf, bounds)
for name, (_, _, probability, count) in DISCRETE.items():
    check_discrete(name, probability, count)
for name, (_, values, _, weight, mean) in GRADIENTS.items():
    check_gradient(name, values, weight, mean)
print(f"{failed} of {len(CONTINUOUS) + len(DISCRETE) + len(GRADIENTS)} failed")
sys.exit(int(failed > 0))
