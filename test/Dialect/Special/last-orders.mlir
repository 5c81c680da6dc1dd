// RUN: dither-opt %s -split-input-file -verify-diagnostics --dither-differentiate

// The last order has no derivative, and says so.
func.func @last(%x: tensor<4xf32>) -> tensor<f32> attributes {dither.differentiate} {
  // expected-error@+2 {{of order 20 is the last one, so that it has no derivative}}
  // expected-error@+1 {{has 1 operands, but 0 gradients were built}}
  %0 = dither.polygamma %x {order = 20 : i64} : tensor<4xf32>
  %1 = dither.mean %0 : tensor<4xf32>
  return %1 : tensor<f32>
}
