dither.model @m {
  func.func @f(%x: tensor<64x512xf32>, %w: tensor<512x512xf32>) -> tensor<64x512xf32> {
    %y = dither.matmul %x, %w : tensor<64x512xf32>, tensor<512x512xf32>
    return %y : tensor<64x512xf32>
  }
}
