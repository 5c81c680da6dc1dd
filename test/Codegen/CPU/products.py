"""Dense products over shapes around the edges of tiles and blocks: products.py DITHER DIRECTORY.

Each is compared with the sum in f64, within depth * 2^-24 of the sum of magnitudes (Higham's bound for any order of summation).
Few rows go another way than many (see LowerContract), which must not change a bit of a row. Gradients of weights contract the rows of
both, some with rows that positions choose: the same bits as those rows, copied.

Products of bf16 and f16 are compared with those of what x and w round to, within that and half a unit in the last of their 8 or 11 bits; of bf16 by
AMX, where there is one, and without."""

import pathlib
import subprocess
import sys

import numpy as np

DITHER, DIRECTORY = sys.argv[1], pathlib.Path(sys.argv[2])
DEPTHS = [1, 15, 511, 513, 1037]
COLUMNS = [1, 31, 129, 256, 515]
ROWS = [41, 5]
# Of gradients: the contraction, rows and columns of the result.
GRADIENTS = [(1, 64, 31), (15, 7, 129), (32, 130, 515), (300, 73, 96), (513, 200, 257), (1037, 64, 130)]
HALF_DEPTHS = [1, 33, 300, 513]
HALF_COLUMNS = [1, 31, 64, 129, 515]
HALF_ROWS = [291, 41, 5]
BITS = {"bf16": 8, "f16": 11}


def function(name, k, n, transposed):
    w, flag = (f"{n}x{k}", " {transpose_y}") if transposed else (f"{k}x{n}", "")
    return f"""  func.func @{name}(%x: tensor<?x{k}xf32>, %w: tensor<{w}xf32>) -> tensor<?x{n}xf32> {{
    %y = dither.matmul %x, %w{flag} : tensor<?x{k}xf32>, tensor<{w}xf32>
    return %y : tensor<?x{n}xf32>
  }}
"""


def half_function(name, k, n, transposed):
    """x and w are rounded by the function."""
    w, flag = (f"{n}x{k}", " {transpose_y}") if transposed else (f"{k}x{n}", "")
    half = name.split("_")[0]
    return f"""  func.func @{name}(%x: tensor<?x{k}xf32>, %w: tensor<{w}xf32>) -> tensor<?x{n}xf32> {{
    %a = dither.cast %x : tensor<?x{k}xf32> to tensor<?x{k}x{half}>
    %b = dither.cast %w : tensor<{w}xf32> to tensor<{w}x{half}>
    %y = dither.matmul %a, %b{flag} : tensor<?x{k}x{half}>, tensor<{w}x{half}>
    %z = dither.cast %y : tensor<?x{n}x{half}> to tensor<?x{n}xf32>
    return %z : tensor<?x{n}xf32>
  }}
"""


def gradient(k, m, n):
    x, g, rows = f"tensor<{k}x{m}xf32>", f"tensor<{k + 9}x{n}xf32>", f"tensor<{k}xi32>"
    return f"""  func.func @g{k}_{m}_{n}(%x: {x}, %g: tensor<{k}x{n}xf32>) -> tensor<{m}x{n}xf32> {{
    %y = dither.matmul %x, %g {{transpose_x}} : {x}, tensor<{k}x{n}xf32>
    return %y : tensor<{m}x{n}xf32>
  }}
  func.func @s{k}_{m}_{n}(%x: {x}, %g: {g}, %rows: {rows}) -> tensor<{m}x{n}xf32> {{
    %s = dither.gather %g, %rows : {g}, {rows}
    %y = dither.matmul %x, %s {{transpose_x}} : {x}, tensor<{k}x{n}xf32>
    return %y : tensor<{m}x{n}xf32>
  }}
"""


