// RUN: dither-opt %s --verify-diagnostics --split-input-file

// expected-error@+1 {{(C3) `bits` is 9; it must be 2 to 8}}
module attributes {test.a = #dither.int<bits = 9>} {}

// -----

func.func @c2(%x: tensor<24x4xf32>) {
  // expected-error@+1 {{(C1)}}
  %y = dither.represent %x {format = #dither.int<bits = 4, group = 32>} : tensor<24x4xf32>
  return
}

// -----

func.func @c3(%x: tensor<32x4xf64>) {
  // expected-error@+1 {{(C2)}}
  %y = dither.represent %x {format = #dither.int<bits = 4>} : tensor<32x4xf64>
  return
}

// -----

// expected-error@+1 {{(C4) affine codes have f32 or f16 scales, not e8m0}}
module attributes {test.a = #dither.int<bits = 4, scale = e8m0, affine = true>} {}

// -----

// expected-error@+1 {{`group` is -2; it must be positive, 0 (per channel) or -1 (the whole tensor)}}
module attributes {test.a = #dither.int<bits = 4, group = -2>} {}

// -----

func.func @group_divides(%x: tensor<24x4xf32>) {
  // expected-error@+1 {{`group` 32 does not divide the first extent of 'tensor<24x4xf32>'; choose a divisor, 0 (per channel) or -1 (the whole tensor)}}
  %y = dither.represent %x {format = #dither.int<bits = 4, group = 32>} : tensor<24x4xf32>
  return
}

// -----

func.func @group_of_dynamic(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{groups of 32 need static extents, not 'tensor<?x4xf32>'; `group` 0 and -1 serve dynamic ones}}
  %y = dither.represent %x {format = #dither.int<bits = 4, group = 32>} : tensor<?x4xf32>
  return
}

// -----

// expected-error@+1 {{(C5) `dim` is 2; it must be 0 or 1}}
module attributes {test.a = #dither.int<bits = 4, dim = 2>} {}

// -----

func.func @c2_second(%x: tensor<?x24xf32>) {
  // expected-error@+1 {{(C1) `group` 32 does not divide the second extent}}
  %y = dither.represent %x {format = #dither.int<bits = 4, group = 32, dim = 1>} : tensor<?x24xf32>
  return
}

// -----

func.func @c3_vector(%x: tensor<24xf32>) {
  // expected-error@+1 {{(C2) needs a matrix of f32, not}}
  %y = dither.represent %x {format = #dither.int<bits = 4, dim = 1>} : tensor<24xf32>
  return
}
