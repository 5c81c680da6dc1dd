// RUN: dither-opt %s --verify-diagnostics --split-input-file

// expected-error@+1 {{(C1) 5 of 4}}
module attributes {test.a = #dither.nm<5 : 4>} {}

// -----

func.func @c2(%x: tensor<8xf32>) {
  // expected-error@+1 {{(C2) needs a matrix}}
  %m = dither.pattern_mask #dither.nm<2 : 4> %x : tensor<8xf32>
  return
}

// -----

// expected-error@+1 {{(C3) `dim` is 2; it must be 0 or 1}}
module attributes {test.a = #dither.nm<2 : 4, dim = 2>} {}

// -----

func.func @c4(%x: tensor<8x6xf32>) {
  // expected-error@+1 {{(C4) needs an extent along dimension 1}}
  %m = dither.pattern_mask #dither.nm<2 : 4, dim = 1> %x : tensor<8x6xf32>
  return
}
