dither.model @normalization {
  func.func @layer_norm(%a: tensor<?x2x4xf64>) -> tensor<?x2x4xf64> {
    %y = dither.layer_norm %a : tensor<?x2x4xf64>
    return %y : tensor<?x2x4xf64>
  }

  func.func @layer_norm_scale_shift(%a: tensor<?x2x4xf64>, %b: tensor<2x4xf64>, %c: tensor<2x4xf64>) -> tensor<?x2x4xf64> {
    %y = dither.layer_norm %a, %b, %c : tensor<?x2x4xf64>, tensor<2x4xf64>, tensor<2x4xf64>
    return %y : tensor<?x2x4xf64>
  }

  func.func @rms_norm(%a: tensor<?x2x4xf64>, %b: tensor<4xf64>) -> tensor<?x2x4xf64> {
    %y = dither.rms_norm %a, %b : tensor<?x2x4xf64>, tensor<4xf64>
    return %y : tensor<?x2x4xf64>
  }

  func.func @group_norm(%a: tensor<?x2x4xf64>, %b: tensor<4xf64>, %c: tensor<4xf64>) -> tensor<?x2x4xf64> {
    %y = dither.group_norm %a, %b, %c {groups = 2 : i64} : tensor<?x2x4xf64>, tensor<4xf64>, tensor<4xf64>
    return %y : tensor<?x2x4xf64>
  }

  func.func @batch_norm_statistics(%a: tensor<?x2x4xf64>, %b: tensor<4xf64>, %c: tensor<4xf64>) -> tensor<?x2x4xf64> {
    %n, %m, %v = dither.batch_norm %a, %b, %c : tensor<?x2x4xf64>, tensor<4xf64>, tensor<4xf64> -> tensor<4xf64>
    %s = dither.mul %n, %m : tensor<?x2x4xf64>, tensor<4xf64>
    %y = dither.add %s, %v : tensor<?x2x4xf64>, tensor<4xf64>
    return %y : tensor<?x2x4xf64>
  }

  func.func @batch_norm(%a: tensor<?x2x4xf64>, %b: tensor<4xf64>, %c: tensor<4xf64>) -> tensor<?x2x4xf64> {
    %n, %m, %v = dither.batch_norm %a, %b, %c : tensor<?x2x4xf64>, tensor<4xf64>, tensor<4xf64> -> tensor<4xf64>
    return %n : tensor<?x2x4xf64>
  }

  func.func @batch_norm_inference(%a: tensor<?x2x4xf64>, %b: tensor<4xf64>, %c: tensor<4xf64>, %d: tensor<4xf64>) -> tensor<?x2x4xf64> {
    %v = dither.mul %c, %c : tensor<4xf64>, tensor<4xf64>
    %y = dither.batch_norm_inference %a by %b, %v, %d : tensor<?x2x4xf64> by tensor<4xf64>, tensor<4xf64>
    return %y : tensor<?x2x4xf64>
  }
}
