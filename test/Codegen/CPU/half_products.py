"""Products of bf16 and f16 with packed matrices, which are decoded and rounded: half_products.py FILE [--dense] [--few] writes a model of them for
`dither check --kernels`, with ragged extents on all sides of tiles, panels and words; --dense: without patterns, whose missing elements take part
in a product or not where x is infinite or NaN; --few: few extents."""

import sys

REPRESENTATIONS = ["format = #dither.float16<bf16>", "format = #dither.float16<f16>", "format = #dither.int<bits = 4, group = 32, scale = f16>",
                   "format = #dither.minifloat<e2m1, group = 32, scale = e8m0>", "format = #dither.int<bits = 3>",
                   "format = #dither.ternary<group = 0>", "format = #dither.codebook<books = 2, index_bits = 8>",
                   "pattern = #dither.nm<2 : 4>", "pattern = #dither.nm<2 : 4>, format = #dither.float16<bf16>",
                   "pattern = #dither.nm<4 : 8>, format = #dither.int<bits = 4, group = 32>",
                   "pattern = #dither.block<8 x 16, sparsity = 0.5>, format = #dither.float16<f16>"]
# Rows ("?" is any number), elements of the contraction, columns; whether the matrix is transposed.
SHAPES = [("?", 96, 80, False), ("?", 96, 64, True), (16, 160, 208, False)]
# Of formats without groups: also where nothing fits.
RAGGED = [(1, 96, 80, False), (48, 96, 64, False), ("?", 1, 1, False), (33, 257, 129, False), (300, 65, 130, False), ("?", 65, 33, True),
          (0, 64, 64, False)]
# f16 is not multiplied by tiles, but as f32 is: some of these suffice.
F16 = [SHAPES[0], RAGGED[0], RAGGED[3]]
# Threads share rows; blocks of words in memory.
LARGE = [(144, 544, 528, False), (40, 4160, 272, False)]


def function(name, representation, element, m, k, n, transposed):
    w, narrow = f"tensor<{k}x{n}xf32>", f"tensor<{k}x{n}x{element}>"
    inner, outer = (n, k) if transposed else (k, n)
    x, y = f"tensor<{m}x{inner}x{element}>", f"tensor<{m}x{outer}x{element}>"
    return f"""  dither.param @w_{name} : {w} init #dither.kaiming_uniform frozen {{{representation}}}
  func.func @{name}(%x: {x}) -> {y} {{
    %wide = dither.read @w_{name} : {w}
    %w = dither.cast %wide : {w} to {narrow}
    %y = dither.matmul %x, %w {{{"transpose_y" if transposed else ""}}} : {x}, {narrow}
    return %y : {y}
  }}
"""


text, count = "dither.model @half {\n", 0
for representation in REPRESENTATIONS:
    if "--dense" in sys.argv and "pattern" in representation:
        continue
    is_plain = representation.startswith("format = #dither.float16") or representation.endswith("<bits = 3>")
    more = [] if "--few" in sys.argv else (RAGGED if is_plain else []) + (LARGE if representation.endswith("<bf16>") else [])
    for shape in SHAPES + more:
        for element in ("bf16", "f16") if "float16" in representation and shape in F16 else ("bf16",):
            text += function(f"f{count}", representation, element, *shape)
            count += 1
with open(sys.argv[1], "w") as file:
    file.write(text + "}\n")
