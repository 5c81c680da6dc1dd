dither.model @convolution {
  dither.param @w_dense : tensor<144x20xf32> init #dither.kaiming_uniform
  dither.param @w_listed : tensor<144x20xf32> init #dither.kaiming_uniform frozen {pattern = #dither.unstructured<sparsity = 0.8>}
  dither.param @w_packed : tensor<144x64xf32> init #dither.kaiming_uniform frozen {
    pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4, group = 16>}

  func.func @dense(%x: tensor<?x8x8x16xf32>) -> tensor<?x8x8x20xf32> {
    %w = dither.read @w_dense : tensor<144x20xf32>
    %y = dither.conv2d %x, %w {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x8x8x16xf32>, tensor<144x20xf32>
    return %y : tensor<?x8x8x20xf32>
  }
  func.func @listed(%x: tensor<?x7x8x16xf32>, %b: tensor<20xf32>) -> tensor<?x3x4x20xf32> {
    %w = dither.read @w_listed : tensor<144x20xf32>
    %y = dither.conv2d %x, %w, %b {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 1>}
      : tensor<?x7x8x16xf32>, tensor<144x20xf32>, tensor<20xf32>
    return %y : tensor<?x3x4x20xf32>
  }
  func.func @packed(%x: tensor<?x5x5x16xf32>) -> tensor<?x3x3x64xf32> {
    %w = dither.read @w_packed : tensor<144x64xf32>
    %y = dither.conv2d %x, %w {kernel = array<i64: 3, 3>} : tensor<?x5x5x16xf32>, tensor<144x64xf32>
    return %y : tensor<?x3x3x64xf32>
  }
  // Of bf16, tiles may take scratch memory for all rows.
  func.func @half(%x: tensor<?x5x5x16xf32>, %w: tensor<144x24xf32>) -> tensor<?x3x5x24xf32> {
    %a = dither.cast %x : tensor<?x5x5x16xf32> to tensor<?x5x5x16xbf16>
    %v = dither.cast %w : tensor<144x24xf32> to tensor<144x24xbf16>
    %h = dither.conv2d %a, %v {kernel = array<i64: 3, 3>, padding = array<i64: 0, 0, 1, 1>} : tensor<?x5x5x16xbf16>, tensor<144x24xbf16>
    %y = dither.cast %h : tensor<?x3x5x24xbf16> to tensor<?x3x5x24xf32>
    return %y : tensor<?x3x5x24xf32>
  }
  // The products of a step of training.
  func.func @gradients(%x: tensor<?x6x6x16xf32>, %w: tensor<64x24xf32>, %dy: tensor<?x3x3x24xf32>) -> (tensor<?x6x6x16xf32>, tensor<64x24xf32>) {
    %p = dither.patches %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : tensor<?x6x6x16xf32>
    %dw = dither.matmul %p, %dy {transpose_x} : tensor<?x3x3x64xf32>, tensor<?x3x3x24xf32>
    %dp = dither.matmul %dy, %w {transpose_y} : tensor<?x3x3x24xf32>, tensor<64x24xf32>
    %dx = dither.fold %dp {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : tensor<?x3x3x64xf32> to tensor<?x6x6x16xf32>
    return %dx, %dw : tensor<?x6x6x16xf32>, tensor<64x24xf32>
  }
  // The same on listed weights: nothing is computed for those that do not exist.
  func.func @listed_gradients(%x: tensor<?x7x8x16xf32>, %s: tensor<144x20xf32>, %dy: tensor<?x3x4x20xf32>)
      -> (tensor<?x3x4x20xf32>, tensor<?x7x8x16xf32>, tensor<576xf32>) {
    %m = dither.top_mask %s {count = 576 : i64} : tensor<144x20xf32>
    %rows, %offsets = dither.list_rows %m : tensor<144x20xi1> -> tensor<576xi8>, tensor<21xi32>
    %v = dither.gather_listed %s, %rows, %offsets : tensor<144x20xf32>, tensor<576xi8>, tensor<21xi32> -> tensor<576xf32>
    %w = dither.unpack %v, %rows, %offsets {pattern = #dither.unstructured<sparsity = 0.8>}
      : tensor<576xf32>, tensor<576xi8>, tensor<21xi32> -> tensor<144x20xf32>
    %y = dither.conv2d %x, %w {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 1>}
      : tensor<?x7x8x16xf32>, tensor<144x20xf32>
    %dp = dither.matmul %dy, %w {transpose_y} : tensor<?x3x4x20xf32>, tensor<144x20xf32>
    %dx = dither.fold %dp {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 1>}
      : tensor<?x3x4x144xf32> to tensor<?x7x8x16xf32>
    %p = dither.patches %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 1>} : tensor<?x7x8x16xf32>
    %d = dither.matmul %p, %dy {transpose_x} : tensor<?x3x4x144xf32>, tensor<?x3x4x20xf32>
    %dw = dither.sample %d, %rows, %offsets {pattern = #dither.unstructured<sparsity = 0.8>}
      : tensor<144x20xf32>, tensor<576xi8>, tensor<21xi32> -> tensor<576xf32>
    return %y, %dx, %dw : tensor<?x3x4x20xf32>, tensor<?x7x8x16xf32>, tensor<576xf32>
  }
  // Few channels, and windows that leave columns out or reach beyond the image.
  func.func @windows(%x: tensor<?x8x7x3xf32>) -> (tensor<?x4x3x18xf32>, tensor<?x5x3x18xf32>, tensor<?x4x2x75xf32>) {
    %a = dither.patches %x {kernel = array<i64: 2, 3>, strides = array<i64: 2, 2>} : tensor<?x8x7x3xf32>
    %b = dither.patches %x {kernel = array<i64: 2, 3>, strides = array<i64: 2, 2>, dilations = array<i64: 3, 2>, padding = array<i64: 2, 3, 1, 1>}
      : tensor<?x8x7x3xf32>
    %s = dither.slice %x {offsets = array<i64: 0, 2, 0, 0>, sizes = array<i64: -1, 4, 2, 3>, strides = array<i64: 1, 1, 1, 1>} : tensor<?x8x7x3xf32>
    %c = dither.patches %s {kernel = array<i64: 5, 5>, padding = array<i64: 2, 2, 2, 2>} : tensor<?x4x2x3xf32>
    return %a, %b, %c : tensor<?x4x3x18xf32>, tensor<?x5x3x18xf32>, tensor<?x4x2x75xf32>
  }
  func.func @folds(%p: tensor<?x8x8x144xf32>, %q: tensor<?x5x3x6xf64>, %r: tensor<3x2x2x27xf32>) -> (tensor<?x8x8x16xf32>, tensor<?x8x7x1xf64>, tensor<3x2x2x3xf16>) {
    %a = dither.fold %p {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x8x8x144xf32> to tensor<?x8x8x16xf32>
    %b = dither.fold %q {kernel = array<i64: 2, 3>, strides = array<i64: 2, 2>, dilations = array<i64: 3, 2>, padding = array<i64: 2, 3, 1, 1>}
      : tensor<?x5x3x6xf64> to tensor<?x8x7x1xf64>
    %s = dither.cast %r : tensor<3x2x2x27xf32> to tensor<3x2x2x27xf16>
    %c = dither.fold %s {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>} : tensor<3x2x2x27xf16> to tensor<3x2x2x3xf16>
    return %a, %b, %c : tensor<?x8x8x16xf32>, tensor<?x8x7x1xf64>, tensor<3x2x2x3xf16>
  }
  func.func @nothing(%x: tensor<2x3x3x0xf32>, %p: tensor<0x1x1x9xf32>) -> (tensor<2x3x3x0xf32>, tensor<2x1x1x0xf32>, tensor<0x3x3x1xf32>) {
    %a = dither.patches %x {kernel = array<i64: 3, 3>} : tensor<2x3x3x0xf32>
    %b = dither.fold %a {kernel = array<i64: 3, 3>} : tensor<2x1x1x0xf32> to tensor<2x3x3x0xf32>
    %c = dither.fold %p {kernel = array<i64: 3, 3>} : tensor<0x1x1x9xf32> to tensor<0x3x3x1xf32>
    return %b, %a, %c : tensor<2x3x3x0xf32>, tensor<2x1x1x0xf32>, tensor<0x3x3x1xf32>
  }
}
