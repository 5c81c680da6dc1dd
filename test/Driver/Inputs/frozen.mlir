// A layer in the middle that is never trained: 2:4 sparse integers of 4 bits, through which gradients pass.
dither.model @frozen {
  dither.param @w1 : tensor<64x256xf32> init #dither.kaiming_uniform
  dither.param @w2 : tensor<256x128xf32> init #dither.kaiming_uniform frozen {
    pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4, group = 32, scale = f16>}
  dither.param @w3 : tensor<128x10xf32> init #dither.kaiming_uniform
  func.func @loss(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<f32> {
    %w1 = dither.read @w1 : tensor<64x256xf32>
    %w2 = dither.read @w2 : tensor<256x128xf32>
    %w3 = dither.read @w3 : tensor<128x10xf32>
    %h1 = dither.matmul %x, %w1 : tensor<?x64xf32>, tensor<64x256xf32>
    %a1 = dither.gelu %h1 : tensor<?x256xf32>
    %h2 = dither.matmul %a1, %w2 : tensor<?x256xf32>, tensor<256x128xf32>
    %a2 = dither.gelu %h2 : tensor<?x128xf32>
    %y = dither.matmul %a2, %w3 : tensor<?x128xf32>, tensor<128x10xf32>
    %loss = dither.cross_entropy %y, %labels : tensor<?x10xf32>, tensor<?xi32>
    return %loss : tensor<f32>
  }
  func.func @forward(%x: tensor<?x64xf32>) -> tensor<?x10xf32> {
    %w1 = dither.read @w1 : tensor<64x256xf32>
    %w2 = dither.read @w2 : tensor<256x128xf32>
    %w3 = dither.read @w3 : tensor<128x10xf32>
    %h1 = dither.matmul %x, %w1 : tensor<?x64xf32>, tensor<64x256xf32>
    %a1 = dither.gelu %h1 : tensor<?x256xf32>
    %h2 = dither.matmul %a1, %w2 : tensor<?x256xf32>, tensor<256x128xf32>
    %a2 = dither.gelu %h2 : tensor<?x128xf32>
    %y = dither.matmul %a2, %w3 : tensor<?x128xf32>, tensor<128x10xf32>
    return %y : tensor<?x10xf32>
  }
  dither.train @fit loss @loss optimizer #dither.adamw<rate = 1.0e-3> {batch = 64 : i64, epochs = 10 : i64}
}
