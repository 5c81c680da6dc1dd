// RUN: dither-opt %s --verify-diagnostics --split-input-file

// A misspelt attribute is not taken for nothing.
func.func @misspelt(%x: tensor<8x3xf32>) {
  // expected-error@+1 {{has no attribute `fromat`; it has `estimator`, `format`}}
  %0 = dither.represent %x {fromat = #dither.int<bits = 4>} : tensor<8x3xf32>
  return
}

// -----

func.func @no_attributes(%x: tensor<8x3xf32>) {
  // expected-error@+1 {{has no attribute `scale`; it has none}}
  %0 = dither.add %x, %x {scale = 2.0 : f32} : tensor<8x3xf32>, tensor<8x3xf32>
  return
}

// -----

// Those of a dialect are its own affair.
func.func @of_a_dialect(%x: tensor<8x3xf32>) {
  %0 = dither.add %x, %x {mine.note = "kept"} : tensor<8x3xf32>, tensor<8x3xf32>
  return
}
