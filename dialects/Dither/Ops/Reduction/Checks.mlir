dither.model @reduction {
  func.func @sum_all(%a: tensor<?x2x3xf64>) -> tensor<f64> {
    %y = dither.reduce sum %a : tensor<?x2x3xf64>
    return %y : tensor<f64>
  }

  func.func @sum_batch(%a: tensor<?x2x3xf64>) -> tensor<1x2x3xf64> {
    %y = dither.reduce sum %a {dims = array<i64: 0>, keep} : tensor<?x2x3xf64>
    return %y : tensor<1x2x3xf64>
  }

  func.func @sum_inner(%a: tensor<?x2x3xf64>) -> tensor<?x3xf64> {
    %y = dither.reduce sum %a {dims = array<i64: 1>} : tensor<?x2x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @sum_two(%a: tensor<?x2x3xf64>) -> tensor<2xf64> {
    %y = dither.reduce sum %a {dims = array<i64: 0, 2>} : tensor<?x2x3xf64>
    return %y : tensor<2xf64>
  }

  func.func @max_all(%a: tensor<?x2x3xf64>) -> tensor<f64> attributes {dither.first_order} {
    %y = dither.reduce max %a : tensor<?x2x3xf64>
    return %y : tensor<f64>
  }

  func.func @max_batch(%a: tensor<?x2x3xf64>) -> tensor<1x2x3xf64> attributes {dither.first_order} {
    %y = dither.reduce max %a {dims = array<i64: 0>, keep} : tensor<?x2x3xf64>
    return %y : tensor<1x2x3xf64>
  }

  func.func @max_inner(%a: tensor<?x2x3xf64>) -> tensor<?x3xf64> attributes {dither.first_order} {
    %y = dither.reduce max %a {dims = array<i64: 1>} : tensor<?x2x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @max_two(%a: tensor<?x2x3xf64>) -> tensor<2xf64> attributes {dither.first_order} {
    %y = dither.reduce max %a {dims = array<i64: 0, 2>} : tensor<?x2x3xf64>
    return %y : tensor<2xf64>
  }

  func.func @min_all(%a: tensor<?x2x3xf64>) -> tensor<f64> attributes {dither.first_order} {
    %y = dither.reduce min %a : tensor<?x2x3xf64>
    return %y : tensor<f64>
  }

  func.func @min_batch(%a: tensor<?x2x3xf64>) -> tensor<1x2x3xf64> attributes {dither.first_order} {
    %y = dither.reduce min %a {dims = array<i64: 0>, keep} : tensor<?x2x3xf64>
    return %y : tensor<1x2x3xf64>
  }

  func.func @min_inner(%a: tensor<?x2x3xf64>) -> tensor<?x3xf64> attributes {dither.first_order} {
    %y = dither.reduce min %a {dims = array<i64: 1>} : tensor<?x2x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @min_two(%a: tensor<?x2x3xf64>) -> tensor<2xf64> attributes {dither.first_order} {
    %y = dither.reduce min %a {dims = array<i64: 0, 2>} : tensor<?x2x3xf64>
    return %y : tensor<2xf64>
  }

  func.func @mean_all(%a: tensor<?x2x3xf64>) -> tensor<f64> {
    %y = dither.mean %a : tensor<?x2x3xf64>
    return %y : tensor<f64>
  }

  func.func @mean_batch(%a: tensor<?x2x3xf64>) -> tensor<1x2x3xf64> {
    %y = dither.mean %a {dims = array<i64: 0>, keep} : tensor<?x2x3xf64>
    return %y : tensor<1x2x3xf64>
  }

  func.func @mean_inner(%a: tensor<?x2x3xf64>) -> tensor<?x3xf64> {
    %y = dither.mean %a {dims = array<i64: 1>} : tensor<?x2x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @mean_two(%a: tensor<?x2x3xf64>) -> tensor<2xf64> {
    %y = dither.mean %a {dims = array<i64: 0, 2>} : tensor<?x2x3xf64>
    return %y : tensor<2xf64>
  }

  func.func @cumsum_0(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.cumsum %a {dim = 0 : i64} : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @cumsum_1(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.cumsum %a {dim = 1 : i64} : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @normalize(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %m = dither.mean %a {dims = array<i64: 1>, keep} : tensor<?x5xf64>
    %d = dither.sub %a, %m : tensor<?x5xf64>, tensor<?x1xf64>
    %q = dither.mul %d, %d : tensor<?x5xf64>, tensor<?x5xf64>
    %v = dither.mean %q {dims = array<i64: 1>, keep} : tensor<?x5xf64>
    %e = dither.constant dense<0.01> : tensor<f64>
    %s = dither.add %v, %e : tensor<?x1xf64>, tensor<f64>
    %r = dither.rsqrt %s : tensor<?x1xf64>
    %y = dither.mul %d, %r : tensor<?x5xf64>, tensor<?x1xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @count(%a: tensor<?x5xf32>) -> tensor<f32> {
    %y = dither.count %a {dims = array<i64: 0>} : tensor<?x5xf32> -> tensor<f32>
    return %y : tensor<f32>
  }

  func.func @argmax(%a: tensor<?x5xf32>) -> tensor<?xi32> {
    %y = dither.argmax %a : tensor<?x5xf32>
    return %y : tensor<?xi32>
  }

  func.func @argmax_integers(%a: tensor<?x5xi32>) -> tensor<?xi32> {
    %y = dither.argmax %a : tensor<?x5xi32>
    return %y : tensor<?xi32>
  }

  func.func @sum_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}) -> tensor<5xi32> {
    %y = dither.reduce sum %a {dims = array<i64: 0>} : tensor<?x5xi32>
    return %y : tensor<5xi32>
  }

  func.func @max_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}) -> tensor<5xi32> {
    %y = dither.reduce max %a {dims = array<i64: 0>} : tensor<?x5xi32>
    return %y : tensor<5xi32>
  }

  func.func @cumsum_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}) -> tensor<?x5xi32> {
    %y = dither.cumsum %a {dim = 1 : i64} : tensor<?x5xi32>
    return %y : tensor<?x5xi32>
  }
}
