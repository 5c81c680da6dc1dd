// A product that groups of warps multiply on sm_90a, dense and with weights that are decoded, of inputs that files can hold.
dither.model @groups {
  dither.param @dense : tensor<8x392xf32> init #dither.kaiming_uniform
  dither.param @packed : tensor<392x40xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4, group = 8>}

  func.func @forward(%x: tensor<?x8xf32> {dither.name = "x"}) -> tensor<?x40xf32> {
    %short = dither.cast %x : tensor<?x8xf32> to tensor<?x8xbf16>
    %wide = dither.read @dense : tensor<8x392xf32>
    %w = dither.cast %wide : tensor<8x392xf32> to tensor<8x392xbf16>
    %h = dither.matmul %short, %w : tensor<?x8xbf16>, tensor<8x392xbf16>
    %codes = dither.read @packed : tensor<392x40xf32>
    %v = dither.cast %codes : tensor<392x40xf32> to tensor<392x40xbf16>
    %y = dither.matmul %h, %v : tensor<?x392xbf16>, tensor<392x40xbf16>
    %z = dither.cast %y : tensor<?x40xbf16> to tensor<?x40xf32>
    return %z : tensor<?x40xf32>
  }
}
