// Gradients of decompositions, made by --dither-differentiate.
dither.model @gradients {
  func.func @cholesky(%a: tensor<?x5x5xf32>, %w: tensor<?x5x5xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %t = dither.tanh %a : tensor<?x5x5xf32>
    %i = dither.iota {dim = 0 : i64} : tensor<5x5xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<5x5xi32>
    %e = dither.compare eq %i, %j : tensor<5x5xi32>, tensor<5x5xi32>
    %n = dither.cast %i : tensor<5x5xi32> to tensor<5x5xf32>
    %eight = dither.constant dense<8.0> : tensor<f32>
    %m = dither.mul %n, %eight : tensor<5x5xf32>, tensor<f32>
    %p = dither.add %m, %eight : tensor<5x5xf32>, tensor<f32>
    %s = dither.select %e, %p, %t : tensor<5x5xi1>, tensor<5x5xf32>, tensor<?x5x5xf32>
    %y = dither.cholesky %s : tensor<?x5x5xf32>
    %q = dither.mul %y, %w : tensor<?x5x5xf32>, tensor<?x5x5xf32>
    %loss = dither.reduce sum %q : tensor<?x5x5xf32>
    return %loss : tensor<f32>
  }

  func.func @qr(%a: tensor<?x5x5xf32>, %w: tensor<?x5x5xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %t = dither.tanh %a : tensor<?x5x5xf32>
    %i = dither.iota {dim = 0 : i64} : tensor<5x5xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<5x5xi32>
    %e = dither.compare eq %i, %j : tensor<5x5xi32>, tensor<5x5xi32>
    %n = dither.cast %i : tensor<5x5xi32> to tensor<5x5xf32>
    %eight = dither.constant dense<8.0> : tensor<f32>
    %m = dither.mul %n, %eight : tensor<5x5xf32>, tensor<f32>
    %p = dither.add %m, %eight : tensor<5x5xf32>, tensor<f32>
    %s = dither.select %e, %p, %t : tensor<5x5xi1>, tensor<5x5xf32>, tensor<?x5x5xf32>
    %y, %r = dither.qr %s : tensor<?x5x5xf32>
    %q = dither.mul %y, %w : tensor<?x5x5xf32>, tensor<?x5x5xf32>
    %loss = dither.reduce sum %q : tensor<?x5x5xf32>
    return %loss : tensor<f32>
  }

  func.func @eigh(%a: tensor<?x5x5xf32>, %w: tensor<?x5x5xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %t = dither.tanh %a : tensor<?x5x5xf32>
    %i = dither.iota {dim = 0 : i64} : tensor<5x5xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<5x5xi32>
    %e = dither.compare eq %i, %j : tensor<5x5xi32>, tensor<5x5xi32>
    %n = dither.cast %i : tensor<5x5xi32> to tensor<5x5xf32>
    %eight = dither.constant dense<8.0> : tensor<f32>
    %m = dither.mul %n, %eight : tensor<5x5xf32>, tensor<f32>
    %p = dither.add %m, %eight : tensor<5x5xf32>, tensor<f32>
    %s = dither.select %e, %p, %t : tensor<5x5xi1>, tensor<5x5xf32>, tensor<?x5x5xf32>
    %l, %y = dither.eigh %s : tensor<?x5x5xf32>
    %q = dither.mul %y, %w : tensor<?x5x5xf32>, tensor<?x5x5xf32>
    %loss = dither.reduce sum %q : tensor<?x5x5xf32>
    return %loss : tensor<f32>
  }

  func.func @inverse_root(%a: tensor<?x5x5xf32>, %w: tensor<?x5x5xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %t = dither.tanh %a : tensor<?x5x5xf32>
    %i = dither.iota {dim = 0 : i64} : tensor<5x5xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<5x5xi32>
    %e = dither.compare eq %i, %j : tensor<5x5xi32>, tensor<5x5xi32>
    %n = dither.cast %i : tensor<5x5xi32> to tensor<5x5xf32>
    %eight = dither.constant dense<8.0> : tensor<f32>
    %m = dither.mul %n, %eight : tensor<5x5xf32>, tensor<f32>
    %p = dither.add %m, %eight : tensor<5x5xf32>, tensor<f32>
    %s = dither.select %e, %p, %t : tensor<5x5xi1>, tensor<5x5xf32>, tensor<?x5x5xf32>
    %y = dither.inverse_root %s {p = 4 : i64, epsilon = 0.01 : f64} : tensor<?x5x5xf32>
    %q = dither.mul %y, %w : tensor<?x5x5xf32>, tensor<?x5x5xf32>
    %loss = dither.reduce sum %q : tensor<?x5x5xf32>
    return %loss : tensor<f32>
  }

  func.func @inverse(%a: tensor<?x5x5xf32>, %w: tensor<?x5x5xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %t = dither.tanh %a : tensor<?x5x5xf32>
    %i = dither.iota {dim = 0 : i64} : tensor<5x5xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<5x5xi32>
    %e = dither.compare eq %i, %j : tensor<5x5xi32>, tensor<5x5xi32>
    %n = dither.cast %i : tensor<5x5xi32> to tensor<5x5xf32>
    %eight = dither.constant dense<8.0> : tensor<f32>
    %m = dither.mul %n, %eight : tensor<5x5xf32>, tensor<f32>
    %p = dither.add %m, %eight : tensor<5x5xf32>, tensor<f32>
    %s = dither.select %e, %p, %t : tensor<5x5xi1>, tensor<5x5xf32>, tensor<?x5x5xf32>
    %y = dither.inverse %s : tensor<?x5x5xf32>
    %q = dither.mul %y, %w : tensor<?x5x5xf32>, tensor<?x5x5xf32>
    %loss = dither.reduce sum %q : tensor<?x5x5xf32>
    return %loss : tensor<f32>
  }

  func.func @triangular_solve(%a: tensor<?x5x5xf32>, %w: tensor<?x5x5xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %t = dither.tanh %a : tensor<?x5x5xf32>
    %i = dither.iota {dim = 0 : i64} : tensor<5x5xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<5x5xi32>
    %e = dither.compare eq %i, %j : tensor<5x5xi32>, tensor<5x5xi32>
    %n = dither.cast %i : tensor<5x5xi32> to tensor<5x5xf32>
    %eight = dither.constant dense<8.0> : tensor<f32>
    %m = dither.mul %n, %eight : tensor<5x5xf32>, tensor<f32>
    %p = dither.add %m, %eight : tensor<5x5xf32>, tensor<f32>
    %s = dither.select %e, %p, %t : tensor<5x5xi1>, tensor<5x5xf32>, tensor<?x5x5xf32>
    %y = dither.triangular_solve %s, %a {upper} : tensor<?x5x5xf32>, tensor<?x5x5xf32>
    %q = dither.mul %y, %w : tensor<?x5x5xf32>, tensor<?x5x5xf32>
    %loss = dither.reduce sum %q : tensor<?x5x5xf32>
    return %loss : tensor<f32>
  }
}
