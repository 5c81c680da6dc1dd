"""Products of floats with packed matrices around the edges of panels and tiles: packed_products.py DITHER DIRECTORY."""

import numpy as np

from packed import VECTORS, check_representation

REPRESENTATIONS = ["format = #dither.int<bits = 8>", "format = #dither.int<bits = 8, group = 32, affine = true>",
                   "format = #dither.int<bits = 4, group = 32, scale = f16>", "format = #dither.int<bits = 3, group = 8>",
                   "format = #dither.minifloat<e2m1, group = 32, scale = e8m0>", "format = #dither.minifloat<e4m3, group = -1>",
                   "format = #dither.ternary<group = 0>", "format = #dither.sign<group = 32>", "format = #dither.shift<bits = 3>",
                   "format = #dither.onebit<scale = f32>", "pattern = #dither.nm<2 : 4>, format = #dither.onebit<scale = f16>",
                   "pattern = #dither.nm<1 : 4>", "pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4, group = 32, scale = f16>",
                   "pattern = #dither.nm<4 : 8>, format = #dither.minifloat<e4m3, group = 32>"]
# Steps inside of a block and across blocks, groups of blocks and in blocks.
SPARSE_BLOCKS = ["pattern = #dither.block<8 x 16, sparsity = 0.5>", "pattern = #dither.block<1 x 64, sparsity = 0.8>",
                 "pattern = #dither.block<16 x 32, sparsity = 0.4>, format = #dither.int<bits = 8, group = 32, affine = true>",
                 "pattern = #dither.block<32 x 64, sparsity = 0.7>, format = #dither.int<bits = 4, group = 32, scale = f16>",
                 "pattern = #dither.block<32 x 64, sparsity = 0.3>, format = #dither.minifloat<e2m1, group = 16, scale = e8m0>",
                 "pattern = #dither.block<4 x 16, sparsity = 0.5>, format = #dither.int<bits = 4, group = 8>",
                 "pattern = #dither.block<3 x 64, sparsity = 0.5>, format = #dither.int<bits = 4>",
                 "pattern = #dither.block<6 x 64, sparsity = 0.5>, format = #dither.int<bits = 3, group = 48>",
                 "pattern = #dither.block<8 x 64, sparsity = 1.0>", "pattern = #dither.block<96 x 64, sparsity = 0.0>, format = #dither.sign<group = 32>"]

generator = np.random.default_rng(7)
count = sum(check_representation(representation, generator) for representation in REPRESENTATIONS)
count += sum(check_representation(representation, generator, [64, 192]) for representation in SPARSE_BLOCKS)
count += check_representation("pattern = #dither.block<4 x 37, sparsity = 0.5>", generator, [37])
count += check_representation(VECTORS[1], generator, [37])
print(f"{count} products agree")
