dither.model @expectation {
  func.func @draw(%r: tensor<2xi64>, %a: tensor<?x3xf64>, %b: tensor<3xf64> {dither.range = [0.5, 2.0]}) -> tensor<?x3xf64> {
    %y = dither.draw #dither.normal(%a, %b) from %r {stream = 3 : i64} : (tensor<?x3xf64>, tensor<3xf64>, tensor<2xi64>) -> tensor<?x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @log_density(%a: tensor<?x3xf64>, %b: tensor<3xf64> {dither.range = [0.5, 2.0]}, %x: tensor<?x3xf64>) -> tensor<?x3xf64> {
    %y = dither.log_density #dither.normal(%a, %b) at %x : (tensor<?x3xf64>, tensor<3xf64>, tensor<?x3xf64>) -> tensor<?x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @score(%a: tensor<?x3xf64>, %b: tensor<?x3xf64>) -> tensor<?x3xf64> attributes {dither.no_slope} {
    %y = dither.score %a by %b : tensor<?x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @expect(%r: tensor<2xi64>, %a: tensor<?x3xf64>, %b: tensor<3xf64> {dither.range = [0.5, 2.0]}) -> tensor<?xf64> {
    %y = dither.expect %r {stream = 3 : i64, samples = 3 : i64} : tensor<2xi64> -> tensor<?xf64> {
    ^bb0(%own: tensor<2xi64>):
      %z = dither.draw #dither.normal(%a, %b) from %own {stream = 3 : i64, estimator = #dither.pathwise}
          : (tensor<?x3xf64>, tensor<3xf64>, tensor<2xi64>) -> tensor<?x3xf64>
      %s = dither.sin %z : tensor<?x3xf64>
      %c = dither.reduce sum %s {dims = array<i64: 1>} : tensor<?x3xf64>
      dither.yield %c : tensor<?xf64>
    }
    return %y : tensor<?xf64>
  }

  func.func @expect_bound(%r: tensor<2xi64>, %a: tensor<?xf64>) -> tensor<?xf64> {
    %one = dither.constant dense<1.0> : tensor<f64>
    %y = dither.expect %r combine log_mean_exp {stream = 3 : i64, samples = 3 : i64} : tensor<2xi64> -> tensor<?xf64> {
    ^bb0(%own: tensor<2xi64>):
      %z = dither.draw #dither.normal(%a, %one) from %own {stream = 3 : i64, estimator = #dither.pathwise}
          : (tensor<?xf64>, tensor<f64>, tensor<2xi64>) -> tensor<?xf64>
      %w = dither.mul %z, %a : tensor<?xf64>, tensor<?xf64>
      dither.yield %w : tensor<?xf64>
    }
    return %y : tensor<?xf64>
  }
}
