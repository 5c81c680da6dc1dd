// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @c1(%x: tensor<24x4xf32>) {
  // expected-error@+1 {{(C1) `group` 5 does not divide the first extent}}
  %y = dither.represent %x {format = #dither.sign<group = 5>} : tensor<24x4xf32>
  return
}

// -----

// expected-error@+1 {{(C1) `group` is -2; it must be positive, 0 (per channel) or -1 (the whole tensor)}}
module attributes {test.a = #dither.sign<group = -2>} {}

// -----

func.func @c2(%x: tensor<2x4x4xf32>) {
  // expected-error@+1 {{(C2) needs a matrix or a vector of f32}}
  %y = dither.represent %x {format = #dither.sign<group = 0>} : tensor<2x4x4xf32>
  return
}

// -----

// expected-error@+1 {{(C3) means have f32 or f16 scales, not e8m0}}
module attributes {test.a = #dither.sign<scale = e8m0>} {}
