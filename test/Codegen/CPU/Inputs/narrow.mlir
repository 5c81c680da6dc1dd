// Floats of 16 bits: conversions, element by element, and sums.
dither.model @narrow {
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
    %y = dither.cumsum %x {dim = 1 : i64} : tensor<?x4099xf16>
    return %y : tensor<?x4099xf16>
  }
}
