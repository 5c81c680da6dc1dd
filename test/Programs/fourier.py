"""Compiled transforms of f32 against sums in f64: fourier.py DITHER FOLDER.

The error, as root mean square over some of the numbers of that of all of them, is to be below eps (3 + log2 n / 4), where eps is 2^-24: matrices of up to 127
rows make the 3, and each level adds less than an ulp."""

import array
import ast
import cmath
import math
import pathlib
import random
import subprocess
import sys

DITHER, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
LENGTHS = [1, 2, 3, 5, 64, 66, 67, 127, 131, 262, 1000, 1024, 4096, 4099, 10007, 65536]


def save(path, values):
    header = str({"descr": "<f4", "fortran_order": False, "shape": (len(values),)}).encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + values.tobytes())


def load(path):
    data = path.read_bytes()
    start = 10 + int.from_bytes(data[8:10], "little")
    assert ast.literal_eval(data[10:start].decode())["descr"] == "<f4"
    return array.array("f", data[start:])


def run(function, values):
    save(FOLDER / "x.npy", values)
    subprocess.run([DITHER, "run", FOLDER / "f.so", "--function", function, "--input", FOLDER / "x.npy", "--output", FOLDER / "y.npy"], check=True)
    return load(FOLDER / "y.npy")


def measure(n):
    """Errors of a transform and of its inverse, each of the root mean square of what it gives."""
    x = array.array("f", (rng.uniform(-1, 1) for _ in range(n)))
    roots = [cmath.exp(-2j * math.pi * j / n) for j in range(n)]
    chosen = rng.sample(range(n // 2 + 1), min(n // 2 + 1, 32))
    y = run(f"rfft{n}", x)
    errors = [abs(complex(y[2 * k], y[2 * k + 1]) - sum(v * roots[j * k % n] for j, v in enumerate(x))) for k in chosen]
    forward = math.sqrt(sum(e * e for e in errors) / len(errors)) / math.sqrt(sum(v * v for v in x))
    z = run(f"both{n}", x)
    return forward, math.sqrt(sum((a - b) ** 2 for a, b in zip(x, z)) / sum(v * v for v in x))


rng = random.Random(1)
FOLDER.mkdir(parents=True, exist_ok=True)
(FOLDER / "f.mlir").write_text("dither.model @fourier {\n" + "".join(f"""  func.func @rfft{n}(%x: tensor<{n}xf32>) -> tensor<{n // 2 + 1}x2xf32> {{
    %y = dither.rfft %x : tensor<{n}xf32>
    return %y : tensor<{n // 2 + 1}x2xf32>
  }}
  func.func @both{n}(%x: tensor<{n}xf32>) -> tensor<{n}xf32> {{
    %y = dither.rfft %x : tensor<{n}xf32>
    %z = dither.irfft %y {{length = {n} : i64}} : tensor<{n // 2 + 1}x2xf32>
    return %z : tensor<{n}xf32>
  }}
""" for n in LENGTHS) + "}\n")
subprocess.run([DITHER, "compile", FOLDER / "f.mlir", "-o", FOLDER / "f.so"], check=True)
failed = 0
for n in LENGTHS:
    errors = measure(n)
    bound = 2**-24 * (3 + math.log2(n) / 4)
    failed += errors[0] > bound or errors[1] > 2 * bound
    print(f"{n:6} forward {errors[0] * 2**24:6.3f} eps, forth and back {errors[1] * 2**24:6.3f} eps; bounds {bound * 2**24:.3f}, twice that")
print(f"{failed} of {len(LENGTHS)} outside of their bound")
sys.exit(int(failed > 0))
