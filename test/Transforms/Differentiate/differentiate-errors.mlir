// RUN: dither-opt %s --dither-differentiate --verify-diagnostics --split-input-file

func.func @no_derivative(%x: tensor<f32>) -> tensor<f32> attributes {dither.differentiate} {
  // expected-error@+1 {{has no derivative, but a gradient passes through it; use dither.surrogate}}
  %y = dither.round %x : tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @no_estimator(%x: tensor<4x4xf32>) -> tensor<f32> attributes {dither.differentiate} {
  // expected-error@+1 {{give it an estimator, such as #dither.straight_through, or use dither.surrogate}}
  %y = dither.represent %x {format = #dither.int<bits = 4>} : tensor<4x4xf32>
  %l = dither.mean %y : tensor<4x4xf32>
  return %l : tensor<f32>
}

// -----

// A step function has the derivative zero almost everywhere. To say so is up to the user.
func.func @discrete(%x: tensor<f32>) -> tensor<f32> attributes {dither.differentiate} {
  %zero = dither.constant dense<0.0> : tensor<f32>
  %c = dither.compare gt %x, %zero : tensor<f32>, tensor<f32>
  // expected-error@+1 {{depends on what is differentiated for through discrete values alone}}
  %y = dither.cast %c : tensor<i1> to tensor<f32>
  return %y : tensor<f32>
}

// -----

// expected-error@+1 {{has a gradient only for a floating-point result of rank 0}}
func.func @not_a_number(%x: tensor<4xf32>) -> tensor<4xf32> attributes {dither.differentiate} {
  return %x : tensor<4xf32>
}

// -----

func.func @recursive(%x: tensor<f32>) -> tensor<f32> attributes {dither.differentiate} {
  // expected-error@+1 {{is recursive: it never ends}}
  %y = func.call @recursive(%x) : (tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}
