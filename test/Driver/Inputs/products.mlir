dither.model @products {
  dither.param @w : tensor<136x192xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4, group = 8>}
  func.func @forward(%x: tensor<?x131xf32>, %w: tensor<131x197xf32>) -> tensor<?x197xf32> {
    %y = dither.matmul %x, %w : tensor<?x131xf32>, tensor<131x197xf32>
    return %y : tensor<?x197xf32>
  }
  func.func @few(%x: tensor<23x131xf32>, %w: tensor<131x197xf32>) -> tensor<23x197xf32> {
    %y = dither.matmul %x, %w : tensor<23x131xf32>, tensor<131x197xf32>
    return %y : tensor<23x197xf32>
  }
  func.func @weights(%x: tensor<131x43xf32>, %dy: tensor<131x197xf32>) -> tensor<43x197xf32> {
    %dw = dither.matmul %x, %dy {transpose_x} : tensor<131x43xf32>, tensor<131x197xf32>
    return %dw : tensor<43x197xf32>
  }
  func.func @inputs(%dy: tensor<43x131xf32>, %w: tensor<197x131xf32>) -> tensor<43x197xf32> {
    %dx = dither.matmul %dy, %w {transpose_y} : tensor<43x131xf32>, tensor<197x131xf32>
    return %dx : tensor<43x197xf32>
  }
  func.func @packed(%x: tensor<?x136xf32>) -> tensor<?x192xf32> {
    %w = dither.read @w : tensor<136x192xf32>
    %y = dither.matmul %x, %w : tensor<?x136xf32>, tensor<136x192xf32>
    return %y : tensor<?x192xf32>
  }
}
