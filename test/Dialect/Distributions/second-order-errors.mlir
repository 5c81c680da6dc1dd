// RUN: dither-opt %s --dither-differentiate --verify-diagnostics

// The slope of a von Mises quantile has no derivative of its own.
func.func @slope(%k: tensor<4xf32>, %t: tensor<4xf32>) -> tensor<f32> attributes {dither.differentiate} {
  // expected-error@+1 {{has no derivative, but a gradient passes through it}}
  %s = dither.von_mises_slope %k, %t : tensor<4xf32>, tensor<4xf32>
  %l = dither.mean %s : tensor<4xf32>
  return %l : tensor<f32>
}
