// Put behind the functions of examples/vq-vae.
  func.func @inner(%a: tensor<?x16x8xf32>, %b: tensor<?x16x8xf32>) -> tensor<?x16x1xf32> {
    %ab = dither.mul %a, %b : tensor<?x16x8xf32>, tensor<?x16x8xf32>
    %sum = dither.reduce sum %ab {dims = array<i64: 2>, keep} : tensor<?x16x8xf32>
    return %sum : tensor<?x16x1xf32>
  }

  func.func @cosine(%a: tensor<?x16x8xf32>, %b: tensor<?x16x8xf32>) -> tensor<?x16x1xf32> {
    %ab = func.call @inner(%a, %b) : (tensor<?x16x8xf32>, tensor<?x16x8xf32>) -> tensor<?x16x1xf32>
    %la = func.call @length(%a) : (tensor<?x16x8xf32>) -> tensor<?x16x1xf32>
    %lb = func.call @length(%b) : (tensor<?x16x8xf32>) -> tensor<?x16x1xf32>
    %lengths = dither.mul %la, %lb : tensor<?x16x1xf32>, tensor<?x16x1xf32>
    %cosine = dither.div %ab, %lengths : tensor<?x16x1xf32>, tensor<?x16x1xf32>
    return %cosine : tensor<?x16x1xf32>
  }

  func.func @largest_difference(%a: tensor<?x16x1xf32>, %b: tensor<?x16x1xf32>) -> tensor<f32> {
    %difference = dither.sub %a, %b : tensor<?x16x1xf32>, tensor<?x16x1xf32>
    %size = dither.abs %difference : tensor<?x16x1xf32>
    %largest = dither.reduce max %size : tensor<?x16x1xf32>
    return %largest : tensor<f32>
  }

  // Of the vectors e and codes q of images, and directions dy at random: how far the rotated vectors y are from q, relative to the length of q; how far
  // the cosine of dx and e is from that of dy and q; how far the lengths of dx / dy and q / e are from each other, relative to the
  // latter; how far the cosine of dy and e is from that of dy and q, which is what the straight-through rule makes of the angle.
  func.func @turn(%x: tensor<?x64xf32>) -> (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>) {
    %one = dither.constant dense<1.0> : tensor<f32>
    %pixels, %e, %q = func.call @codes(%x) : (tensor<?x64xf32>) -> (tensor<?x64xf32>, tensor<?x16x8xf32>, tensor<?x16x8xf32>)
    %rng = dither.rng : tensor<2xi64>
    %table = dither.normal %rng {stream = 64 : i64} : tensor<2xi64> -> tensor<512x8xf32>
    %numbers = func.call @nearest(%e) : (tensor<?x16x8xf32>) -> tensor<?x16xi32>
    %dy = dither.gather %table, %numbers : tensor<512x8xf32>, tensor<?x16xi32>
    %y, %dx, %dq = dither.vjp @rotate(%e, %q) along(%dy)
      : (tensor<?x16x8xf32>, tensor<?x16x8xf32>, tensor<?x16x8xf32>) -> (tensor<?x16x8xf32>, tensor<?x16x8xf32>, tensor<?x16x8xf32>)

    %away = dither.sub %y, %q : tensor<?x16x8xf32>, tensor<?x16x8xf32>
    %away_length = func.call @length(%away) : (tensor<?x16x8xf32>) -> tensor<?x16x1xf32>
    %e_length = func.call @length(%e) : (tensor<?x16x8xf32>) -> tensor<?x16x1xf32>
    %q_length = func.call @length(%q) : (tensor<?x16x8xf32>) -> tensor<?x16x1xf32>
    %relative = dither.div %away_length, %q_length : tensor<?x16x1xf32>, tensor<?x16x1xf32>
    %forward = dither.reduce max %relative : tensor<?x16x1xf32>

    %dx_e = func.call @cosine(%dx, %e) : (tensor<?x16x8xf32>, tensor<?x16x8xf32>) -> tensor<?x16x1xf32>
    %dy_q = func.call @cosine(%dy, %q) : (tensor<?x16x8xf32>, tensor<?x16x8xf32>) -> tensor<?x16x1xf32>
    %dy_e = func.call @cosine(%dy, %e) : (tensor<?x16x8xf32>, tensor<?x16x8xf32>) -> tensor<?x16x1xf32>
    %angle = func.call @largest_difference(%dx_e, %dy_q) : (tensor<?x16x1xf32>, tensor<?x16x1xf32>) -> tensor<f32>
    %straight = func.call @largest_difference(%dy_e, %dy_q) : (tensor<?x16x1xf32>, tensor<?x16x1xf32>) -> tensor<f32>

    %dx_length = func.call @length(%dx) : (tensor<?x16x8xf32>) -> tensor<?x16x1xf32>
    %dy_length = func.call @length(%dy) : (tensor<?x16x8xf32>) -> tensor<?x16x1xf32>
    %gradient = dither.div %dx_length, %dy_length : tensor<?x16x1xf32>, tensor<?x16x1xf32>
    %inverse = dither.div %e_length, %q_length : tensor<?x16x1xf32>, tensor<?x16x1xf32>
    %ratio = dither.mul %gradient, %inverse : tensor<?x16x1xf32>, tensor<?x16x1xf32>
    %ones = dither.broadcast %one like %ratio : tensor<f32>, tensor<?x16x1xf32>
    %lengths = func.call @largest_difference(%ratio, %ones) : (tensor<?x16x1xf32>, tensor<?x16x1xf32>) -> tensor<f32>
    return %forward, %angle, %lengths, %straight : tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>
  }
}
