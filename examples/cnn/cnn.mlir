// Handwritten digits with three convolutions, each followed by a normalization of its channels and a gelu; the second one also by a pooling.
// Inputs are 8x8 images with pixels 0 to 16; labels are 0 to 9.
dither.model @cnn {
  dither.param @w1 : tensor<9x32xf32> init #dither.kaiming_uniform
  dither.param @scale1 : tensor<32xf32> init #dither.fill<1.0>
  dither.param @shift1 : tensor<32xf32> init #dither.fill<0.0>
  dither.param @w2 : tensor<288x32xf32> init #dither.kaiming_uniform
  dither.param @scale2 : tensor<32xf32> init #dither.fill<1.0>
  dither.param @shift2 : tensor<32xf32> init #dither.fill<0.0>
  dither.param @w3 : tensor<288x64xf32> init #dither.kaiming_uniform
  dither.param @scale3 : tensor<64xf32> init #dither.fill<1.0>
  dither.param @shift3 : tensor<64xf32> init #dither.fill<0.0>
  dither.param @w4 : tensor<1024x10xf32> init #dither.kaiming_uniform
  dither.param @b4 : tensor<10xf32> init #dither.fill<0.0>

  func.func @forward(%x: tensor<?x64xf32>) -> tensor<?x10xf32> {
    %w1 = dither.read @w1 : tensor<9x32xf32>
    %scale1 = dither.read @scale1 : tensor<32xf32>
    %shift1 = dither.read @shift1 : tensor<32xf32>
    %w2 = dither.read @w2 : tensor<288x32xf32>
    %scale2 = dither.read @scale2 : tensor<32xf32>
    %shift2 = dither.read @shift2 : tensor<32xf32>
    %w3 = dither.read @w3 : tensor<288x64xf32>
    %scale3 = dither.read @scale3 : tensor<64xf32>
    %shift3 = dither.read @shift3 : tensor<64xf32>
    %w4 = dither.read @w4 : tensor<1024x10xf32>
    %b4 = dither.read @b4 : tensor<10xf32>
    %sixteenth = dither.constant dense<0.0625> : tensor<f32>
    %pixels = dither.mul %x, %sixteenth : tensor<?x64xf32>, tensor<f32>
    %images = dither.reshape %pixels : tensor<?x64xf32> to tensor<?x8x8x1xf32>

    %z1 = dither.conv2d %images, %w1 {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>}
      : tensor<?x8x8x1xf32>, tensor<9x32xf32>
    %n1 = dither.layer_norm %z1, %scale1, %shift1 : tensor<?x8x8x32xf32>, tensor<32xf32>, tensor<32xf32>
    %h1 = dither.gelu %n1 : tensor<?x8x8x32xf32>
    %z2 = dither.conv2d %h1, %w2 {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>}
      : tensor<?x8x8x32xf32>, tensor<288x32xf32>
    %n2 = dither.layer_norm %z2, %scale2, %shift2 : tensor<?x8x8x32xf32>, tensor<32xf32>, tensor<32xf32>
    %h2 = dither.gelu %n2 : tensor<?x8x8x32xf32>
    %p2 = dither.max_pool2d %h2 {kernel = array<i64: 2, 2>} : tensor<?x8x8x32xf32>
    %z3 = dither.conv2d %p2, %w3 {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>}
      : tensor<?x4x4x32xf32>, tensor<288x64xf32>
    %n3 = dither.layer_norm %z3, %scale3, %shift3 : tensor<?x4x4x64xf32>, tensor<64xf32>, tensor<64xf32>
    %h3 = dither.gelu %n3 : tensor<?x4x4x64xf32>
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

  dither.train @fit loss @loss metric @correct optimizer #dither.adamw<rate = 3.0e-3, decay = 0.05> {
    schedule = #dither.linear_decay<to = 0.0>, batch = 64 : i64, epochs = 15 : i64}
}
