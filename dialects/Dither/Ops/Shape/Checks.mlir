dither.model @shape {
  func.func @reshape(%a: tensor<?x6xf64>) -> tensor<?x2x3xf64> {
    %y = dither.reshape %a : tensor<?x6xf64> to tensor<?x2x3xf64>
    return %y : tensor<?x2x3xf64>
  }

  func.func @transpose(%a: tensor<?x2x3xf64>) -> tensor<3x?x2xf64> {
    %y = dither.transpose %a {permutation = array<i64: 2, 0, 1>} : tensor<?x2x3xf64>
    return %y : tensor<3x?x2xf64>
  }

  func.func @broadcast(%a: tensor<5xf64>, %b: tensor<2x?x5xf64>) -> tensor<2x?x5xf64> {
    %y = dither.broadcast %a like %b : tensor<5xf64>, tensor<2x?x5xf64>
    return %y : tensor<2x?x5xf64>
  }

  func.func @slice(%a: tensor<?x8xf64>) -> tensor<?x3xf64> {
    %y = dither.slice %a {offsets = array<i64: 0, 1>, sizes = array<i64: -1, 3>, strides = array<i64: 1, 2>} : tensor<?x8xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @embed(%a: tensor<?x3xf64>, %b: tensor<?x8xf64>) -> tensor<?x8xf64> {
    %y = dither.embed %a like %b {offsets = array<i64: 0, 1>, strides = array<i64: 1, 2>} : tensor<?x3xf64>, tensor<?x8xf64>
    return %y : tensor<?x8xf64>
  }

  func.func @embed_of_a_product(%a: tensor<?x5xf64>, %b: tensor<5x3xf64>, %c: tensor<?x8xf64>) -> tensor<?x8xf64> {
    %p = dither.matmul %a, %b : tensor<?x5xf64>, tensor<5x3xf64>
    %y = dither.embed %p like %c {offsets = array<i64: 0, 1>, strides = array<i64: 1, 2>} : tensor<?x3xf64>, tensor<?x8xf64>
    return %y : tensor<?x8xf64>
  }

  func.func @constant() -> tensor<1x3xf32> {
    %y = dither.constant dense<[[1.0, -2.0, 0.5]]> : tensor<1x3xf32>
    return %y : tensor<1x3xf32>
  }

  func.func @iota() -> tensor<3x7xi32> {
    %y = dither.iota {dim = 1 : i64} : tensor<3x7xi32>
    return %y : tensor<3x7xi32>
  }
}
