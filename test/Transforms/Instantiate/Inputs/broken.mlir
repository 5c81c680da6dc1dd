dither.model @dense {
  func.func @forward(%x: tensor<4x3xf32>, %y: tensor<5x2xf32>) {
    %z = dither.matmul %x, %y : tensor<4x3xf32>, tensor<5x2xf32>
    return
  }
}
