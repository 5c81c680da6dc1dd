// A product that has a large tile for each multiprocessor.
dither.model @large {
  func.func @product(%x: tensor<4096x4096xbf16>, %w: tensor<4096x4096xbf16>) -> tensor<4096x4096xbf16> {
    %y = dither.matmul %x, %w : tensor<4096x4096xbf16>, tensor<4096x4096xbf16>
    return %y : tensor<4096x4096xbf16>
  }
}
