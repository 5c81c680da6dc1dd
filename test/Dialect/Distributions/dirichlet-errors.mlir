// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @scalar(%c: tensor<f32>, %rng: tensor<2xi64>) {
  // expected-error@+1 {{cannot make 'tensor<f32>': a draw is a row, of which the last extent is known}}
  %z = dither.draw #dither.dirichlet(%c) from %rng {stream = 1 : i64} : (tensor<f32>, tensor<2xi64>) -> tensor<f32>
  return
}

// -----

func.func @shape(%c: tensor<4xf32>, %rng: tensor<2xi64>) {
  // expected-error@+1 {{cannot make 'tensor<5x3xf32>' with a concentration of 'tensor<4xf32>'}}
  %z = dither.draw #dither.dirichlet(%c) from %rng {stream = 1 : i64} : (tensor<4xf32>, tensor<2xi64>) -> tensor<5x3xf32>
  return
}

// -----

// The density of a row is one number.
func.func @density(%c: tensor<3xf32>, %x: tensor<5x3xf32>) {
  // expected-error@+1 {{(C2) gives 'tensor<5xf32>', not 'tensor<5x3xf32>'}}
  %l = dither.log_density #dither.dirichlet(%c) at %x : (tensor<3xf32>, tensor<5x3xf32>) -> tensor<5x3xf32>
  return
}
