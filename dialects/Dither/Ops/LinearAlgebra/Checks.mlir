dither.model @linear_algebra {
  // The diagonal stays away from 0; the other triangle is not read.
  func.func @triangular_solve(%a: tensor<?x3x3xf64> {dither.range = [-1.0, 1.0]}, %b: tensor<?x3x2xf64>) -> tensor<?x3x2xf64> {
    %i = dither.iota {dim = 0 : i64} : tensor<3x3xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<3x3xi32>
    %d = dither.compare eq %i, %j : tensor<3x3xi32>, tensor<3x3xi32>
    %five = dither.constant dense<5.0> : tensor<f64>
    %s = dither.select %d, %five, %a : tensor<3x3xi1>, tensor<f64>, tensor<?x3x3xf64>
    %c = dither.add %s, %a : tensor<?x3x3xf64>, tensor<?x3x3xf64>
    %x = dither.triangular_solve %c, %b : tensor<?x3x3xf64>, tensor<?x3x2xf64>
    return %x : tensor<?x3x2xf64>
  }

  func.func @triangular_solve_upper(%a: tensor<2x3x3xf64> {dither.range = [0.9, 1.1]}, %b: tensor<2x3x2xf64>) -> tensor<2x3x2xf64> {
    %x = dither.triangular_solve %a, %b {upper} : tensor<2x3x3xf64>, tensor<2x3x2xf64>
    return %x : tensor<2x3x2xf64>
  }

  func.func @triangular_solve_transpose(%a: tensor<3x3xf64> {dither.range = [0.9, 1.1]}, %b: tensor<3x1xf64>) -> tensor<3x1xf64> {
    %x = dither.triangular_solve %a, %b {transpose} : tensor<3x3xf64>, tensor<3x1xf64>
    return %x : tensor<3x1xf64>
  }

  func.func @triangular_solve_unit(%a: tensor<4x4xf64> {dither.range = [-0.5, 0.5]}, %b: tensor<4x2xf64>) -> tensor<4x2xf64> {
    %small = dither.tanh %a : tensor<4x4xf64>
    %x = dither.triangular_solve %small, %b {upper, transpose, unit_diagonal} : tensor<4x4xf64>, tensor<4x2xf64>
    return %x : tensor<4x2xf64>
  }

  // More rows than a block has.
  func.func @triangular_solve_blocks(%a: tensor<70x70xf32>, %b: tensor<70x3xf32>) -> tensor<70x3xf32> {
    %scale = dither.constant dense<0.01> : tensor<f32>
    %small = dither.mul %a, %scale : tensor<70x70xf32>, tensor<f32>
    %x = dither.triangular_solve %small, %b {unit_diagonal} : tensor<70x70xf32>, tensor<70x3xf32>
    return %x : tensor<70x3xf32>
  }

  // x x' + 1 is positive definite.
  func.func @cholesky(%a: tensor<?x3x3xf64>) -> tensor<?x3x3xf64> {
    %p = dither.einsum "bik,bjk->bij" %a, %a : tensor<?x3x3xf64>, tensor<?x3x3xf64>
    %i = dither.iota {dim = 0 : i64} : tensor<3x3xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<3x3xi32>
    %e = dither.compare eq %i, %j : tensor<3x3xi32>, tensor<3x3xi32>
    %d = dither.cast %e : tensor<3x3xi1> to tensor<3x3xf64>
    %s = dither.add %p, %d : tensor<?x3x3xf64>, tensor<3x3xf64>
    %l = dither.cholesky %s : tensor<?x3x3xf64>
    return %l : tensor<?x3x3xf64>
  }

  // The lower triangle alone counts.
  func.func @cholesky_triangle(%a: tensor<4x4xf64> {dither.range = [-1.0, 1.0]}) -> tensor<4x4xf64> {
    %i = dither.iota {dim = 0 : i64} : tensor<4x4xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<4x4xi32>
    %e = dither.compare eq %i, %j : tensor<4x4xi32>, tensor<4x4xi32>
    %five = dither.constant dense<5.0> : tensor<f64>
    %zero = dither.constant dense<0.0> : tensor<f64>
    %d = dither.select %e, %five, %zero : tensor<4x4xi1>, tensor<f64>, tensor<f64>
    %s = dither.add %a, %d : tensor<4x4xf64>, tensor<4x4xf64>
    %l = dither.cholesky %s : tensor<4x4xf64>
    return %l : tensor<4x4xf64>
  }

  func.func @cholesky_blocks(%a: tensor<70x70xf32> {dither.range = [-1.0, 1.0]}) -> tensor<70x70xf32> {
    %i = dither.iota {dim = 0 : i64} : tensor<70x70xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<70x70xi32>
    %e = dither.compare eq %i, %j : tensor<70x70xi32>, tensor<70x70xi32>
    %many = dither.constant dense<80.0> : tensor<f32>
    %d = dither.select %e, %many, %a : tensor<70x70xi1>, tensor<f32>, tensor<70x70xf32>
    %l = dither.cholesky %d : tensor<70x70xf32>
    return %l : tensor<70x70xf32>
  }

  // Columns near those of a multiple of the identity.
  func.func @qr(%a: tensor<?x4x3xf64> {dither.range = [-1.0, 1.0]}) -> tensor<?x4x3xf64> {
    %i = dither.iota {dim = 0 : i64} : tensor<4x3xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<4x3xi32>
    %e = dither.compare eq %i, %j : tensor<4x3xi32>, tensor<4x3xi32>
    %five = dither.constant dense<5.0> : tensor<f64>
    %zero = dither.constant dense<0.0> : tensor<f64>
    %d = dither.select %e, %five, %zero : tensor<4x3xi1>, tensor<f64>, tensor<f64>
    %s = dither.add %a, %d : tensor<?x4x3xf64>, tensor<4x3xf64>
    %q, %r = dither.qr %s : tensor<?x4x3xf64>
    return %q : tensor<?x4x3xf64>
  }

  func.func @qr_triangle(%a: tensor<3x3xf64> {dither.range = [-1.0, 1.0]}) -> (tensor<3x3xf64>, tensor<3x3xf64>) {
    %d = dither.constant dense<[[-4.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 4.0]]> : tensor<3x3xf64>
    %s = dither.add %a, %d : tensor<3x3xf64>, tensor<3x3xf64>
    %q, %r = dither.qr %s : tensor<3x3xf64>
    return %r, %q : tensor<3x3xf64>, tensor<3x3xf64>
  }

  // Eigenvalues that are far from each other. The constant keeps the extents.
  func.func @eigh(%a: tensor<2x3x3xf64> {dither.range = [-0.5, 0.5]}) -> (tensor<2x3xf64>, tensor<2x3x3xf64>) {
    %d = dither.constant dense<[[4.0, 0.0, 0.0], [0.0, -3.0, 0.0], [0.0, 0.0, 1.0]]> : tensor<3x3xf64>
    %s = dither.add %a, %d : tensor<2x3x3xf64>, tensor<3x3xf64>
    %l, %v = dither.eigh %s : tensor<2x3x3xf64>
    return %l, %v : tensor<2x3xf64>, tensor<2x3x3xf64>
  }

  func.func @eigh_values(%a: tensor<?x3x3xf64> {dither.range = [-0.5, 0.5]}) -> tensor<?x3xf64> {
    %d = dither.constant dense<[[1.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 6.0]]> : tensor<3x3xf64>
    %s = dither.add %a, %d : tensor<?x3x3xf64>, tensor<3x3xf64>
    %l, %v = dither.eigh %s : tensor<?x3x3xf64>
    return %l : tensor<?x3xf64>
  }

  func.func @eigh_extents(%a: tensor<?x4x4xf32> {dither.range = [-0.5, 0.5]}) -> (tensor<?x4xf32>, tensor<?x4x4xf32>) {
    %i = dither.iota {dim = 0 : i64} : tensor<4x4xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<4x4xi32>
    %e = dither.compare eq %i, %j : tensor<4x4xi32>, tensor<4x4xi32>
    %n = dither.cast %i : tensor<4x4xi32> to tensor<4x4xf32>
    %scale = dither.constant dense<-5.0> : tensor<f32>
    %m = dither.mul %n, %scale : tensor<4x4xf32>, tensor<f32>
    %zero = dither.constant dense<0.0> : tensor<f32>
    %d = dither.select %e, %m, %zero : tensor<4x4xi1>, tensor<4x4xf32>, tensor<f32>
    %s = dither.add %a, %d : tensor<?x4x4xf32>, tensor<4x4xf32>
    %l, %v = dither.eigh %s : tensor<?x4x4xf32>
    return %l, %v : tensor<?x4xf32>, tensor<?x4x4xf32>
  }

  func.func @inverse_root(%a: tensor<3x3xf64> {dither.range = [-0.5, 0.5]}) -> tensor<3x3xf64> {
    %d = dither.constant dense<[[4.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 7.0]]> : tensor<3x3xf64>
    %s = dither.add %a, %d : tensor<3x3xf64>, tensor<3x3xf64>
    %y = dither.inverse_root %s {p = 3 : i64, epsilon = 0.1 : f64} : tensor<3x3xf64>
    return %y : tensor<3x3xf64>
  }

  // Two eigenvalues are equal: there is a gradient.
  func.func @inverse_root_equal(%a: tensor<3x1xf64> {dither.range = [0.5, 1.0]}) -> tensor<3x3xf64> attributes {dither.first_order} {
    %p = dither.matmul %a, %a {transpose_y} : tensor<3x1xf64>, tensor<3x1xf64>
    %d = dither.constant dense<[[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 2.0]]> : tensor<3x3xf64>
    %s = dither.add %p, %d : tensor<3x3xf64>, tensor<3x3xf64>
    %y = dither.inverse_root %s {p = 4 : i64} : tensor<3x3xf64>
    return %y : tensor<3x3xf64>
  }

  func.func @inverse_root_extents(%a: tensor<?x4x4xf32> {dither.range = [-0.5, 0.5]}) -> tensor<?x4x4xf32> {
    %p = dither.einsum "bik,bjk->bij" %a, %a : tensor<?x4x4xf32>, tensor<?x4x4xf32>
    %y = dither.inverse_root %p {p = 2 : i64, epsilon = 1.0 : f64} : tensor<?x4x4xf32>
    return %y : tensor<?x4x4xf32>
  }

  func.func @solve(%a: tensor<?x3x3xf64> {dither.range = [-1.0, 1.0]}, %b: tensor<?x3x2xf64>) -> tensor<?x3x2xf64> {
    %i = dither.iota {dim = 0 : i64} : tensor<3x3xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<3x3xi32>
    %e = dither.compare eq %i, %j : tensor<3x3xi32>, tensor<3x3xi32>
    %d = dither.cast %e : tensor<3x3xi1> to tensor<3x3xf64>
    %p = dither.einsum "bik,bjk->bij" %a, %a : tensor<?x3x3xf64>, tensor<?x3x3xf64>
    %s = dither.add %p, %d : tensor<?x3x3xf64>, tensor<3x3xf64>
    %x = dither.solve %s, %b : tensor<?x3x3xf64>, tensor<?x3x2xf64>
    return %x : tensor<?x3x2xf64>
  }

  func.func @inverse(%a: tensor<3x3xf64> {dither.range = [-1.0, 1.0]}) -> tensor<3x3xf64> {
    %i = dither.iota {dim = 0 : i64} : tensor<3x3xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<3x3xi32>
    %e = dither.compare eq %i, %j : tensor<3x3xi32>, tensor<3x3xi32>
    %d = dither.cast %e : tensor<3x3xi1> to tensor<3x3xf64>
    %p = dither.matmul %a, %a {transpose_y} : tensor<3x3xf64>, tensor<3x3xf64>
    %s = dither.add %p, %d : tensor<3x3xf64>, tensor<3x3xf64>
    %y = dither.inverse %s : tensor<3x3xf64>
    return %y : tensor<3x3xf64>
  }

  func.func @log_det(%a: tensor<?x3x3xf64> {dither.range = [-1.0, 1.0]}) -> tensor<?xf64> {
    %i = dither.iota {dim = 0 : i64} : tensor<3x3xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<3x3xi32>
    %e = dither.compare eq %i, %j : tensor<3x3xi32>, tensor<3x3xi32>
    %d = dither.cast %e : tensor<3x3xi1> to tensor<3x3xf64>
    %p = dither.einsum "bik,bjk->bij" %a, %a : tensor<?x3x3xf64>, tensor<?x3x3xf64>
    %s = dither.add %p, %d : tensor<?x3x3xf64>, tensor<3x3xf64>
    %y = dither.log_det %s : tensor<?x3x3xf64>
    return %y : tensor<?xf64>
  }
}
