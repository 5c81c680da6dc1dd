"""Floats of 16 bits against numpy, in each version of the code that this CPU can run: narrow.py DITHER MODEL DIRECTORY.

Conversions and operations round once, to the nearest, whatever the CPU has for them; sums round once behind the last term."""

import json
import os
import pathlib
import subprocess
import sys

import numpy as np

DITHER, MODEL, DIRECTORY = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])


def dither(*arguments, mask=""):
    return subprocess.run([DITHER, *arguments], env={**os.environ, "DITHER_CPU_FEATURES": mask}, check=True, stdout=subprocess.PIPE).stdout


def run(function, *inputs):
    arguments = []
    for i, value in enumerate(inputs):
        np.save(DIRECTORY / f"in{i}.npy", value)
        arguments += ["--input", DIRECTORY / f"in{i}.npy"]
    dither("run", DIRECTORY / "narrow.so", "--function", function, *arguments, "--output", DIRECTORY / "out.npy", mask=MASK)
    return np.load(DIRECTORY / "out.npy")


def check(what, got, wanted):
    assert got.shape == wanted.shape and got.dtype == wanted.dtype, what
    different = (got.view(f"i{got.itemsize}") != wanted.view(f"i{got.itemsize}")) & ~(np.isnan(got) & np.isnan(wanted))
    assert not different.any(), f"{MASK} {what}: {got[different][:5]} instead of {wanted[different][:5]}"


def get_midpoints(floats):
    """All numbers of a format, what lies between two of them, and the next to that on both sides."""
    with np.errstate(all="ignore"):
        middle = (floats[:-1] + floats[1:]) / 2
        near = [middle * (1 + k * 2.0**-e) for e in (52, 40, 30, 24, 12) for k in (-1, 1)]
    return np.concatenate([floats, middle, *near])


def round_to_bf16(x):
    """To odd in f32, then to the nearest: as the bits say, one rounding."""
    single = x.astype(np.float32)
    single = np.where(np.abs(single.astype(np.float64)) > np.abs(x), np.nextafter(single, np.float32(0)), single)
    bits = single.view(np.uint32) | (single.astype(np.float64) != x)
    rounded = (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000
    return np.where(np.isnan(x), x.astype(np.float32), rounded.astype(np.uint32).view(np.float32))


def check_all():
    halves = np.arange(65536, dtype=np.uint16).view(np.float16)
    finite = np.sort(halves[np.isfinite(halves)])
    wide = np.concatenate([get_midpoints(finite.astype(np.float64)), [0.0, -0.0, np.inf, -np.inf, np.nan, 1e300, -1e300, 5e-324]])
    single = wide.astype(np.float32)
    check("f64 to f16", run("to_f16", wide), wide.astype(np.float16))
    check("f32 to f16", run("narrow", single), single.astype(np.float16))
    check("f16 to f32", run("widen", halves), halves.astype(np.float32))
    words = (np.arange(65536, dtype=np.uint32) << 16).view(np.float32)
    wide = np.concatenate([get_midpoints(np.sort(words[np.isfinite(words)]).astype(np.float64)), [np.inf, -np.inf, np.nan, 1e300, -1e300, 5e-324]])
    check("f64 to bf16", run("to_bf16", wide), round_to_bf16(wide))
    random = np.random.default_rng(3)
    x, y = random.permutation(halves), random.permutation(halves)
    check("add", run("add", x, y), x + y)
    check("multiply", run("multiply", x, y), x * y)
    check("divide", run("divide", x, y), x / y)
    check("root", run("root", halves), np.sqrt(halves))
    # Sums of what lies on a grid are exact, in f32 but not in 16 bits.
    x, w = random.integers(-9, 10, (5, 256)), random.integers(-9, 10, (256, 64))
    check("product", run("product", x.astype(np.float16), w.astype(np.float16)), (x @ w).astype(np.float16))
    for rows in (0, 1, 7):
        x, w = random.integers(-9, 10, (rows, 3, 72)), random.integers(-9, 10, (72, 49))
        check("product of bf16", run("product_bf16", x.astype(np.float32), w.astype(np.float32)), round_to_bf16((x @ w).astype(np.float64)))
        x, b = random.standard_normal((rows, 3, 128), np.float32), random.standard_normal(192, np.float32)
        check("product with codes", run("narrow_codes", x, b), run("wide_codes", x, b).astype(np.float16))
    x = random.integers(-3, 14, (5, 4099))
    check("sum", run("sum", x.astype(np.float16)), x.sum(1).astype(np.float16))
    check("greatest", run("greatest", x.astype(np.float16)), x.max(1).astype(np.float16))
    check("cumulate", run("cumulate", x.astype(np.float16)), x.cumsum(1).astype(np.float16))
    check("sum of bf16", run("sum_bf16", x.astype(np.float32)), round_to_bf16(x.sum(1, keepdims=True).astype(np.float64)))


np.seterr(all="ignore")
dither("compile", MODEL, "--seed", "0", "--target=portable", "-o", DIRECTORY / "narrow.so")
masks, before = [""], None
for version in json.loads(dither("explain", DIRECTORY / "narrow.so", "--json"))["versions"]:
    if before:
        masks.append(",".join("-" + name for name in sorted(set(before["features"].split(",")) - set(version["features"].split(",")))))
    before = version
for i in range(len(masks)):
    MASK = ",".join(filter(None, masks[:i + 1]))
    check_all()
print(f"{len(masks)} versions round once")
