"""Products with transposes of packed matrices, as of gradients of frozen layers: transposed_products.py DITHER DIRECTORY.

Blocks of them are decoded, so that each is compared within depth * 2^-24 of the sum of magnitudes, and a rounding of each weight. The number
of rows must not change a bit of a row."""

import subprocess

import numpy as np

from packed import DIRECTORY, DITHER, VECTORS, compile_avx2, compile_model, run, write_model

REPRESENTATIONS = ["format = #dither.int<bits = 8>", "format = #dither.int<bits = 8, group = 4, affine = true>",
                   "format = #dither.int<bits = 4, group = 32, scale = f16>", "format = #dither.int<bits = 3, group = 32>",
                   "format = #dither.minifloat<e2m1, group = 32, scale = e8m0>", "format = #dither.minifloat<e4m3, group = -1>",
                   "format = #dither.ternary<group = 0>", "format = #dither.sign<group = 32>", "format = #dither.shift<bits = 3>",
                   "format = #dither.onebit<scale = f32>", "pattern = #dither.nm<2 : 4>, format = #dither.onebit<scale = f16>",
                   "pattern = #dither.nm<1 : 4>", "pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4, group = 32, scale = f16>",
                   "pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 2>", "pattern = #dither.nm<4 : 4>, format = #dither.int<bits = 8>",
                   "pattern = #dither.nm<4 : 8>, format = #dither.minifloat<e4m3, group = 32>"]
# What a kernel does not transpose: blocks, and words of many rows.
UNPACKED = ["pattern = #dither.block<8 x 16, sparsity = 0.5>", "pattern = #dither.nm<1 : 32>, format = #dither.sign<group = 0>"]
# Rows and columns of the matrix: one panel, and a ragged edge.
SHAPES = [(96, 64), (96, 37)]
# Several blocks of rows, and of the contraction.
BLOCKS = (160, 1088)
ROWS = [39, 9, 1]


def function(representation, k, n):
    w, x, y = f"tensor<{k}x{n}xf32>", f"tensor<?x{n}xf32>", f"tensor<?x{k}xf32>"
    return f"""  dither.param @w{k}_{n} : {w} init #dither.kaiming_uniform frozen {{{representation}}}
  func.func @rows{k}_{n}(%i: tensor<?x{k}xf32>) -> tensor<?x{n}xf32> {{
    %w = dither.read @w{k}_{n} : {w}
    %y = dither.matmul %i, %w : tensor<?x{k}xf32>, {w}
    return %y : tensor<?x{n}xf32>
  }}
  func.func @t{k}_{n}(%x: {x}) -> {y} {{
    %w = dither.read @w{k}_{n} : {w}
    %y = dither.matmul %x, %w {{transpose_y}} : {x}, {w}
    return %y : {y}
  }}
"""


def check(representation, random, shapes):
    write_model(function(representation, k, n) for k, n in shapes)
    compile_model("model.so")
    avx2 = compile_avx2()
    for k, n in shapes:
        weights = run(DIRECTORY / "model.mlir", f"rows{k}_{n}", np.eye(k, dtype=np.float32), "--interpret", "--seed", "1").astype(np.float64)
        x = random.standard_normal((max(ROWS), n), np.float32)
        bound = (n + 3) * 2.0**-24 * (np.abs(x).astype(np.float64) @ np.abs(weights.T))
        for artifact in dict.fromkeys(("model.so", avx2)):
            results = [run(DIRECTORY / artifact, f"t{k}_{n}", x[:count]) for count in ROWS[:3 if artifact == "model.so" else 1]]
            error = np.abs(results[0] - x.astype(np.float64) @ weights.T)
            assert (error <= bound).all(), f"{representation}: error {(error / bound).max()} of the bound"
            for result in results:
                assert result.tobytes() == results[0][:len(result)].tobytes(), f"{representation}: {len(result)} rows give other bits"
    return len(shapes)


def check_unfilled(random):
    """A mask that keeps fewer elements of a group than there are slots: the others must not take the place of the first one."""
    w, pattern = "tensor<8x8xf32>", "{pattern = #dither.nm<2 : 4>}"
    parts = "tensor<4x8xf32>, tensor<1x8xi8>"
    write_model([f"""  func.func @f(%x: {w}, %w: {w}, %m: tensor<8x8xi1>) -> {w} {{
    %v, %i = dither.pack %w, %m {pattern} : {w}, tensor<8x8xi1> -> {parts}
    %u = dither.unpack %v, %i {pattern} : {parts} -> {w}
    %y = dither.matmul %x, %u {{transpose_y}} : {w}, {w}
    return %y : {w}
  }}
"""])
    compile_model("model.so")
    x, weights = random.standard_normal((2, 8, 8), np.float32)
    mask = np.zeros((8, 8), bool)
    mask[0], mask[5] = True, True
    for name, value in (("a", x), ("b", weights), ("c", mask)):
        np.save(DIRECTORY / f"{name}.npy", value)
    inputs = [word for name in "abc" for word in ("--input", DIRECTORY / f"{name}.npy")]
    subprocess.run([DITHER, "run", DIRECTORY / "model.so", "--function", "f", *inputs, "--output", DIRECTORY / "y.npy"], check=True, stdout=subprocess.DEVNULL)
    np.testing.assert_allclose(np.load(DIRECTORY / "y.npy"), x @ (weights * mask).T, rtol=1e-5)
    return 1


generator = np.random.default_rng(7)
count = sum(check(representation, generator, SHAPES) for representation in REPRESENTATIONS + VECTORS[1:])
count += sum(check(representation, generator, [BLOCKS]) for representation in REPRESENTATIONS[2::5])
# Of rows that are no whole steps.
count += sum(check(representation, generator, [(k, 64)])
             for representation, k in (("format = #dither.int<bits = 8>", 101), ("format = #dither.int<bits = 4>", 77), ("format = #dither.sign<group = 0>", 50),
                                       ("pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 8>", 68)))
count += sum(check(representation, generator, SHAPES[:1]) for representation in UNPACKED)
count += check_unfilled(generator)
# Of nothing.
count += check("format = #dither.int<bits = 4>", generator, [(96, 0)])
print(f"{count} products agree")
