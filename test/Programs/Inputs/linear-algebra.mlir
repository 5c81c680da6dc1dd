// Decompositions of matrices that are larger than blocks, and of such as are not positive definite.
dither.model @linear_algebra {
  // Some are positive definite, others give NaN.
  func.func @some(%a: tensor<?x3x3xf32>) -> tensor<?x3x3xf32> {
    %i = dither.iota {dim = 0 : i64} : tensor<3x3xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<3x3xi32>
    %e = dither.compare eq %i, %j : tensor<3x3xi32>, tensor<3x3xi32>
    %d = dither.cast %e : tensor<3x3xi1> to tensor<3x3xf32>
    %s = dither.add %a, %d : tensor<?x3x3xf32>, tensor<3x3xf32>
    %l = dither.cholesky %s : tensor<?x3x3xf32>
    return %l : tensor<?x3x3xf32>
  }

  func.func @eigh(%a: tensor<41x41xf32>) -> (tensor<41xf32>, tensor<41x41xf32>) {
    %i = dither.iota {dim = 0 : i64} : tensor<41x41xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<41x41xi32>
    %e = dither.compare eq %i, %j : tensor<41x41xi32>, tensor<41x41xi32>
    %n = dither.cast %i : tensor<41x41xi32> to tensor<41x41xf32>
    %minus = dither.constant dense<-8.0> : tensor<f32>
    %m = dither.mul %n, %minus : tensor<41x41xf32>, tensor<f32>
    %t = dither.tanh %a : tensor<41x41xf32>
    %s = dither.select %e, %m, %t : tensor<41x41xi1>, tensor<41x41xf32>, tensor<41x41xf32>
    %l, %v = dither.eigh %s : tensor<41x41xf32>
    return %l, %v : tensor<41xf32>, tensor<41x41xf32>
  }

  func.func @qr(%a: tensor<2x75x66xf32>) -> (tensor<2x75x66xf32>, tensor<2x66x66xf32>) {
    %i = dither.iota {dim = 0 : i64} : tensor<75x66xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<75x66xi32>
    %e = dither.compare eq %i, %j : tensor<75x66xi32>, tensor<75x66xi32>
    %n = dither.cast %e : tensor<75x66xi1> to tensor<75x66xf32>
    %many = dither.constant dense<20.0> : tensor<f32>
    %m = dither.mul %n, %many : tensor<75x66xf32>, tensor<f32>
    %s = dither.add %a, %m : tensor<2x75x66xf32>, tensor<75x66xf32>
    %q, %r = dither.qr %s : tensor<2x75x66xf32>
    return %q, %r : tensor<2x75x66xf32>, tensor<2x66x66xf32>
  }

  func.func @solve(%a: tensor<2x70x70xf32>, %b: tensor<2x70x5xf32>) -> (tensor<2x70x5xf32>, tensor<2xf32>) {
    %p = dither.einsum "bik,bjk->bij" %a, %a : tensor<2x70x70xf32>, tensor<2x70x70xf32>
    %i = dither.iota {dim = 0 : i64} : tensor<70x70xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<70x70xi32>
    %e = dither.compare eq %i, %j : tensor<70x70xi32>, tensor<70x70xi32>
    %d = dither.cast %e : tensor<70x70xi1> to tensor<70x70xf32>
    %many = dither.constant dense<20.0> : tensor<f32>
    %m = dither.mul %d, %many : tensor<70x70xf32>, tensor<f32>
    %s = dither.add %p, %m : tensor<2x70x70xf32>, tensor<70x70xf32>
    %x = dither.solve %s, %b : tensor<2x70x70xf32>, tensor<2x70x5xf32>
    %y = dither.log_det %s : tensor<2x70x70xf32>
    return %x, %y : tensor<2x70x5xf32>, tensor<2xf32>
  }
}
