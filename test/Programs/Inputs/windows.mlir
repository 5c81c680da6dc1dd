// Pooling and convolutions that are expressions in patches, reshapes and products.
dither.model @windows {
  func.func @largest(%x: tensor<?x9x8x5xf32>) -> (tensor<?x4x4x5xf32>, tensor<?x5x3x5xf32>, tensor<?x9x8x5xf32>) {
    %a = dither.max_pool2d %x {kernel = array<i64: 2, 2>} : tensor<?x9x8x5xf32>
    %b = dither.max_pool2d %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 3>, padding = array<i64: 1, 1, 1, 0>} : tensor<?x9x8x5xf32>
    %c = dither.max_pool2d %x {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, padding = array<i64: 2, 2, 2, 2>, dilations = array<i64: 2, 2>}
      : tensor<?x9x8x5xf32>
    return %a, %b, %c : tensor<?x4x4x5xf32>, tensor<?x5x3x5xf32>, tensor<?x9x8x5xf32>
  }
  func.func @means(%x: tensor<?x9x8x5xf32>) -> (tensor<?x4x4x5xf32>, tensor<?x9x8x5xf32>, tensor<?x1x1x5xf32>, tensor<?x3x3x5xf32>) {
    %a = dither.avg_pool2d %x {kernel = array<i64: 2, 2>} : tensor<?x9x8x5xf32>
    %b = dither.avg_pool2d %x {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x9x8x5xf32>
    %c = dither.avg_pool2d %x {kernel = array<i64: 9, 8>} : tensor<?x9x8x5xf32>
    %d = dither.avg_pool2d %x {kernel = array<i64: 5, 4>, strides = array<i64: 4, 3>, padding = array<i64: 2, 2, 2, 0>, count_padding} : tensor<?x9x8x5xf32>
    return %a, %b, %c, %d : tensor<?x4x4x5xf32>, tensor<?x9x8x5xf32>, tensor<?x1x1x5xf32>, tensor<?x3x3x5xf32>
  }
  func.func @few(%x: tensor<2x4x4x0xf32>, %y: tensor<0x4x4x3xf32>, %z: tensor<1x1x1x1xf32>)
      -> (tensor<2x2x2x0xf32>, tensor<0x3x3x3xf32>, tensor<1x3x3x1xf32>, tensor<1x1x1x1xf32>) {
    %a = dither.max_pool2d %x {kernel = array<i64: 2, 2>} : tensor<2x4x4x0xf32>
    %b = dither.avg_pool2d %y {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>} : tensor<0x4x4x3xf32>
    // Windows that see padding alone: -inf.
    %c = dither.max_pool2d %z {kernel = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>} : tensor<1x1x1x1xf32>
    %d = dither.avg_pool2d %z {kernel = array<i64: 1, 1>} : tensor<1x1x1x1xf32>
    return %a, %b, %c, %d : tensor<2x2x2x0xf32>, tensor<0x3x3x3xf32>, tensor<1x3x3x1xf32>, tensor<1x1x1x1xf32>
  }
  func.func @short(%x: tensor<?x6x6x8xf32>, %w: tensor<9x8xf32>) -> tensor<?x2x2x8xf32> {
    %h = dither.cast %x : tensor<?x6x6x8xf32> to tensor<?x6x6x8xbf16>
    %v = dither.cast %w : tensor<9x8xf32> to tensor<9x8xbf16>
    %p = dither.max_pool2d %h {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>} : tensor<?x6x6x8xbf16>
    %d = dither.conv2d %p, %v {kernel = array<i64: 3, 3>, groups = 8 : i64} : tensor<?x4x4x8xbf16>, tensor<9x8xbf16>
    %y = dither.cast %d : tensor<?x2x2x8xbf16> to tensor<?x2x2x8xf32>
    return %y : tensor<?x2x2x8xf32>
  }
  func.func @groups(%x: tensor<?x6x6x16xf32>, %w: tensor<36x20xf32>, %b: tensor<20xf32>, %d: tensor<9x48xf32>)
      -> (tensor<?x6x6x20xf32>, tensor<?x3x3x48xf32>) {
    %y = dither.conv2d %x, %w, %b {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>, groups = 4 : i64}
      : tensor<?x6x6x16xf32>, tensor<36x20xf32>, tensor<20xf32>
    %z = dither.conv2d %x, %d {kernel = array<i64: 3, 3>, padding = array<i64: 1, 0, 1, 0>, strides = array<i64: 2, 2>, groups = 16 : i64}
      : tensor<?x6x6x16xf32>, tensor<9x48xf32>
    return %y, %z : tensor<?x6x6x20xf32>, tensor<?x3x3x48xf32>
  }
  func.func @sequences(%x: tensor<?x50x16xf32>, %w: tensor<48x20xf32>, %d: tensor<4x16xf32>) -> (tensor<?x50x20xf32>, tensor<?x44x16xf32>) {
    %y = dither.conv1d %x, %w {kernel = 3 : i64, padding = array<i64: 1, 1>} : tensor<?x50x16xf32>, tensor<48x20xf32>
    %z = dither.conv1d %x, %d {kernel = 4 : i64, dilation = 2 : i64, groups = 16 : i64} : tensor<?x50x16xf32>, tensor<4x16xf32>
    return %y, %z : tensor<?x50x20xf32>, tensor<?x44x16xf32>
  }
  // Windows of so many elements are copied.
  func.func @wide(%x: tensor<?x120x4xf32>, %w: tensor<101x8xf32>, %y: tensor<?x20x18x3xf32>) -> (tensor<?x20x8xf32>, tensor<?x4x2x3xf32>) {
    %a = dither.conv1d %x, %w {kernel = 101 : i64, groups = 4 : i64} : tensor<?x120x4xf32>, tensor<101x8xf32>
    %b = dither.max_pool2d %y {kernel = array<i64: 17, 17>, strides = array<i64: 1, 1>} : tensor<?x20x18x3xf32>
    return %a, %b : tensor<?x20x8xf32>, tensor<?x4x2x3xf32>
  }
  func.func @larger(%x: tensor<?x4x4x16xf32>, %w: tensor<16x45xf32>, %b: tensor<5xf32>) -> tensor<?x8x8x5xf32> {
    %y = dither.conv_transpose2d %x, %w, %b {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>, output_padding = array<i64: 1, 1>}
      : tensor<?x4x4x16xf32>, tensor<16x45xf32>, tensor<5xf32>
    return %y : tensor<?x8x8x5xf32>
  }
}
