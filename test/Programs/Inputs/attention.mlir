dither.model @attention {
  func.func @small(%q: tensor<?x4x5x3xf32>, %k: tensor<?x2x7x3xf32>, %v: tensor<?x2x7x2xf32>) -> (tensor<?x4x5x2xf32>, tensor<?x4x5xf32>) {
    %y, %lse = dither.attention %q, %k, %v : tensor<?x4x5x3xf32>, tensor<?x2x7x3xf32>, tensor<?x2x7x2xf32>
    return %y, %lse : tensor<?x4x5x2xf32>, tensor<?x4x5xf32>
  }
  func.func @small_grad(%q: tensor<?x4x5x3xf32>, %k: tensor<?x2x7x3xf32>, %v: tensor<?x2x7x2xf32>, %dy: tensor<?x4x5x2xf32>, %dl: tensor<?x4x5xf32>) -> (tensor<?x4x5x3xf32>, tensor<?x2x7x3xf32>, tensor<?x2x7x2xf32>) {
    %r:5 = dither.vjp @small(%q, %k, %v) along(%dy, %dl) : (tensor<?x4x5x3xf32>, tensor<?x2x7x3xf32>, tensor<?x2x7x2xf32>, tensor<?x4x5x2xf32>, tensor<?x4x5xf32>) -> (tensor<?x4x5x2xf32>, tensor<?x4x5xf32>, tensor<?x4x5x3xf32>, tensor<?x2x7x3xf32>, tensor<?x2x7x2xf32>)
    return %r#2, %r#3, %r#4 : tensor<?x4x5x3xf32>, tensor<?x2x7x3xf32>, tensor<?x2x7x2xf32>
  }

  func.func @causal(%q: tensor<2x2x9x4xf32>, %k: tensor<2x1x9x4xf32>, %v: tensor<2x1x9x4xf32>) -> (tensor<2x2x9x4xf32>, tensor<2x2x9xf32>) {
    %y, %lse = dither.attention %q, %k, %v {causal} : tensor<2x2x9x4xf32>, tensor<2x1x9x4xf32>, tensor<2x1x9x4xf32>
    return %y, %lse : tensor<2x2x9x4xf32>, tensor<2x2x9xf32>
  }
  func.func @causal_grad(%q: tensor<2x2x9x4xf32>, %k: tensor<2x1x9x4xf32>, %v: tensor<2x1x9x4xf32>, %dy: tensor<2x2x9x4xf32>, %dl: tensor<2x2x9xf32>) -> (tensor<2x2x9x4xf32>, tensor<2x1x9x4xf32>, tensor<2x1x9x4xf32>) {
    %r:5 = dither.vjp @causal(%q, %k, %v) along(%dy, %dl) : (tensor<2x2x9x4xf32>, tensor<2x1x9x4xf32>, tensor<2x1x9x4xf32>, tensor<2x2x9x4xf32>, tensor<2x2x9xf32>) -> (tensor<2x2x9x4xf32>, tensor<2x2x9xf32>, tensor<2x2x9x4xf32>, tensor<2x1x9x4xf32>, tensor<2x1x9x4xf32>)
    return %r#2, %r#3, %r#4 : tensor<2x2x9x4xf32>, tensor<2x1x9x4xf32>, tensor<2x1x9x4xf32>
  }

  func.func @biased(%q: tensor<2x4x3x4xf32>, %k: tensor<2x2x5x4xf32>, %v: tensor<2x2x5x4xf32>, %b: tensor<4x3x5xf32>) -> (tensor<2x4x3x4xf32>, tensor<2x4x3xf32>) {
    %y, %lse = dither.attention %q, %k, %v bias %b : tensor<2x4x3x4xf32>, tensor<2x2x5x4xf32>, tensor<2x2x5x4xf32>, tensor<4x3x5xf32>
    return %y, %lse : tensor<2x4x3x4xf32>, tensor<2x4x3xf32>
  }
  func.func @biased_grad(%q: tensor<2x4x3x4xf32>, %k: tensor<2x2x5x4xf32>, %v: tensor<2x2x5x4xf32>, %b: tensor<4x3x5xf32>, %dy: tensor<2x4x3x4xf32>, %dl: tensor<2x4x3xf32>) -> (tensor<2x4x3x4xf32>, tensor<2x2x5x4xf32>, tensor<2x2x5x4xf32>, tensor<4x3x5xf32>) {
    %r:6 = dither.vjp @biased(%q, %k, %v, %b) along(%dy, %dl) : (tensor<2x4x3x4xf32>, tensor<2x2x5x4xf32>, tensor<2x2x5x4xf32>, tensor<4x3x5xf32>, tensor<2x4x3x4xf32>, tensor<2x4x3xf32>) -> (tensor<2x4x3x4xf32>, tensor<2x4x3xf32>, tensor<2x4x3x4xf32>, tensor<2x2x5x4xf32>, tensor<2x2x5x4xf32>, tensor<4x3x5xf32>)
    return %r#2, %r#3, %r#4, %r#5 : tensor<2x4x3x4xf32>, tensor<2x2x5x4xf32>, tensor<2x2x5x4xf32>, tensor<4x3x5xf32>
  }

  func.func @shared(%q: tensor<?x2x3x4xf32>, %k: tensor<?x2x5x4xf32>, %v: tensor<?x2x5x4xf32>, %b: tensor<1x3x5xf32>) -> (tensor<?x2x3x4xf32>, tensor<?x2x3xf32>) {
    %y, %lse = dither.attention %q, %k, %v bias %b {causal} : tensor<?x2x3x4xf32>, tensor<?x2x5x4xf32>, tensor<?x2x5x4xf32>, tensor<1x3x5xf32>
    return %y, %lse : tensor<?x2x3x4xf32>, tensor<?x2x3xf32>
  }
  func.func @shared_grad(%q: tensor<?x2x3x4xf32>, %k: tensor<?x2x5x4xf32>, %v: tensor<?x2x5x4xf32>, %b: tensor<1x3x5xf32>, %dy: tensor<?x2x3x4xf32>, %dl: tensor<?x2x3xf32>) -> (tensor<?x2x3x4xf32>, tensor<?x2x5x4xf32>, tensor<?x2x5x4xf32>, tensor<1x3x5xf32>) {
    %r:6 = dither.vjp @shared(%q, %k, %v, %b) along(%dy, %dl) : (tensor<?x2x3x4xf32>, tensor<?x2x5x4xf32>, tensor<?x2x5x4xf32>, tensor<1x3x5xf32>, tensor<?x2x3x4xf32>, tensor<?x2x3xf32>) -> (tensor<?x2x3x4xf32>, tensor<?x2x3xf32>, tensor<?x2x3x4xf32>, tensor<?x2x5x4xf32>, tensor<?x2x5x4xf32>, tensor<1x3x5xf32>)
    return %r#2, %r#3, %r#4, %r#5 : tensor<?x2x3x4xf32>, tensor<?x2x5x4xf32>, tensor<?x2x5x4xf32>, tensor<1x3x5xf32>
  }

  func.func @big(%q: tensor<1x2x300x8xf32>, %k: tensor<1x1x290x8xf32>, %v: tensor<1x1x290x4xf32>) -> (tensor<1x2x300x4xf32>, tensor<1x2x300xf32>) {
    %y, %lse = dither.attention %q, %k, %v {causal} : tensor<1x2x300x8xf32>, tensor<1x1x290x8xf32>, tensor<1x1x290x4xf32>
    return %y, %lse : tensor<1x2x300x4xf32>, tensor<1x2x300xf32>
  }
  func.func @big_grad(%q: tensor<1x2x300x8xf32>, %k: tensor<1x1x290x8xf32>, %v: tensor<1x1x290x4xf32>, %dy: tensor<1x2x300x4xf32>, %dl: tensor<1x2x300xf32>) -> (tensor<1x2x300x8xf32>, tensor<1x1x290x8xf32>, tensor<1x1x290x4xf32>) {
    %r:5 = dither.vjp @big(%q, %k, %v) along(%dy, %dl) : (tensor<1x2x300x8xf32>, tensor<1x1x290x8xf32>, tensor<1x1x290x4xf32>, tensor<1x2x300x4xf32>, tensor<1x2x300xf32>) -> (tensor<1x2x300x4xf32>, tensor<1x2x300xf32>, tensor<1x2x300x8xf32>, tensor<1x1x290x8xf32>, tensor<1x1x290x4xf32>)
    return %r#2, %r#3, %r#4 : tensor<1x2x300x8xf32>, tensor<1x1x290x8xf32>, tensor<1x1x290x4xf32>
  }

  func.func @bigbias(%q: tensor<1x2x260x8xf32>, %k: tensor<1x2x257x8xf32>, %v: tensor<1x2x257x4xf32>, %b: tensor<2x260x257xf32>) -> (tensor<1x2x260x4xf32>, tensor<1x2x260xf32>) {
    %y, %lse = dither.attention %q, %k, %v bias %b : tensor<1x2x260x8xf32>, tensor<1x2x257x8xf32>, tensor<1x2x257x4xf32>, tensor<2x260x257xf32>
    return %y, %lse : tensor<1x2x260x4xf32>, tensor<1x2x260xf32>
  }
  func.func @bigbias_grad(%q: tensor<1x2x260x8xf32>, %k: tensor<1x2x257x8xf32>, %v: tensor<1x2x257x4xf32>, %b: tensor<2x260x257xf32>, %dy: tensor<1x2x260x4xf32>, %dl: tensor<1x2x260xf32>) -> (tensor<1x2x260x8xf32>, tensor<1x2x257x8xf32>, tensor<1x2x257x4xf32>, tensor<2x260x257xf32>) {
    %r:6 = dither.vjp @bigbias(%q, %k, %v, %b) along(%dy, %dl) : (tensor<1x2x260x8xf32>, tensor<1x2x257x8xf32>, tensor<1x2x257x4xf32>, tensor<2x260x257xf32>, tensor<1x2x260x4xf32>, tensor<1x2x260xf32>) -> (tensor<1x2x260x4xf32>, tensor<1x2x260xf32>, tensor<1x2x260x8xf32>, tensor<1x2x257x8xf32>, tensor<1x2x257x4xf32>, tensor<2x260x257xf32>)
    return %r#2, %r#3, %r#4, %r#5 : tensor<1x2x260x8xf32>, tensor<1x2x257x8xf32>, tensor<1x2x257x4xf32>, tensor<2x260x257xf32>
  }

  func.func @bigshared(%q: tensor<1x2x257x8xf32>, %k: tensor<1x2x128x8xf32>, %v: tensor<1x2x128x4xf32>, %b: tensor<1x257x128xf32>) -> (tensor<1x2x257x4xf32>, tensor<1x2x257xf32>) {
    %y, %lse = dither.attention %q, %k, %v bias %b : tensor<1x2x257x8xf32>, tensor<1x2x128x8xf32>, tensor<1x2x128x4xf32>, tensor<1x257x128xf32>
    return %y, %lse : tensor<1x2x257x4xf32>, tensor<1x2x257xf32>
  }
  func.func @bigshared_grad(%q: tensor<1x2x257x8xf32>, %k: tensor<1x2x128x8xf32>, %v: tensor<1x2x128x4xf32>, %b: tensor<1x257x128xf32>, %dy: tensor<1x2x257x4xf32>, %dl: tensor<1x2x257xf32>) -> (tensor<1x2x257x8xf32>, tensor<1x2x128x8xf32>, tensor<1x2x128x4xf32>, tensor<1x257x128xf32>) {
    %r:6 = dither.vjp @bigshared(%q, %k, %v, %b) along(%dy, %dl) : (tensor<1x2x257x8xf32>, tensor<1x2x128x8xf32>, tensor<1x2x128x4xf32>, tensor<1x257x128xf32>, tensor<1x2x257x4xf32>, tensor<1x2x257xf32>) -> (tensor<1x2x257x4xf32>, tensor<1x2x257xf32>, tensor<1x2x257x8xf32>, tensor<1x2x128x8xf32>, tensor<1x2x128x4xf32>, tensor<1x257x128xf32>)
    return %r#2, %r#3, %r#4, %r#5 : tensor<1x2x257x8xf32>, tensor<1x2x128x8xf32>, tensor<1x2x128x4xf32>, tensor<1x257x128xf32>
  }

}
