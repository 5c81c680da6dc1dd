dither.model @given {
  dither.param @int8 : tensor<128x80xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 8>}
  dither.param @int4 : tensor<128x80xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4, group = 32>}
  dither.param @half : tensor<128x80xf32> init #dither.kaiming_uniform frozen {pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4, group = 32>}
  func.func @by_int8(%codes: tensor<?x128xi8>, %scales: tensor<?x1xf32>) -> tensor<?x80xf32> {
    %w = dither.read @int8 : tensor<128x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x128xi8>, tensor<?x1xf32> -> tensor<?x128xf32>
    %y = dither.matmul %x, %w : tensor<?x128xf32>, tensor<128x80xf32>
    return %y : tensor<?x80xf32>
  }
  func.func @by_int8_40(%codes: tensor<40x128xi8>, %scales: tensor<40x1xf32>) -> tensor<40x80xf32> {
    %w = dither.read @int8 : tensor<128x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<40x128xi8>, tensor<40x1xf32> -> tensor<40x128xf32>
    %y = dither.matmul %x, %w : tensor<40x128xf32>, tensor<128x80xf32>
    return %y : tensor<40x80xf32>
  }
  func.func @by_int4(%codes: tensor<?x128xi8>, %scales: tensor<?x1xf32>) -> tensor<?x80xf32> {
    %w = dither.read @int4 : tensor<128x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x128xi8>, tensor<?x1xf32> -> tensor<?x128xf32>
    %y = dither.matmul %x, %w : tensor<?x128xf32>, tensor<128x80xf32>
    return %y : tensor<?x80xf32>
  }
  func.func @by_int4_40(%codes: tensor<40x128xi8>, %scales: tensor<40x1xf32>) -> tensor<40x80xf32> {
    %w = dither.read @int4 : tensor<128x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<40x128xi8>, tensor<40x1xf32> -> tensor<40x128xf32>
    %y = dither.matmul %x, %w : tensor<40x128xf32>, tensor<128x80xf32>
    return %y : tensor<40x80xf32>
  }
  func.func @by_half(%codes: tensor<?x128xi8>, %scales: tensor<?x1xf32>) -> tensor<?x80xf32> {
    %w = dither.read @half : tensor<128x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x128xi8>, tensor<?x1xf32> -> tensor<?x128xf32>
    %y = dither.matmul %x, %w : tensor<?x128xf32>, tensor<128x80xf32>
    return %y : tensor<?x80xf32>
  }
  func.func @by_half_40(%codes: tensor<40x128xi8>, %scales: tensor<40x1xf32>) -> tensor<40x80xf32> {
    %w = dither.read @half : tensor<128x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<40x128xi8>, tensor<40x1xf32> -> tensor<40x128xf32>
    %y = dither.matmul %x, %w : tensor<40x128xf32>, tensor<128x80xf32>
    return %y : tensor<40x80xf32>
  }
}
