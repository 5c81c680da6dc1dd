dither.model @loss {
  func.func @softmax(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.softmax %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @log_softmax(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.log_softmax %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @cross_entropy(%a: tensor<?x3xf64>, %b: tensor<?xi32>) -> tensor<f64> {
    %y = dither.cross_entropy %a, %b : tensor<?x3xf64>, tensor<?xi32>
    return %y : tensor<f64>
  }

  func.func @cross_entropy_of_sequences(%a: tensor<?x2x3x5xf64>, %b: tensor<?x2x3xi32>) -> tensor<f64> {
    %y = dither.cross_entropy %a, %b : tensor<?x2x3x5xf64>, tensor<?x2x3xi32>
    return %y : tensor<f64>
  }
}
