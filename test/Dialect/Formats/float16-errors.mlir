// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @c1(%x: tensor<2x4x4xf32>) {
  // expected-error@+1 {{(C1) needs a matrix or a vector of f32 and static shape}}
  %y = dither.represent %x {format = #dither.float16<bf16>} : tensor<2x4x4xf32>
  return
}

// -----

func.func @c1(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{(C1) needs a matrix or a vector of f32 and static shape}}
  %y = dither.represent %x {format = #dither.float16<f16>} : tensor<?x4xf32>
  return
}

// -----

// A scale is not there to be had.
func.func @scales(%c: tensor<64x64xi16>, %s: tensor<1x64xf32>) {
  // expected-error@+1 {{(C3) has the parts codes: 'tensor<64x64xi16>'}}
  %y = dither.unpack %c, %s {format = #dither.float16<bf16>} : tensor<64x64xi16>, tensor<1x64xf32> -> tensor<64x64xf32>
  return
}
