dither.model @rearrange {
  func.func @concat(%a: tensor<?x3x4xf64>, %b: tensor<?x2x4xf64>) -> tensor<?x8x4xf64> {
    %y = dither.concat %a, %b, %a {dim = 1 : i64} : tensor<?x3x4xf64>, tensor<?x2x4xf64>, tensor<?x3x4xf64>
    return %y : tensor<?x8x4xf64>
  }

  func.func @concat_rows(%a: tensor<2x3xf64>, %b: tensor<0x3xf64>, %c: tensor<1x3xf64>) -> tensor<3x3xf64> {
    %y = dither.concat %a, %b, %c {dim = 0 : i64} : tensor<2x3xf64>, tensor<0x3xf64>, tensor<1x3xf64>
    return %y : tensor<3x3xf64>
  }

  func.func @concat_bits(%a: tensor<?x3xi1>, %b: tensor<?x1xi1>) -> tensor<?x4xi1> {
    %y = dither.concat %a, %b {dim = 1 : i64} : tensor<?x3xi1>, tensor<?x1xi1>
    return %y : tensor<?x4xi1>
  }

  func.func @pad(%a: tensor<?x3x4xf64>) -> tensor<?x6x5xf64> {
    %y = dither.pad %a {low = array<i64: 0, 1, 0>, high = array<i64: 0, 2, 1>, value = 0.5 : f64} : tensor<?x3x4xf64>
    return %y : tensor<?x6x5xf64>
  }

  func.func @pad_infinity(%a: tensor<?x3xbf16>) -> tensor<?x4xbf16> {
    %y = dither.pad %a {low = array<i64: 0, 1>, high = array<i64: 0, 0>, value = 0xFFF0000000000000 : f64} : tensor<?x3xbf16>
    return %y : tensor<?x4xbf16>
  }

  func.func @pad_integers(%a: tensor<3x0xi8>) -> tensor<4x2xi8> {
    %y = dither.pad %a {low = array<i64: 1, 2>, high = array<i64: 0, 0>, value = -128.0 : f64} : tensor<3x0xi8>
    return %y : tensor<4x2xi8>
  }

  func.func @reverse(%a: tensor<?x3x4xf64>) -> tensor<?x3x4xf64> {
    %y = dither.reverse %a {dims = array<i64: 1, 2>} : tensor<?x3x4xf64>
    return %y : tensor<?x3x4xf64>
  }

  func.func @roll(%a: tensor<?x3x4xf64>) -> tensor<?x3x4xf64> {
    %y = dither.roll %a {shifts = array<i64: -4, 3>, dims = array<i64: 1, 2>} : tensor<?x3x4xf64>
    return %y : tensor<?x3x4xf64>
  }

  func.func @repeat(%a: tensor<?x3x4xf64>) -> tensor<?x6x12xf64> {
    %y = dither.repeat %a {counts = array<i64: 1, 2, 3>} : tensor<?x3x4xf64>
    return %y : tensor<?x6x12xf64>
  }

  func.func @repeat_bits(%a: tensor<2x3xi1>) -> tensor<4x6xi1> {
    %y = dither.repeat %a {counts = array<i64: 2, 2>} : tensor<2x3xi1>
    return %y : tensor<4x6xi1>
  }

  func.func @split(%a: tensor<?x3x4xf64>) -> (tensor<?x3x1xf64>, tensor<?x3x3xf64>) {
    %y, %z = dither.split %a {dim = 2 : i64, sizes = array<i64: 1, 3>} : tensor<?x3x4xf64>
    return %y, %z : tensor<?x3x1xf64>, tensor<?x3x3xf64>
  }
}
