dither.model @attention {
  // Two heads for each group of keys.
  func.func @attention_groups(%a: tensor<?x4x3x2xf64>, %b: tensor<?x2x5x2xf64>, %c: tensor<?x2x5x3xf64>) -> tensor<?x4x3x3xf64> {
    %y, %lse = dither.attention %a, %b, %c : tensor<?x4x3x2xf64>, tensor<?x2x5x2xf64>, tensor<?x2x5x3xf64>
    return %y : tensor<?x4x3x3xf64>
  }

  func.func @attention_causal(%a: tensor<?x2x4x2xf64>, %b: tensor<?x2x4x2xf64>, %c: tensor<?x2x4x2xf64>) -> tensor<?x2x4x2xf64> {
    %y, %lse = dither.attention %a, %b, %c {causal, scale = 0.5} : tensor<?x2x4x2xf64>, tensor<?x2x4x2xf64>, tensor<?x2x4x2xf64>
    return %y : tensor<?x2x4x2xf64>
  }

  func.func @attention_bias(%a: tensor<?x2x3x2xf64>, %b: tensor<?x1x4x2xf64>, %c: tensor<?x1x4x2xf64>, %d: tensor<2x3x4xf64>) -> tensor<?x2x3x2xf64> {
    %y, %lse = dither.attention %a, %b, %c bias %d : tensor<?x2x3x2xf64>, tensor<?x1x4x2xf64>, tensor<?x1x4x2xf64>, tensor<2x3x4xf64>
    return %y : tensor<?x2x3x2xf64>
  }

  func.func @attention_shared_bias(%a: tensor<?x2x3x2xf64>, %b: tensor<?x2x4x2xf64>, %c: tensor<?x2x4x2xf64>, %d: tensor<1x3x4xf64>) -> tensor<?x2x3x2xf64> {
    %y, %lse = dither.attention %a, %b, %c bias %d {causal} : tensor<?x2x3x2xf64>, tensor<?x2x4x2xf64>, tensor<?x2x4x2xf64>, tensor<1x3x4xf64>
    return %y : tensor<?x2x3x2xf64>
  }

  // The logarithm of the sum of weights, which is -inf where there are no keys.
  func.func @attention_sum(%a: tensor<?x1x3x2xf64>, %b: tensor<?x1x4x2xf64>, %c: tensor<?x1x4x2xf64>) -> tensor<?x1x3xf64> {
    %y, %lse = dither.attention %a, %b, %c : tensor<?x1x3x2xf64>, tensor<?x1x4x2xf64>, tensor<?x1x4x2xf64>
    %l = dither.constant dense<-20.0> : tensor<f64>
    %z = dither.max %lse, %l : tensor<?x1x3xf64>, tensor<f64>
    return %z : tensor<?x1x3xf64>
  }
}
