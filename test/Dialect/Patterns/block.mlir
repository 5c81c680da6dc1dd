// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK: #dither.block<16 x 32, sparsity = 7.5
module attributes {test.a = #dither.block<16 x 32, sparsity = 0.75>} {}

// Two of four rows of blocks are kept in each of three columns of blocks.
// CHECK: dither.pack
func.func @types(%x: tensor<8x48xf32>, %m: tensor<8x48xi1>) {
  %v, %b = dither.pack %x, %m {pattern = #dither.block<2 x 16, sparsity = 0.5>}
    : tensor<8x48xf32>, tensor<8x48xi1> -> tensor<4x48xf32>, tensor<2x3xi8>
  return
}
