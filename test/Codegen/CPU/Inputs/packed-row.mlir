dither.model @m {
  dither.param @w : tensor<256x128xf32> init #dither.kaiming_uniform frozen {format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
  dither.param @s : tensor<256x64xf32> init #dither.kaiming_uniform frozen {format = #dither.sign<group = 0>}
  func.func @signs(%x: tensor<1x256xf32>) -> tensor<1x64xf32> {
    %w = dither.read @s : tensor<256x64xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<1x256xf32>
    %y = dither.matmul %q, %w : tensor<1x256xf32>, tensor<256x64xf32>
    return %y : tensor<1x64xf32>
  }
  func.func @floats(%x: tensor<1x256xf32>) -> tensor<1x128xf32> {
    %w = dither.read @w : tensor<256x128xf32>
    %y = dither.matmul %x, %w : tensor<1x256xf32>, tensor<256x128xf32>
    return %y : tensor<1x128xf32>
  }
  func.func @integers(%x: tensor<1x256xf32>) -> tensor<1x128xf32> {
    %w = dither.read @w : tensor<256x128xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<1x256xf32>
    %y = dither.matmul %q, %w : tensor<1x256xf32>, tensor<256x128xf32>
    return %y : tensor<1x128xf32>
  }
}
