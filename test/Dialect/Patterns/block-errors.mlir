// RUN: dither-opt %s --verify-diagnostics --split-input-file

// expected-error@+1 {{(C1) blocks of 0 x 16 elements; both numbers must be positive}}
module attributes {test.a = #dither.block<0 x 16, sparsity = 0.5>} {}

// -----

// expected-error@+1 {{(C2) `sparsity` is -1}}
module attributes {test.a = #dither.block<4 x 16, sparsity = -1.0>} {}

// -----

func.func @c3(%x: tensor<6x16xf32>) {
  // expected-error@+1 {{(C3) needs a matrix whose extents are multiples of 4 and 16, not 'tensor<6x16xf32>'}}
  %m = dither.pattern_mask #dither.block<4 x 16, sparsity = 0.5> %x : tensor<6x16xf32>
  return
}