def run(name, *inputs, artifact="products.so"):
    command = [DITHER, "run", DIRECTORY / artifact, "--function", name, "--output", DIRECTORY / "y.npy"]
    for i, array in enumerate(inputs):
        np.save(DIRECTORY / f"{i}.npy", array)
        command += ["--input", DIRECTORY / f"{i}.npy"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return np.load(DIRECTORY / "y.npy")


def check_gradient(k, m, n, random):
    x, g = random.standard_normal((k, m), np.float32), random.standard_normal((k + 9, n), np.float32)
    rows = random.integers(-2, k + 12, k).astype(np.int32)  # Of which some are no rows: the nearest one is taken.
    chosen = g[np.clip(rows, 0, k + 8)]
    copied, y = run(f"g{k}_{m}_{n}", x, chosen), run(f"s{k}_{m}_{n}", x, g, rows)
    error = np.abs(copied - x.T.astype(np.float64) @ chosen.astype(np.float64))
    bound = k * 2.0**-24 * (np.abs(x.T).astype(np.float64) @ np.abs(chosen))
    assert (error <= bound).all(), f"{k}, {m}, {n}: error {(error / bound).max()} of the bound"
    assert y.tobytes() == copied.tobytes(), f"{k}, {m}, {n}: chosen rows give other bits"


def check(name, k, n, transposed, random):
    w = random.standard_normal((n, k) if transposed else (k, n), np.float32)
    x = random.standard_normal((max(ROWS), k), np.float32)
    many, few = (run(name, x[:rows], w) for rows in ROWS)
    wide = (w.T if transposed else w).astype(np.float64)
    error = np.abs(many - x.astype(np.float64) @ wide)
    bound = k * 2.0**-24 * (np.abs(x).astype(np.float64) @ np.abs(wide))
    assert (error <= bound).all(), f"{name}: error {(error / bound).max()} of the bound"
    assert few.tobytes() == many[:min(ROWS)].tobytes(), f"{name}: few rows give other bits"


def round_to_half(x, half):
    if half == "f16":
        return x.astype(np.float16).astype(np.float32)
    bits = x.view(np.uint32).astype(np.uint64)
    return ((bits + 0x7fff + (bits >> 16 & 1)) >> 16 << 16).astype(np.uint32).view(np.float32)


def check_half(name, k, n, transposed, random, artifact):
    half = name.split("_")[0]
    w = random.standard_normal((n, k) if transposed else (k, n), np.float32)
    x = random.standard_normal((max(HALF_ROWS), k), np.float32)
    many, *others = (run(name, x[:rows], w, artifact=artifact) for rows in HALF_ROWS)
    left, right = (round_to_half(a, half).astype(np.float64) for a in (x, w.T if transposed else w))
    exact = left @ right
    bound = k * 2.0**-24 * (np.abs(left) @ np.abs(right)) + 2.0**-BITS[half] * np.abs(exact)
    if half == "f16":
        bound += 2.0**-25  # Half of the least denormal.
    assert (np.abs(many - exact) <= bound).all(), f"{name}, {artifact}: wrong"
    assert (round_to_half(many, half) == many).all(), f"{name}, {artifact}: no {half}"
    for other in others:
        assert other.tobytes() == many[:len(other)].tobytes(), f"{name}, {artifact}: {len(other)} rows give other bits"
    x[1, 0], x[2, -1] = np.nan, np.inf
    special = run(name, x, w, artifact=artifact)
    assert np.isnan(special[1]).all() and not np.isfinite(special[2]).any(), f"{name}, {artifact}: NaN or infinity is lost"
    assert special[3:].tobytes() == many[3:].tobytes(), f"{name}, {artifact}: NaN of one row in others"


DIRECTORY.mkdir(parents=True, exist_ok=True)
cases = [(f"f{k}_{n}{'t' * t}", k, n, t) for k in DEPTHS for n in COLUMNS for t in (False, True)]
half_cases = [(f"{half}_{k}_{n}{'t' * t}", k, n, t) for half in BITS for k in HALF_DEPTHS for n in HALF_COLUMNS for t in (False, True)
              if n == 129 or (not t and (half == "bf16" or n != 64))]
half_cases.append(("bf16_513_1100", 513, 1100, False))  # Two panels take turns.
model = DIRECTORY / "products.mlir"
model.write_text("dither.model @products {\n"
                 + "".join(function(*case) for case in cases) + "".join(half_function(*case) for case in half_cases)
                 + "".join(gradient(*case) for case in GRADIENTS) + "}\n")
subprocess.run([DITHER, "compile", model, "-o", DIRECTORY / "products.so"], check=True)
artifacts = ["products.so"]
if "avx512f" in pathlib.Path("/proc/cpuinfo").read_text():
    artifacts.append("avx2.so")
    subprocess.run([DITHER, "compile", model, "-o", DIRECTORY / "avx2.so", "--features=+avx2,+fma,+f16c"], check=True)
generator = np.random.default_rng(7)
for case in cases:
    check(*case, generator)
for case in GRADIENTS:
    check_gradient(*case, generator)
for case in half_cases:
    for artifact in artifacts:
        check_half(*case, generator, artifact)
print(f"{len(cases) + len(GRADIENTS)} products of f32 and {len(half_cases)} of halves agree")
