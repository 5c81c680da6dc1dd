dither.model @random {
  func.func @uniform() -> tensor<3x7xf32> {
    %r = dither.rng : tensor<2xi64>
    %y = dither.uniform %r {stream = 3 : i64} : tensor<2xi64> -> tensor<3x7xf32>
    return %y : tensor<3x7xf32>
  }

  func.func @centred_uniform() -> tensor<3x7xf32> {
    %r = dither.rng : tensor<2xi64>
    %y = dither.centred_uniform %r {stream = 3 : i64} : tensor<2xi64> -> tensor<3x7xf32>
    return %y : tensor<3x7xf32>
  }

  func.func @exponential() -> tensor<3x7xf32> {
    %r = dither.rng : tensor<2xi64>
    %y = dither.exponential %r {stream = 3 : i64} : tensor<2xi64> -> tensor<3x7xf32>
    return %y : tensor<3x7xf32>
  }

  func.func @normal() -> tensor<3x7xf32> {
    %r = dither.rng : tensor<2xi64>
    %y = dither.normal %r {stream = 3 : i64} : tensor<2xi64> -> tensor<3x7xf32>
    return %y : tensor<3x7xf32>
  }

  func.func @gumbel() -> tensor<3x7xf32> {
    %r = dither.rng : tensor<2xi64>
    %y = dither.gumbel %r {stream = 3 : i64} : tensor<2xi64> -> tensor<3x7xf32>
    return %y : tensor<3x7xf32>
  }

  func.func @rademacher() -> tensor<3x7xf32> {
    %r = dither.rng : tensor<2xi64>
    %y = dither.rademacher %r {stream = 3 : i64} : tensor<2xi64> -> tensor<3x7xf32>
    return %y : tensor<3x7xf32>
  }

  func.func @random_bits() -> tensor<3x7xi32> {
    %r = dither.rng : tensor<2xi64>
    %y = dither.random_bits %r {stream = 3 : i64} : tensor<2xi64> -> tensor<3x7xi32>
    return %y : tensor<3x7xi32>
  }

  func.func @bernoulli() -> tensor<3x7xf32> {
    %r = dither.rng : tensor<2xi64>
    %y = dither.bernoulli %r {stream = 3 : i64, probability = 0.3 : f64} : tensor<2xi64> -> tensor<3x7xf32>
    return %y : tensor<3x7xf32>
  }

  func.func @normal_rows(%a: tensor<?x3xf32>) -> tensor<?x5xf32> {
    %r = dither.rng : tensor<2xi64>
    %y = dither.normal %r like %a {stream = 3 : i64} : tensor<2xi64>, tensor<?x3xf32> -> tensor<?x5xf32>
    return %y : tensor<?x5xf32>
  }

  func.func @fold_in(%a: tensor<2xi64>, %b: tensor<i64>) -> tensor<2xi64> {
    %y = dither.fold_in %a, %b {stream = 3 : i64} : tensor<2xi64>
    return %y : tensor<2xi64>
  }
}
