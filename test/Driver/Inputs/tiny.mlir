// A model that trains in a blink, with a pattern, a format, a recipe and estimators.
dither.model @tiny {
  dither.param @w : tensor<8x16xf32> init #dither.kaiming_uniform {
    pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 8, scale = e8m0>,
    recipe = #dither.sr_ste<decay = 2.0e-4>, estimator = #dither.straight_through}
  dither.param @v : tensor<16x3xf32> init #dither.kaiming_uniform
  dither.param @b : tensor<3xf32> init #dither.fill<0.0>

  func.func @forward(%x: tensor<?x8xf32> {dither.name = "x"}) -> tensor<?x3xf32> {
    %w = dither.read @w : tensor<8x16xf32>
    %v = dither.read @v : tensor<16x3xf32>
    %b = dither.read @b : tensor<3xf32>
    %z = dither.linear %x, %w {backward = #dither.sketch<ratio = 0.5>} : tensor<?x8xf32>, tensor<8x16xf32>
    %h = dither.gelu %z {residual = #dither.few_bit<bits = 3>} : tensor<?x16xf32>
    %y = dither.linear %h, %v, %b : tensor<?x16xf32>, tensor<16x3xf32>, tensor<3xf32>
    return %y : tensor<?x3xf32>
  }
  func.func @both(%x: tensor<?x8xf32> {dither.name = "x"}, %y: tensor<?x8xf32> {dither.name = "y"}) -> (tensor<?x8xf32>, tensor<?x8xf32>) {
    %sum = dither.add %x, %y : tensor<?x8xf32>, tensor<?x8xf32>
    %difference = dither.sub %x, %y : tensor<?x8xf32>, tensor<?x8xf32>
    return %sum, %difference : tensor<?x8xf32>, tensor<?x8xf32>
  }
  func.func @loss(%x: tensor<?x8xf32>, %labels: tensor<?xi32>) -> tensor<f32> {
    %y = func.call @forward(%x) : (tensor<?x8xf32>) -> tensor<?x3xf32>
    %loss = dither.cross_entropy %y, %labels : tensor<?x3xf32>, tensor<?xi32>
    return %loss : tensor<f32>
  }
  func.func @correct(%x: tensor<?x8xf32>, %labels: tensor<?xi32>) -> tensor<?xf32> {
    %y = func.call @forward(%x) : (tensor<?x8xf32>) -> tensor<?x3xf32>
    %classes = dither.argmax %y : tensor<?x3xf32>
    %hits = dither.compare eq %classes, %labels : tensor<?xi32>, tensor<?xi32>
    %correct = dither.cast %hits : tensor<?xi1> to tensor<?xf32>
    return %correct : tensor<?xf32>
  }
  dither.train @fit loss @loss metric @correct optimizer #dither.adamw<rate = 1.0e-2> {
    schedule = #dither.linear_decay<to = 0.0>, batch = 16 : i64, epochs = 4 : i64}
}
