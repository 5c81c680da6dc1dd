// Handwritten digits with hidden weights of which one tenth exists, chosen at the start: static sparse training. The weights, their gradients and
// what the optimizer remembers of them are never dense, and products skip what does not exist, forward and backward.
// Inputs are 8x8 images with pixels 0 to 16; labels are 0 to 9.
dither.model @digits_static {
  dither.param @w1 : tensor<64x256xf32> init #dither.kaiming_uniform {
    pattern = #dither.unstructured<sparsity = 0.9>, recipe = #dither.static_sparse}
  dither.param @b1 : tensor<256xf32> init #dither.fill<0.0>
  dither.param @w2 : tensor<256x128xf32> init #dither.kaiming_uniform {
    pattern = #dither.unstructured<sparsity = 0.9>, recipe = #dither.static_sparse}
  dither.param @b2 : tensor<128xf32> init #dither.fill<0.0>
  dither.param @w3 : tensor<128x10xf32> init #dither.kaiming_uniform
  dither.param @b3 : tensor<10xf32> init #dither.fill<0.0>

  func.func @forward(%x: tensor<?x64xf32>) -> tensor<?x10xf32> {
    %w1 = dither.read @w1 : tensor<64x256xf32>
    %b1 = dither.read @b1 : tensor<256xf32>
    %w2 = dither.read @w2 : tensor<256x128xf32>
    %b2 = dither.read @b2 : tensor<128xf32>
    %w3 = dither.read @w3 : tensor<128x10xf32>
    %b3 = dither.read @b3 : tensor<10xf32>
    %sixteenth = dither.constant dense<0.0625> : tensor<f32>
    %pixels = dither.mul %x, %sixteenth : tensor<?x64xf32>, tensor<f32>
    %z1 = dither.linear %pixels, %w1, %b1 : tensor<?x64xf32>, tensor<64x256xf32>, tensor<256xf32>
    %h1 = dither.gelu %z1 : tensor<?x256xf32>
    %z2 = dither.linear %h1, %w2, %b2 : tensor<?x256xf32>, tensor<256x128xf32>, tensor<128xf32>
    %h2 = dither.gelu %z2 : tensor<?x128xf32>
    %logits = dither.linear %h2, %w3, %b3 : tensor<?x128xf32>, tensor<128x10xf32>, tensor<10xf32>
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

  dither.train @fit loss @loss metric @correct optimizer #dither.adamw<rate = 1.0e-3> {
    schedule = #dither.linear_decay<to = 0.0>, batch = 64 : i64, epochs = 60 : i64}
}
