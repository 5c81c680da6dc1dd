"""Masks of patterns against their definitions: patterns.py DITHER FOLDER. Scores are whole numbers, so that sums of squares are exact, with many ties."""

import math
import pathlib
import subprocess
import sys

import numpy as np

DITHER, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
K, N = 24, 32


def kept(count, sparsity):
    return count - math.ceil(sparsity * count - 0.5)


def keep(scores, count):
    """Of a vector, the largest; of equal ones the first."""
    mask = np.zeros(len(scores), bool)
    mask[np.argsort(-scores, kind="stable")[:count]] = True
    return mask


def unstructured(x, sparsity):
    return keep(x.ravel(), kept(x.size, sparsity)).reshape(x.shape)


def block(x, rows, columns, sparsity):
    norms = (x.astype(np.float64)**2).reshape(K // rows, rows, N // columns, columns).sum((1, 3))
    mask = np.stack([keep(norms[:, j], kept(len(norms), sparsity)) for j in range(N // columns)], 1)
    return mask.repeat(rows, 0).repeat(columns, 1)


CASES = {f"#dither.unstructured<sparsity = {s}>": (unstructured, s) for s in (0.0, 0.3, 0.75, 0.99, 1.0)}
CASES.update({f"#dither.block<{r} x {c}, sparsity = {s}>": (block, r, c, s)
              for r, c, s in ((1, 16, 0.5), (4, 16, 0.75), (8, 32, 0.3), (3, 1, 0.9), (24, 4, 0.4))})

FOLDER.mkdir(parents=True, exist_ok=True)
x = np.random.default_rng(7).integers(-9, 10, (K, N)).astype(np.float32)
np.save(FOLDER / "x.npy", x)
body = "".join(f"""  func.func @f{i}(%x: tensor<{K}x{N}xf32>) -> tensor<{K}x{N}xi32> {{
    %m = dither.pattern_mask {pattern} %x : tensor<{K}x{N}xf32>
    %y = dither.cast %m : tensor<{K}x{N}xi1> to tensor<{K}x{N}xi32>
    return %y : tensor<{K}x{N}xi32>
  }}
""" for i, pattern in enumerate(CASES))
(FOLDER / "patterns.mlir").write_text("dither.model @patterns {\n" + body + "}\n")
count = 0
for i, (pattern, (meaning, *arguments)) in enumerate(CASES.items()):
    for option in ("--interpret", "--seed=0"):
        subprocess.run([DITHER, "run", FOLDER / "patterns.mlir", "--function", f"f{i}", "--input", FOLDER / "x.npy", "--output", FOLDER / "y.npy",
                        option], check=True, stdout=subprocess.DEVNULL)
        assert (np.load(FOLDER / "y.npy") == meaning(x, *arguments)).all(), f"{pattern}, {option}"
        count += 1
print(f"{count} masks agree")
