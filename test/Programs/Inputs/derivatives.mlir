dither.model @derivatives {
  func.func @cubes(%x: tensor<4xf32>) -> tensor<f32> {
    %s = dither.mul %x, %x : tensor<4xf32>, tensor<4xf32>
    %t = dither.mul %s, %x : tensor<4xf32>, tensor<4xf32>
    %y = dither.reduce sum %t : tensor<4xf32>
    return %y : tensor<f32>
  }
  func.func @slope(%x: tensor<4xf32>) -> tensor<4xf32> {
    %one = dither.constant dense<1.0> : tensor<f32>
    %y, %dx = dither.vjp @cubes(%x) along(%one) : (tensor<4xf32>, tensor<f32>) -> (tensor<f32>, tensor<4xf32>)
    return %dx : tensor<4xf32>
  }
  // 3 x^2, and 6 x v.
  func.func @hessian_product(%x: tensor<4xf32>, %v: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
    %g, %hv = dither.jvp @slope(%x) along(%v) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
    return %g, %hv : tensor<4xf32>, tensor<4xf32>
  }

  func.func @network(%x: tensor<?x4xf32>, %s: tensor<5x4xf32>, %w: tensor<4x4xf32>) -> (tensor<?x4xf32>, tensor<f32>) {
    %h, %all = dither.for carry(%x) over(%s) : (tensor<?x4xf32>, tensor<5x4xf32>) -> (tensor<?x4xf32>, tensor<5x?x4xf32>) {
    ^bb0(%i: tensor<i64>, %a: tensor<?x4xf32>, %row: tensor<4xf32>):
      %m = dither.matmul %a, %w : tensor<?x4xf32>, tensor<4x4xf32>
      %b = dither.add %m, %row : tensor<?x4xf32>, tensor<4xf32>
      %c = dither.tanh %b : tensor<?x4xf32>
      dither.yield %c, %c : tensor<?x4xf32>, tensor<?x4xf32>
    }
    %k = dither.reduce sum %all : tensor<5x?x4xf32>
    return %h, %k : tensor<?x4xf32>, tensor<f32>
  }
  func.func @tangents(%x: tensor<?x4xf32>, %s: tensor<5x4xf32>, %w: tensor<4x4xf32>, %dx: tensor<?x4xf32>, %ds: tensor<5x4xf32>, %dw: tensor<4x4xf32>)
      -> (tensor<?x4xf32>, tensor<f32>) {
    %h, %k, %dh, %dk = dither.jvp @network(%x, %s, %w) along(%dx, %ds, %dw)
      : (tensor<?x4xf32>, tensor<5x4xf32>, tensor<4x4xf32>, tensor<?x4xf32>, tensor<5x4xf32>, tensor<4x4xf32>)
      -> (tensor<?x4xf32>, tensor<f32>, tensor<?x4xf32>, tensor<f32>)
    return %dh, %dk : tensor<?x4xf32>, tensor<f32>
  }

  func.func @step(%x: tensor<4xf32>) -> tensor<4xf32> {
    %y = dither.sign %x : tensor<4xf32>
    return %y : tensor<4xf32>
  }
  func.func @step_gradient(%x: tensor<4xf32>, %dy: tensor<4xf32>) -> tensor<4xf32> {
    %c = dither.cos %x : tensor<4xf32>
    %dx = dither.mul %c, %dy : tensor<4xf32>, tensor<4xf32>
    return %dx : tensor<4xf32>
  }
  func.func @binary(%x: tensor<4xf32>) -> tensor<4xf32> {
    %y = dither.custom_vjp @step backward @step_gradient(%x) : (tensor<4xf32>) -> tensor<4xf32>
    return %y : tensor<4xf32>
  }
  func.func @binary_slope(%x: tensor<4xf32>, %dy: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
    %y, %dx = dither.vjp @binary(%x) along(%dy) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
    return %y, %dx : tensor<4xf32>, tensor<4xf32>
  }
}
