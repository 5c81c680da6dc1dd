// W4A8: weights of 4 bits, activations of 8.
dither.model @integers {
  dither.param @w : tensor<256x128xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4, group = 32>}
  dither.param @v : tensor<256x5xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4, group = 32>}
  func.func @whole(%x: tensor<?x256xf32>) -> tensor<?x128xf32> {
    %w = dither.read @w : tensor<256x128xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<?x256xf32>
    %y = dither.matmul %q, %w : tensor<?x256xf32>, tensor<256x128xf32>
    return %y : tensor<?x128xf32>
  }
  func.func @few(%x: tensor<?x256xf32>) -> tensor<?x5xf32> {
    %v = dither.read @v : tensor<256x5xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<?x256xf32>
    %y = dither.matmul %q, %v : tensor<?x256xf32>, tensor<256x5xf32>
    return %y : tensor<?x5xf32>
  }
  func.func @floats(%x: tensor<?x256xf32>) -> tensor<?x128xf32> {
    %w = dither.read @w : tensor<256x128xf32>
    %y = dither.matmul %x, %w : tensor<?x256xf32>, tensor<256x128xf32>
    return %y : tensor<?x128xf32>
  }
}
