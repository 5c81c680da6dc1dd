dither.model @convolution {
  func.func @patches(%a: tensor<?x4x5x2xf64>) -> tensor<?x2x5x12xf64> {
    %y = dither.patches %a {kernel = array<i64: 2, 3>, strides = array<i64: 2, 1>, padding = array<i64: 1, 0, 0, 2>, dilations = array<i64: 2, 1>} : tensor<?x4x5x2xf64>
    return %y : tensor<?x2x5x12xf64>
  }

  func.func @patches_of_more_than_the_image(%a: tensor<?x2x1x3xf64>) -> tensor<?x2x1x27xf64> {
    %y = dither.patches %a {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x2x1x3xf64>
    return %y : tensor<?x2x1x27xf64>
  }

  func.func @fold(%a: tensor<?x2x5x12xf64>) -> tensor<?x4x5x2xf64> {
    %y = dither.fold %a {kernel = array<i64: 2, 3>, strides = array<i64: 2, 1>, padding = array<i64: 1, 0, 0, 2>, dilations = array<i64: 2, 1>} : tensor<?x2x5x12xf64> to tensor<?x4x5x2xf64>
    return %y : tensor<?x4x5x2xf64>
  }

  func.func @conv2d(%a: tensor<?x4x5x2xf64>, %b: tensor<12x3xf64>) -> tensor<?x2x5x3xf64> {
    %y = dither.conv2d %a, %b {kernel = array<i64: 2, 3>, strides = array<i64: 2, 1>, padding = array<i64: 1, 0, 0, 2>, dilations = array<i64: 2, 1>} : tensor<?x4x5x2xf64>, tensor<12x3xf64>
    return %y : tensor<?x2x5x3xf64>
  }

  func.func @conv2d_bias(%a: tensor<?x4x5x2xf64>, %b: tensor<12x3xf64>, %c: tensor<3xf64>) -> tensor<?x2x5x3xf64> {
    %y = dither.conv2d %a, %b, %c {kernel = array<i64: 2, 3>, strides = array<i64: 2, 1>, padding = array<i64: 1, 0, 0, 2>, dilations = array<i64: 2, 1>} : tensor<?x4x5x2xf64>, tensor<12x3xf64>, tensor<3xf64>
    return %y : tensor<?x2x5x3xf64>
  }

  func.func @conv2d_groups(%a: tensor<?x5x4x6xf64>, %b: tensor<12x4xf64>, %c: tensor<4xf64>) -> tensor<?x4x3x4xf64> {
    %y = dither.conv2d %a, %b, %c {kernel = array<i64: 2, 2>, groups = 2 : i64} : tensor<?x5x4x6xf64>, tensor<12x4xf64>, tensor<4xf64>
    return %y : tensor<?x4x3x4xf64>
  }

  func.func @conv2d_depthwise(%a: tensor<?x5x4x6xf64>, %b: tensor<4x12xf64>, %c: tensor<12xf64>) -> tensor<?x5x3x12xf64> {
    %y = dither.conv2d %a, %b, %c {kernel = array<i64: 2, 2>, padding = array<i64: 0, 1, 0, 0>, groups = 6 : i64} : tensor<?x5x4x6xf64>, tensor<4x12xf64>, tensor<12xf64>
    return %y : tensor<?x5x3x12xf64>
  }

  func.func @conv1d(%a: tensor<?x7x2xf64>, %b: tensor<6x3xf64>, %c: tensor<3xf64>) -> tensor<?x3x3xf64> {
    %y = dither.conv1d %a, %b, %c {kernel = 3 : i64, stride = 2 : i64, padding = array<i64: 1, 0>} : tensor<?x7x2xf64>, tensor<6x3xf64>, tensor<3xf64>
    return %y : tensor<?x3x3xf64>
  }

  func.func @conv1d_depthwise_large(%a: tensor<?x105x2xf32>, %b: tensor<101x2xf32>) -> tensor<?x5x2xf32> {
    %y = dither.conv1d %a, %b {kernel = 101 : i64, groups = 2 : i64} : tensor<?x105x2xf32>, tensor<101x2xf32>
    return %y : tensor<?x5x2xf32>
  }

  func.func @conv_transpose2d(%a: tensor<?x2x3x2xf64>, %b: tensor<2x12xf64>, %c: tensor<3xf64>) -> tensor<?x4x3x3xf64> {
    %y = dither.conv_transpose2d %a, %b, %c {kernel = array<i64: 2, 2>, strides = array<i64: 2, 1>, padding = array<i64: 1, 0, 0, 1>, output_padding = array<i64: 1, 0>} : tensor<?x2x3x2xf64>, tensor<2x12xf64>, tensor<3xf64>
    return %y : tensor<?x4x3x3xf64>
  }
}
