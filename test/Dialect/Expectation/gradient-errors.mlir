// RUN: dither-opt %s --dither-differentiate --verify-diagnostics --split-input-file

func.func @outside(%x: tensor<f32>, %rng: tensor<2xi64>) -> tensor<f32> attributes {dither.differentiate} {
  // expected-error@+1 {{has no derivative, but a gradient passes through it; its estimator serves inside of dither.expect}}
  %z = dither.draw #dither.bernoulli(%x) from %rng {stream = 1 : i64, estimator = #dither.score_function}
      : (tensor<f32>, tensor<2xi64>) -> tensor<f32>
  return %z : tensor<f32>
}

// -----

func.func @one(%x: tensor<f32>, %rng: tensor<2xi64>) -> tensor<f32> attributes {dither.differentiate} {
  // expected-error@+1 {{(C4) has a node whose estimator leaves one sample out, but only one sample; raise `samples`}}
  %y = dither.expect %rng {stream = 5 : i64} : tensor<2xi64> -> tensor<f32> {
  ^bb0(%own: tensor<2xi64>):
    %z = dither.draw #dither.bernoulli(%x) from %own {stream = 1 : i64, estimator = #dither.score_function<leave_one_out = true>}
        : (tensor<f32>, tensor<2xi64>) -> tensor<f32>
    dither.yield %z : tensor<f32>
  }
  return %y : tensor<f32>
}

// -----

func.func @draws(%x: tensor<3xf32>, %c: tensor<f32>, %rng: tensor<2xi64>) -> tensor<f32> attributes {dither.differentiate} {
  %y = dither.expect %rng {stream = 5 : i64} : tensor<2xi64> -> tensor<f32> {
  ^bb0(%own: tensor<2xi64>):
    // expected-error@+1 {{has #dither.enumerate (C2), which names the values of one draw for each row of the cost, 'tensor<f32>', not those of 'tensor<3xf32>'}}
    %z = dither.draw #dither.bernoulli(%x) from %own {stream = 1 : i64, estimator = #dither.enumerate}
        : (tensor<3xf32>, tensor<2xi64>) -> tensor<3xf32>
    %s = dither.reduce sum %z : tensor<3xf32>
    dither.yield %s : tensor<f32>
  }
  return %y : tensor<f32>
}

// -----

// A second derivative does not pass through an estimate of the first one.
func.func @cost(%x: tensor<f32>, %rng: tensor<2xi64>) -> tensor<f32> {
  // expected-error@+1 {{is part of the estimate of a gradient, of which the derivative says nothing}}
  %y = dither.expect %rng {stream = 5 : i64} : tensor<2xi64> -> tensor<f32> {
  ^bb0(%own: tensor<2xi64>):
    %z = dither.draw #dither.bernoulli(%x) from %own {stream = 1 : i64, estimator = #dither.score_function}
        : (tensor<f32>, tensor<2xi64>) -> tensor<f32>
    dither.yield %z : tensor<f32>
  }
  return %y : tensor<f32>
}
func.func @second(%x: tensor<f32>, %rng: tensor<2xi64>) -> tensor<f32> attributes {dither.differentiate} {
  %one = dither.constant dense<1.0> : tensor<f32>
  %y, %g = dither.vjp @cost(%x, %rng) along(%one) : (tensor<f32>, tensor<2xi64>, tensor<f32>) -> (tensor<f32>, tensor<f32>)
  %s = dither.mul %g, %g : tensor<f32>, tensor<f32>
  return %s : tensor<f32>
}
