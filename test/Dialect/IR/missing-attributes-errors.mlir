// RUN: dither-opt %s --verify-diagnostics --split-input-file

// Types are inferred before an op is verified: what inference needs is asked for first.
func.func @transpose(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{'dither.transpose' op requires attribute 'permutation'}}
  %y = dither.transpose %x : tensor<4x3xf32>
  return
}

// -----

func.func @patches(%x: tensor<1x4x4x3xf32>) {
  // expected-error@+1 {{'dither.patches' op requires attribute 'kernel'}}
  %y = dither.patches %x : tensor<1x4x4x3xf32>
  return
}
