"""Parameters that are packed by compiled functions, and by the interpreter: large_parameters.py DITHER FOLDER."""

import pathlib
import subprocess
import sys

import numpy as np

DITHER, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
K = 512
COLUMNS = [512, 513]  # Of more elements than are interpreted; in panels, and not.
REPRESENTATIONS = ["pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>",
                   "format = #dither.int<bits = 3, group = 32, scale = f16, affine = true>"]


def function(number, representation, n):
    x, w, y = f"tensor<?x{K}xf32>", f"tensor<{K}x{n}xf32>", f"tensor<?x{n}xf32>"
    return f"""  dither.param @w{number} : {w} init #dither.kaiming_uniform frozen {{{representation}}}
  func.func @f{number}(%x: {x}) -> {y} {{
    %w = dither.read @w{number} : {w}
    %y = dither.matmul %x, %w : {x}, {w}
    return %y : {y}
  }}
"""


def run(number, *options):
    command = [DITHER, "run", FOLDER / "model.mlir", "--seed", "3", "--function", f"f{number}", "--input", FOLDER / "x.npy", "--output", FOLDER / "y.npy"]
    subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return np.load(FOLDER / "y.npy")


FOLDER.mkdir(parents=True, exist_ok=True)
(FOLDER / "model.mlir").write_text("dither.model @large {\n" + "".join(map(function, range(2), REPRESENTATIONS, COLUMNS)) + "}\n")
# Some rows of the matrices: products with zeros and ones are exact.
rows = np.eye(K, dtype=np.float32)[::K // 7]
np.save(FOLDER / "x.npy", rows)
for number in range(2):
    compiled, interpreted = run(number), run(number, "--interpret")
    assert compiled.shape == (len(rows), COLUMNS[number]) and np.abs(interpreted).max() > 0
    assert compiled.tobytes() == interpreted.tobytes(), REPRESENTATIONS[number]
print("2 parameters have the same bits")
