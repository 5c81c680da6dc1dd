// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @apply_mask_c1(%x: tensor<4x3xf32>, %m: tensor<3xi1>) {
  // expected-error@+1 {{(C1) needs a mask of the shape of 'tensor<4x3xf32>', got 'tensor<3xi1>'}}
  %0 = dither.apply_mask %x, %m : tensor<4x3xf32>, tensor<3xi1>
  return
}

// -----

func.func @pattern_mask_c1(%x: tensor<6x3xf32>) {
  // expected-error@+1 {{(C1)}}
  %m = dither.pattern_mask #dither.nm<2 : 4> %x : tensor<6x3xf32>
  return
}

// -----

func.func @not_a_pattern(%x: tensor<8x3xf32>) {
  // expected-error@+1 {{3 : i64 is not a pattern}}
  %m = dither.pattern_mask 3 : i64 %x : tensor<8x3xf32>
  return
}

// -----

func.func @quantize_c1(%x: tensor<48x3xf32>) {
  // expected-error@+1 {{(C1)}}
  %c, %s = dither.quantize #dither.int<bits = 4, group = 32> %x : tensor<48x3xf32> -> tensor<48x3xi8>, tensor<2x3xf32>
  return
}

// -----

func.func @quantize_c2_codes(%x: tensor<64x3xf32>) {
  // expected-error@+1 {{(C2) gives codes of 'tensor<64x3xi8>'}}
  %c, %s = dither.quantize #dither.int<bits = 4, group = 32> %x : tensor<64x3xf32> -> tensor<64x3xi16>, tensor<2x3xf32>
  return
}

// -----

func.func @quantize_c2_scales(%x: tensor<64x3xf32>) {
  // expected-error@+1 {{(C2) needs scales of 'tensor<2x3xf32>'}}
  %c, %s = dither.quantize #dither.int<bits = 4, group = 32> %x : tensor<64x3xf32> -> tensor<64x3xi8>, tensor<3xf32>
  return
}

// -----

func.func @represent_c1(%x: tensor<48x3xf32>) {
  // expected-error@+1 {{(C1)}}
  %0 = dither.represent %x {format = #dither.int<bits = 4, group = 32>} : tensor<48x3xf32>
  return
}

// -----

func.func @represent_c2(%x: tensor<4x3xf32>, %m: tensor<3xi1>) {
  // expected-error@+1 {{(C2) needs a mask of the shape of 'tensor<4x3xf32>'}}
  %0 = dither.represent %x, %m : tensor<4x3xf32>, tensor<3xi1>
  return
}

// -----

func.func @represent_c3(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{#dither.few_bit<bits = 2> serves activations}}
  %0 = dither.represent %x {estimator = #dither.few_bit<bits = 2>} : tensor<4x3xf32>
  return
}

// -----

func.func @dequantize_c2(%c: tensor<64x3xi16>, %s: tensor<2x3xf32>) {
  // expected-error@+1 {{(C2) reads codes of 'tensor<64x3xi8>'}}
  %0 = dither.dequantize #dither.int<bits = 4, group = 32> %c, %s : tensor<64x3xi16>, tensor<2x3xf32> -> tensor<64x3xf32>
  return
}
