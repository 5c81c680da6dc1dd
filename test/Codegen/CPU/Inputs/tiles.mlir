dither.model @tiles {
  dither.param @bytes : tensor<1024x64xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 8>}
  dither.param @nibbles : tensor<1024x64xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4>}
  dither.param @grouped : tensor<1024x64xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4, group = 64, scale = f16>}
  dither.param @halves : tensor<1024x64xf32> init #dither.kaiming_uniform frozen {format = #dither.float16<bf16>}
  func.func @pairs(%x: tensor<64x1024xbf16>) -> tensor<64x64xbf16> {
    %wide = dither.read @halves : tensor<1024x64xf32>
    %w = dither.cast %wide : tensor<1024x64xf32> to tensor<1024x64xbf16>
    %y = dither.matmul %x, %w : tensor<64x1024xbf16>, tensor<1024x64xbf16>
    return %y : tensor<64x64xbf16>
  }
  func.func @many(%x: tensor<64x1024xf32>) -> tensor<64x64xf32> {
    %w = dither.read @bytes : tensor<1024x64xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<64x1024xf32>
    %y = dither.matmul %q, %w : tensor<64x1024xf32>, tensor<1024x64xf32>
    return %y : tensor<64x64xf32>
  }
  func.func @few(%x: tensor<9x1024xf32>) -> tensor<9x64xf32> {
    %w = dither.read @nibbles : tensor<1024x64xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<9x1024xf32>
    %y = dither.matmul %q, %w : tensor<9x1024xf32>, tensor<1024x64xf32>
    return %y : tensor<9x64xf32>
  }
  func.func @groups(%x: tensor<16x1024xf32>) -> tensor<16x64xf32> {
    %w = dither.read @grouped : tensor<1024x64xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<16x1024xf32>
    %y = dither.matmul %q, %w : tensor<16x1024xf32>, tensor<1024x64xf32>
    return %y : tensor<16x64xf32>
  }
  func.func @floats(%x: tensor<64x1024xbf16>, %w: tensor<1024x64xbf16>) -> tensor<64x64xbf16> {
    %y = dither.matmul %x, %w : tensor<64x1024xbf16>, tensor<1024x64xbf16>
    return %y : tensor<64x64xbf16>
  }
}
