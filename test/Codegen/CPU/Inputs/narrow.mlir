// Floats of 16 bits: conversions, element by element, and sums.
dither.model @narrow {
  dither.param @codes : tensor<128x192xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4, group = 32>}
  func.func @to_f16(%x: tensor<?xf64>) -> tensor<?xf16> {
    %y = dither.cast %x : tensor<?xf64> to tensor<?xf16>
    return %y : tensor<?xf16>
  }
  func.func @to_bf16(%x: tensor<?xf64>) -> tensor<?xf32> {
    %y = dither.cast %x : tensor<?xf64> to tensor<?xbf16>
    %z = dither.cast %y : tensor<?xbf16> to tensor<?xf32>
    return %z : tensor<?xf32>
  }
  func.func @widen(%x: tensor<?xf16>) -> tensor<?xf32> {
    %y = dither.cast %x : tensor<?xf16> to tensor<?xf32>
    return %y : tensor<?xf32>
  }
  func.func @narrow(%x: tensor<?xf32>) -> tensor<?xf16> {
    %y = dither.cast %x : tensor<?xf32> to tensor<?xf16>
    return %y : tensor<?xf16>
  }
  func.func @add(%x: tensor<?xf16>, %y: tensor<?xf16>) -> tensor<?xf16> {
    %z = dither.add %x, %y : tensor<?xf16>, tensor<?xf16>
    return %z : tensor<?xf16>
  }
  func.func @multiply(%x: tensor<?xf16>, %y: tensor<?xf16>) -> tensor<?xf16> {
    %z = dither.mul %x, %y : tensor<?xf16>, tensor<?xf16>
    return %z : tensor<?xf16>
  }
  func.func @divide(%x: tensor<?xf16>, %y: tensor<?xf16>) -> tensor<?xf16> {
    %z = dither.div %x, %y : tensor<?xf16>, tensor<?xf16>
    return %z : tensor<?xf16>
  }
  func.func @root(%x: tensor<?xf16>) -> tensor<?xf16> {
    %y = dither.sqrt %x : tensor<?xf16>
    return %y : tensor<?xf16>
  }
  func.func @product(%x: tensor<?x256xf16>, %w: tensor<256x64xf16>) -> tensor<?x64xf16> {
    %y = dither.matmul %x, %w : tensor<?x256xf16>, tensor<256x64xf16>
    return %y : tensor<?x64xf16>
  }
  func.func @sum(%x: tensor<?x4099xf16>) -> tensor<?xf16> {
    %y = dither.reduce sum %x {dims = array<i64: 1>} : tensor<?x4099xf16>
    return %y : tensor<?xf16>
  }
  func.func @sum_bf16(%x: tensor<?x4099xf32>) -> tensor<?x1xf32> {
    %y = dither.cast %x : tensor<?x4099xf32> to tensor<?x4099xbf16>
    %z = dither.reduce sum %y {dims = array<i64: 1>, keep} : tensor<?x4099xbf16>
    %s = dither.cast %z : tensor<?x1xbf16> to tensor<?x1xf32>
    return %s : tensor<?x1xf32>
  }
  func.func @greatest(%x: tensor<?x4099xf16>) -> tensor<?xf16> {
    %y = dither.reduce max %x {dims = array<i64: 1>} : tensor<?x4099xf16>
    return %y : tensor<?xf16>
  }
  func.func @cumulate(%x: tensor<?x4099xf16>) -> tensor<?x4099xf16> {
    %y = dither.scan sum %x {dim = 1 : i64} : tensor<?x4099xf16>
    return %y : tensor<?x4099xf16>
  }
  // Products that kernels narrow, of rows that two dimensions count.
  func.func @product_bf16(%x: tensor<?x3x72xf32>, %w: tensor<72x49xf32>) -> tensor<?x3x49xf32> {
    %xb = dither.cast %x : tensor<?x3x72xf32> to tensor<?x3x72xbf16>
    %wb = dither.cast %w : tensor<72x49xf32> to tensor<72x49xbf16>
    %y = dither.matmul %xb, %wb : tensor<?x3x72xbf16>, tensor<72x49xbf16>
    %z = dither.cast %y : tensor<?x3x49xbf16> to tensor<?x3x49xf32>
    return %z : tensor<?x3x49xf32>
  }
  func.func @wide_codes(%x: tensor<?x3x128xf32>, %b: tensor<192xf32>) -> tensor<?x3x192xf32> {
    %w = dither.read @codes : tensor<128x192xf32>
    %y = dither.matmul %x, %w : tensor<?x3x128xf32>, tensor<128x192xf32>
    %r = dither.add %y, %b : tensor<?x3x192xf32>, tensor<192xf32>
    return %r : tensor<?x3x192xf32>
  }
  func.func @narrow_codes(%x: tensor<?x3x128xf32>, %b: tensor<192xf32>) -> tensor<?x3x192xf16> {
    %w = dither.read @codes : tensor<128x192xf32>
    %y = dither.matmul %x, %w : tensor<?x3x128xf32>, tensor<128x192xf32>
    %r = dither.add %y, %b : tensor<?x3x192xf32>, tensor<192xf32>
    %z = dither.cast %r : tensor<?x3x192xf32> to tensor<?x3x192xf16>
    return %z : tensor<?x3x192xf16>
  }
}
