// Codes of x meet codes of weights: whole columns and groups with scales, ragged extents, what follows a product, x that is represented.
dither.model @codes {
  dither.param @int8 : tensor<128x80xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 8>}
  dither.param @ragged : tensor<100x77xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 8>}
  dither.param @wide : tensor<300x200xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 8>}
  dither.param @int8g : tensor<256x80xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 8, group = 64>}
  dither.param @int8g2 : tensor<384x72xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 8, group = 128>}
  dither.param @int8g96 : tensor<192x72xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 8, group = 96>}
  dither.param @int8f16 : tensor<128x80xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 8, scale = f16>}
  dither.param @int4 : tensor<128x80xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4, group = 32>}
  dither.param @int4w : tensor<130x72xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4>}
  dither.param @int3 : tensor<128x80xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 3, group = 32>}
  dither.param @int2 : tensor<128x80xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 2, group = 32>}
  dither.param @sign : tensor<128x80xf32> init #dither.kaiming_uniform frozen {format = #dither.sign<group = 0>}
  func.func @by_int8(%codes: tensor<?x128xi8>, %scales: tensor<?x1xf32>) -> tensor<?x80xf32> {
    %w = dither.read @int8 : tensor<128x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x128xi8>, tensor<?x1xf32> -> tensor<?x128xf32>
    %y = dither.matmul %x, %w : tensor<?x128xf32>, tensor<128x80xf32>
    return %y : tensor<?x80xf32>
  }
  func.func @by_ragged(%codes: tensor<?x100xi8>, %scales: tensor<?x1xf32>) -> tensor<?x77xf32> {
    %w = dither.read @ragged : tensor<100x77xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x100xi8>, tensor<?x1xf32> -> tensor<?x100xf32>
    %y = dither.matmul %x, %w : tensor<?x100xf32>, tensor<100x77xf32>
    return %y : tensor<?x77xf32>
  }
  func.func @by_wide(%codes: tensor<?x300xi8>, %scales: tensor<?x1xf32>) -> tensor<?x200xf32> {
    %w = dither.read @wide : tensor<300x200xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x300xi8>, tensor<?x1xf32> -> tensor<?x300xf32>
    %y = dither.matmul %x, %w : tensor<?x300xf32>, tensor<300x200xf32>
    return %y : tensor<?x200xf32>
  }
  func.func @by_int8g(%codes: tensor<?x256xi8>, %scales: tensor<?x1xf32>) -> tensor<?x80xf32> {
    %w = dither.read @int8g : tensor<256x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x256xi8>, tensor<?x1xf32> -> tensor<?x256xf32>
    %y = dither.matmul %x, %w : tensor<?x256xf32>, tensor<256x80xf32>
    return %y : tensor<?x80xf32>
  }
  func.func @by_int8g2(%codes: tensor<?x384xi8>, %scales: tensor<?x1xf32>) -> tensor<?x72xf32> {
    %w = dither.read @int8g2 : tensor<384x72xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x384xi8>, tensor<?x1xf32> -> tensor<?x384xf32>
    %y = dither.matmul %x, %w : tensor<?x384xf32>, tensor<384x72xf32>
    return %y : tensor<?x72xf32>
  }
  func.func @by_int8g96(%codes: tensor<?x192xi8>, %scales: tensor<?x1xf32>) -> tensor<?x72xf32> {
    %w = dither.read @int8g96 : tensor<192x72xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x192xi8>, tensor<?x1xf32> -> tensor<?x192xf32>
    %y = dither.matmul %x, %w : tensor<?x192xf32>, tensor<192x72xf32>
    return %y : tensor<?x72xf32>
  }
  func.func @by_int8f16(%codes: tensor<?x128xi8>, %scales: tensor<?x1xf32>) -> tensor<?x80xf32> {
    %w = dither.read @int8f16 : tensor<128x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x128xi8>, tensor<?x1xf32> -> tensor<?x128xf32>
    %y = dither.matmul %x, %w : tensor<?x128xf32>, tensor<128x80xf32>
    return %y : tensor<?x80xf32>
  }
  func.func @by_int4(%codes: tensor<?x128xi8>, %scales: tensor<?x1xf32>) -> tensor<?x80xf32> {
    %w = dither.read @int4 : tensor<128x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x128xi8>, tensor<?x1xf32> -> tensor<?x128xf32>
    %y = dither.matmul %x, %w : tensor<?x128xf32>, tensor<128x80xf32>
    return %y : tensor<?x80xf32>
  }
  func.func @by_int4w(%codes: tensor<?x130xi8>, %scales: tensor<?x1xf32>) -> tensor<?x72xf32> {
    %w = dither.read @int4w : tensor<130x72xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x130xi8>, tensor<?x1xf32> -> tensor<?x130xf32>
    %y = dither.matmul %x, %w : tensor<?x130xf32>, tensor<130x72xf32>
    return %y : tensor<?x72xf32>
  }
  func.func @by_int3(%codes: tensor<?x128xi8>, %scales: tensor<?x1xf32>) -> tensor<?x80xf32> {
    %w = dither.read @int3 : tensor<128x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x128xi8>, tensor<?x1xf32> -> tensor<?x128xf32>
    %y = dither.matmul %x, %w : tensor<?x128xf32>, tensor<128x80xf32>
    return %y : tensor<?x80xf32>
  }
  func.func @by_int2(%codes: tensor<?x128xi8>, %scales: tensor<?x1xf32>) -> tensor<?x80xf32> {
    %w = dither.read @int2 : tensor<128x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x128xi8>, tensor<?x1xf32> -> tensor<?x128xf32>
    %y = dither.matmul %x, %w : tensor<?x128xf32>, tensor<128x80xf32>
    return %y : tensor<?x80xf32>
  }
  func.func @by_sign(%codes: tensor<?x128xi8>, %scales: tensor<?x1xf32>) -> tensor<?x80xf32> {
    %w = dither.read @sign : tensor<128x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<?x128xi8>, tensor<?x1xf32> -> tensor<?x128xf32>
    %y = dither.matmul %x, %w : tensor<?x128xf32>, tensor<128x80xf32>
    return %y : tensor<?x80xf32>
  }
  func.func @rows_9(%codes: tensor<9x128xi8>, %scales: tensor<9x1xf32>) -> tensor<9x80xf32> {
    %w = dither.read @int8 : tensor<128x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<9x128xi8>, tensor<9x1xf32> -> tensor<9x128xf32>
    %y = dither.matmul %x, %w : tensor<9x128xf32>, tensor<128x80xf32>
    return %y : tensor<9x80xf32>
  }
  func.func @rows_40(%codes: tensor<40x100xi8>, %scales: tensor<40x1xf32>) -> tensor<40x77xf32> {
    %w = dither.read @ragged : tensor<100x77xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<40x100xi8>, tensor<40x1xf32> -> tensor<40x100xf32>
    %y = dither.matmul %x, %w : tensor<40x100xf32>, tensor<100x77xf32>
    return %y : tensor<40x77xf32>
  }
  func.func @rows_130(%codes: tensor<130x300xi8>, %scales: tensor<130x1xf32>) -> tensor<130x200xf32> {
    %w = dither.read @wide : tensor<300x200xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<130x300xi8>, tensor<130x1xf32> -> tensor<130x300xf32>
    %y = dither.matmul %x, %w : tensor<130x300xf32>, tensor<300x200xf32>
    return %y : tensor<130x200xf32>
  }
  func.func @rows_65_grouped(%codes: tensor<65x384xi8>, %scales: tensor<65x1xf32>) -> tensor<65x72xf32> {
    %w = dither.read @int8g2 : tensor<384x72xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<65x384xi8>, tensor<65x1xf32> -> tensor<65x384xf32>
    %y = dither.matmul %x, %w : tensor<65x384xf32>, tensor<384x72xf32>
    return %y : tensor<65x72xf32>
  }
  func.func @rows_1_grouped(%codes: tensor<1x128xi8>, %scales: tensor<1x1xf32>) -> tensor<1x80xf32> {
    %w = dither.read @int4 : tensor<128x80xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<1x128xi8>, tensor<1x1xf32> -> tensor<1x128xf32>
    %y = dither.matmul %x, %w : tensor<1x128xf32>, tensor<128x80xf32>
    return %y : tensor<1x80xf32>
  }
  func.func @epilogue(%x: tensor<?x128xf32>, %b: tensor<80xf32>) -> tensor<?x80xf32> {
    %w = dither.read @int8 : tensor<128x80xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<?x128xf32>
    %y = dither.matmul %q, %w : tensor<?x128xf32>, tensor<128x80xf32>
    %s = dither.add %y, %b : tensor<?x80xf32>, tensor<80xf32>
    %r = dither.relu %s : tensor<?x80xf32>
    return %r : tensor<?x80xf32>
  }
}
