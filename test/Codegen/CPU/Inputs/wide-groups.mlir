dither.model @m {
  dither.param @a : tensor<96x64xf32> init #dither.kaiming_uniform frozen {pattern = #dither.nm<4 : 16>}
  dither.param @b : tensor<96x37xf32> init #dither.kaiming_uniform frozen {pattern = #dither.nm<3 : 12>}
  func.func @f(%x: tensor<?x96xf32>) -> tensor<?x64xf32> {
    %w = dither.read @a : tensor<96x64xf32>
    %y = dither.matmul %x, %w : tensor<?x96xf32>, tensor<96x64xf32>
    return %y : tensor<?x64xf32>
  }
  func.func @g(%x: tensor<?x96xf32>) -> tensor<?x37xf32> {
    %w = dither.read @b : tensor<96x37xf32>
    %y = dither.matmul %x, %w : tensor<?x96xf32>, tensor<96x37xf32>
    return %y : tensor<?x37xf32>
  }
}
