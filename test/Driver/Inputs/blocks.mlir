dither.model @blocks {
  dither.param @w : tensor<96x64xf32> init #dither.kaiming_uniform frozen {pattern = #dither.block<8 x 64, sparsity = 0.5>}
  func.func @forward(%x: tensor<?x96xf32>) -> tensor<?x64xf32> {
    %w = dither.read @w : tensor<96x64xf32>
    %y = dither.matmul %x, %w : tensor<?x96xf32>, tensor<96x64xf32>
    return %y : tensor<?x64xf32>
  }
}
