// A table of vectors for tokens, and windows over what it gives, in a step of training.
dither.model @learned_table {
  dither.param @table : tensor<11x6xf32> init #dither.kaiming_uniform
  dither.param @w1 : tensor<6x12xf32> init #dither.kaiming_uniform
  dither.param @w2 : tensor<4x12xf32> init #dither.kaiming_uniform
  dither.param @w3 : tensor<36x3xf32> init #dither.kaiming_uniform

  func.func @forward(%tokens: tensor<?x16xf32>) -> tensor<?x3xf32> {
    %table = dither.read @table : tensor<11x6xf32>
    %w1 = dither.read @w1 : tensor<6x12xf32>
    %w2 = dither.read @w2 : tensor<4x12xf32>
    %w3 = dither.read @w3 : tensor<36x3xf32>
    %positions = dither.cast %tokens : tensor<?x16xf32> to tensor<?x16xi32>
    %vectors = dither.gather %table, %positions : tensor<11x6xf32>, tensor<?x16xi32>
    %mixed = dither.conv1d %vectors, %w1 {kernel = 2 : i64, padding = array<i64: 0, 1>, groups = 2 : i64} : tensor<?x16x6xf32>, tensor<6x12xf32>
    %h1 = dither.gelu %mixed : tensor<?x16x12xf32>
    %images = dither.reshape %h1 : tensor<?x16x12xf32> to tensor<?x4x4x12xf32>
    %seen = dither.conv2d %images, %w2 {kernel = array<i64: 2, 2>, padding = array<i64: 0, 1, 0, 1>, groups = 12 : i64}
      : tensor<?x4x4x12xf32>, tensor<4x12xf32>
    %h2 = dither.gelu %seen : tensor<?x4x4x12xf32>
    %largest = dither.max_pool2d %h2 {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, padding = array<i64: 1, 0, 0, 0>} : tensor<?x4x4x12xf32>
    %means = dither.avg_pool2d %largest {kernel = array<i64: 4, 3>} : tensor<?x4x3x12xf32>
    %others = dither.max_pool2d %h2 {kernel = array<i64: 4, 2>} : tensor<?x4x4x12xf32>
    %flat = dither.reshape %means : tensor<?x1x1x12xf32> to tensor<?x12xf32>
    %more = dither.reshape %others : tensor<?x1x2x12xf32> to tensor<?x24xf32>
    %all = dither.concat %flat, %more {dim = 1 : i64} : tensor<?x12xf32>, tensor<?x24xf32>
    %turned = dither.roll %all {shifts = array<i64: 5>, dims = array<i64: 1>} : tensor<?x36xf32>
    %logits = dither.linear %turned, %w3 : tensor<?x36xf32>, tensor<36x3xf32>
    return %logits : tensor<?x3xf32>
  }

  func.func @loss(%tokens: tensor<?x16xf32>, %labels: tensor<?xi32>) -> tensor<f32> {
    %logits = func.call @forward(%tokens) : (tensor<?x16xf32>) -> tensor<?x3xf32>
    %loss = dither.cross_entropy %logits, %labels : tensor<?x3xf32>, tensor<?xi32>
    return %loss : tensor<f32>
  }

  dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.1> {batch = 8 : i64, epochs = 1 : i64}
}
