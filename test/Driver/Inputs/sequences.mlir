dither.model @sequences {
  dither.param @w : tensor<1x3xf32> init #dither.fill<0.1>

  func.func @loss(%x: tensor<?x2x1xf32>, %labels: tensor<?x2xi32>) -> tensor<f32> {
    %w = dither.read @w : tensor<1x3xf32>
    %y = dither.linear %x, %w : tensor<?x2x1xf32>, tensor<1x3xf32>
    %loss = dither.cross_entropy %y, %labels : tensor<?x2x3xf32>, tensor<?x2xi32>
    return %loss : tensor<f32>
  }
  dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.5> {batch = 2 : i64, epochs = 20 : i64}
}
