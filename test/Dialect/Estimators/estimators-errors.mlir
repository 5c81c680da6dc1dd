// RUN: dither-opt %s --verify-diagnostics --split-input-file

// expected-error@+1 {{(C1) `bits` is 5; it must be 1 to 4}}
module attributes {test.a = #dither.few_bit<bits = 5>} {}

// -----

// expected-error@+1 {{(C1) `ratio` is}}
module attributes {test.a = #dither.sketch<ratio = 0.0>} {}

// -----

// expected-error@+1 {{(C1) `ratio` is 1.5}}
module attributes {test.a = #dither.wta_crs<ratio = 1.5>} {}

// -----

// expected-error@+1 {{(C2) `samples` is -1; it must not be negative}}
module attributes {test.a = #dither.wta_crs<ratio = 0.5, samples = -1>} {}

// -----

func.func @wta_crs(%x: tensor<8x3xf32>) {
  // expected-error@+1 {{#dither.wta_crs<ratio = 3.000000e-01 : f64> serves dither.linear}}
  %0 = dither.gelu %x {residual = #dither.wta_crs<ratio = 0.3>} : tensor<8x3xf32>
  return
}

// -----

// expected-error@+1 {{(C1) `clip` is -1}}
module attributes {test.a = #dither.straight_through<clip = -1.0>} {}

// -----

func.func @straight_through(%x: tensor<8x3xf32>) {
  // expected-error@+1 {{#dither.straight_through serves dither.represent}}
  %0 = dither.gelu %x {residual = #dither.straight_through} : tensor<8x3xf32>
  return
}

// -----

func.func @few_bit_packs(%x: tensor<8x?xf32>) {
  // expected-error@+1 {{packs along the last dimension, which must be static; got 'tensor<8x?xf32>'}}
  %0 = dither.gelu %x {residual = #dither.few_bit<bits = 2>} : tensor<8x?xf32>
  return
}

// -----

func.func @not_an_estimator(%x: tensor<8x3xf32>) {
  // expected-error@+1 {{#dither.nm<2 : 4> is not an estimator such as #dither.straight_through}}
  %0 = dither.gelu %x {residual = #dither.nm<2 : 4>} : tensor<8x3xf32>
  return
}

// -----

func.func @sketch_of_images(%x: tensor<2x8x3xf32>, %w: tensor<3x4xf32>) {
  // expected-error@+1 {{chooses rows of a matrix, not of 'tensor<2x8x3xf32>'; reshape it before}}
  %0 = dither.linear %x, %w {backward = #dither.sketch<ratio = 0.5>} : tensor<2x8x3xf32>, tensor<3x4xf32>
  return
}
