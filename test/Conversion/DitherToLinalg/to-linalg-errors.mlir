// RUN: dither-opt %s --dither-to-linalg --verify-diagnostics

// Composite ops are decomposed before.
func.func @composite(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{failed to legalize operation 'dither.relu'}}
  %y = dither.relu %x : tensor<4xf32>
  return %y : tensor<4xf32>
}
