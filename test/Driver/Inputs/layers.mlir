// A library: what layers.test imports.
dither.model @dense {
  dither.param @w : tensor<8x8xf32> init #dither.kaiming_uniform {
    pattern = #dither.nm<2 : 4>, estimator = #dither.straight_through}
  dither.param @b : tensor<8xf32> init #dither.fill<0.0>
  func.func @forward(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
    %w = dither.read @w : tensor<8x8xf32>
    %b = dither.read @b : tensor<8xf32>
    %y = dither.linear %x, %w, %b : tensor<?x8xf32>, tensor<8x8xf32>, tensor<8xf32>
    %z = dither.relu %y : tensor<?x8xf32>
    return %z : tensor<?x8xf32>
  }
}
