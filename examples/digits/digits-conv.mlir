// Handwritten digits with convolutions, of whose hidden weights one tenth exists, chosen at the start: static sparse training. The product of patches
// with the weights is that of a matrix whose elements are listed, forward and backward.
// Inputs are 8x8 images with pixels 0 to 16; labels are 0 to 9.
dither.model @digits_conv {
  dither.param @w1 : tensor<9x32xf32> init #dither.kaiming_uniform
  dither.param @b1 : tensor<32xf32> init #dither.fill<0.0>
  dither.param @w2 : tensor<288x64xf32> init #dither.kaiming_uniform {
    pattern = #dither.unstructured<sparsity = 0.9>, recipe = #dither.static_sparse}
  dither.param @b2 : tensor<64xf32> init #dither.fill<0.0>
  dither.param @w3 : tensor<576x64xf32> init #dither.kaiming_uniform {
    pattern = #dither.unstructured<sparsity = 0.9>, recipe = #dither.static_sparse}
  dither.param @b3 : tensor<64xf32> init #dither.fill<0.0>
  dither.param @w4 : tensor<1024x10xf32> init #dither.kaiming_uniform
  dither.param @b4 : tensor<10xf32> init #dither.fill<0.0>

  func.func @forward(%x: tensor<?x64xf32>) -> tensor<?x10xf32> {
    %w1 = dither.read @w1 : tensor<9x32xf32>
    %b1 = dither.read @b1 : tensor<32xf32>
    %w2 = dither.read @w2 : tensor<288x64xf32>
    %b2 = dither.read @b2 : tensor<64xf32>
    %w3 = dither.read @w3 : tensor<576x64xf32>
    %b3 = dither.read @b3 : tensor<64xf32>
    %w4 = dither.read @w4 : tensor<1024x10xf32>
    %b4 = dither.read @b4 : tensor<10xf32>
    %sixteenth = dither.constant dense<0.0625> : tensor<f32>
    %pixels = dither.mul %x, %sixteenth : tensor<?x64xf32>, tensor<f32>
    %images = dither.reshape %pixels : tensor<?x64xf32> to tensor<?x8x8x1xf32>
    %z1 = dither.conv2d %images, %w1, %b1 {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>}
      : tensor<?x8x8x1xf32>, tensor<9x32xf32>, tensor<32xf32>
    %h1 = dither.gelu %z1 : tensor<?x8x8x32xf32>
    %z2 = dither.conv2d %h1, %w2, %b2 {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>}
      : tensor<?x8x8x32xf32>, tensor<288x64xf32>, tensor<64xf32>
    %h2 = dither.gelu %z2 : tensor<?x4x4x64xf32>
    %z3 = dither.conv2d %h2, %w3, %b3 {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>}
      : tensor<?x4x4x64xf32>, tensor<576x64xf32>, tensor<64xf32>
    %h3 = dither.gelu %z3 : tensor<?x4x4x64xf32>
    %flat = dither.reshape %h3 : tensor<?x4x4x64xf32> to tensor<?x1024xf32>
    %logits = dither.linear %flat, %w4, %b4 : tensor<?x1024xf32>, tensor<1024x10xf32>, tensor<10xf32>
    return %logits : tensor<?x10xf32>
  }

  func.func @loss(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<f32> {
    %logits = func.call @forward(%x) : (tensor<?x64xf32>) -> tensor<?x10xf32>
    %loss = dither.cross_entropy %logits, %labels : tensor<?x10xf32>, tensor<?xi32>
    return %loss : tensor<f32>
  }

  // 1 for each image whose largest logit is that of its label.
  func.func @correct(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<?xf32> {
    %logits = func.call @forward(%x) : (tensor<?x64xf32>) -> tensor<?x10xf32>
    %digits = dither.argmax %logits : tensor<?x10xf32>
    %hits = dither.compare eq %digits, %labels : tensor<?xi32>, tensor<?xi32>
    %correct = dither.cast %hits : tensor<?xi1> to tensor<?xf32>
    return %correct : tensor<?xf32>
  }

  dither.train @fit loss @loss metric @correct optimizer #dither.adamw<rate = 4.0e-3, decay = 0.05> {
    schedule = #dither.linear_decay<to = 0.0>, batch = 64 : i64, epochs = 15 : i64}
}
