dither.model @pooling {
  func.func @max_pool2d(%a: tensor<?x5x4x6xf64>) -> tensor<?x2x2x6xf64> attributes {dither.first_order} {
    %y = dither.max_pool2d %a {kernel = array<i64: 2, 2>} : tensor<?x5x4x6xf64>
    return %y : tensor<?x2x2x6xf64>
  }

  func.func @max_pool2d_overlapping(%a: tensor<?x5x4x6xf64>) -> tensor<?x5x2x6xf64> attributes {dither.first_order} {
    %y = dither.max_pool2d %a {kernel = array<i64: 3, 2>, strides = array<i64: 1, 2>, padding = array<i64: 1, 1, 0, 1>} : tensor<?x5x4x6xf64>
    return %y : tensor<?x5x2x6xf64>
  }

  func.func @max_pool2d_large(%a: tensor<?x20x18x2xf32>) -> tensor<?x4x2x2xf32> {
    %y = dither.max_pool2d %a {kernel = array<i64: 17, 17>, strides = array<i64: 1, 1>} : tensor<?x20x18x2xf32>
    return %y : tensor<?x4x2x2xf32>
  }

  func.func @avg_pool2d(%a: tensor<?x5x4x6xf64>) -> tensor<?x3x1x6xf64> {
    %y = dither.avg_pool2d %a {kernel = array<i64: 2, 3>, padding = array<i64: 1, 0, 0, 1>, count_padding} : tensor<?x5x4x6xf64>
    return %y : tensor<?x3x1x6xf64>
  }

  func.func @avg_pool2d_overlapping(%a: tensor<?x5x4x6xf64>) -> tensor<?x5x2x6xf64> {
    %y = dither.avg_pool2d %a {kernel = array<i64: 3, 2>, strides = array<i64: 1, 2>, padding = array<i64: 1, 1, 0, 1>} : tensor<?x5x4x6xf64>
    return %y : tensor<?x5x2x6xf64>
  }

  func.func @avg_pool2d_short(%a: tensor<?x4x4x3xbf16>) -> tensor<?x2x2x3xbf16> {
    %y = dither.avg_pool2d %a {kernel = array<i64: 2, 2>} : tensor<?x4x4x3xbf16>
    return %y : tensor<?x2x2x3xbf16>
  }
}
