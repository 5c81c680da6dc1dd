dither.model @long {
  func.func @f(%q: tensor<1x1x8192x64xf32>, %k: tensor<1x1x8192x64xf32>, %v: tensor<1x1x8192x64xf32>) -> tensor<1x1x8192x64xf32> {
    %y, %lse = dither.attention %q, %k, %v : tensor<1x1x8192x64xf32>, tensor<1x1x8192x64xf32>, tensor<1x1x8192x64xf32>
    return %y : tensor<1x1x8192x64xf32>
  }
  func.func @gradients(%q: tensor<1x1x8192x64xf32>, %k: tensor<1x1x8192x64xf32>, %v: tensor<1x1x8192x64xf32>, %dy: tensor<1x1x8192x64xf32>)
      -> (tensor<1x1x8192x64xf32>, tensor<1x1x8192x64xf32>, tensor<1x1x8192x64xf32>) {
    %y, %dq, %dk, %dv = dither.vjp @f(%q, %k, %v) along(%dy)
      : (tensor<1x1x8192x64xf32>, tensor<1x1x8192x64xf32>, tensor<1x1x8192x64xf32>, tensor<1x1x8192x64xf32>)
      -> (tensor<1x1x8192x64xf32>, tensor<1x1x8192x64xf32>, tensor<1x1x8192x64xf32>, tensor<1x1x8192x64xf32>)
    return %dq, %dk, %dv : tensor<1x1x8192x64xf32>, tensor<1x1x8192x64xf32>, tensor<1x1x8192x64xf32>
  }
}
