dither.model @long {
  func.func @f(%x: tensor<1x8192x128xf32>, %dt: tensor<1x8192x128xf32>, %a: tensor<128x16xf32>, %b: tensor<1x8192x16xf32>, %c: tensor<1x8192x16xf32>)
      -> tensor<1x8192x128xf32> {
    %y:3 = dither.selective_scan %x, %dt, %a, %b, %c : tensor<1x8192x128xf32>, tensor<128x16xf32>, tensor<1x8192x16xf32>
    return %y#0 : tensor<1x8192x128xf32>
  }
  func.func @gradients(%x: tensor<1x8192x128xf32>, %dt: tensor<1x8192x128xf32>, %a: tensor<128x16xf32>, %b: tensor<1x8192x16xf32>, %c: tensor<1x8192x16xf32>,
      %dy: tensor<1x8192x128xf32>)
      -> (tensor<1x8192x128xf32>, tensor<1x8192x128xf32>, tensor<128x16xf32>, tensor<1x8192x16xf32>, tensor<1x8192x16xf32>) {
    %g:6 = dither.vjp @f(%x, %dt, %a, %b, %c) along(%dy)
      : (tensor<1x8192x128xf32>, tensor<1x8192x128xf32>, tensor<128x16xf32>, tensor<1x8192x16xf32>, tensor<1x8192x16xf32>, tensor<1x8192x128xf32>)
      -> (tensor<1x8192x128xf32>, tensor<1x8192x128xf32>, tensor<1x8192x128xf32>, tensor<128x16xf32>, tensor<1x8192x16xf32>, tensor<1x8192x16xf32>)
    return %g#1, %g#2, %g#3, %g#4, %g#5
      : tensor<1x8192x128xf32>, tensor<1x8192x128xf32>, tensor<128x16xf32>, tensor<1x8192x16xf32>, tensor<1x8192x16xf32>
  }
}
