// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @square(%a: tensor<4x3xf32>) {
  // expected-error@+1 {{(C1) needs square matrices [..., n, n], got 'tensor<4x3xf32>'}}
  %0 = dither.cholesky %a : tensor<4x3xf32>
  return
}

// -----

func.func @rank(%a: tensor<4xf32>) {
  // expected-error@+1 {{(C1) needs square matrices [..., n, n], got 'tensor<4xf32>'}}
  %0, %1 = dither.eigh %a : tensor<4xf32>
  return
}

// -----

func.func @batches(%a: tensor<2x4x4xf32>, %b: tensor<4x1xf32>) {
  // expected-error@+1 {{(C1) has right-hand sides 'tensor<4x1xf32>' for matrices 'tensor<2x4x4xf32>'; they would be [..., n, m] with the same extents before m}}
  %0 = dither.triangular_solve %a, %b : tensor<2x4x4xf32>, tensor<4x1xf32>
  return
}

// -----

func.func @rows(%a: tensor<4x4xf32>, %b: tensor<3x1xf32>) {
  // expected-error@+1 {{(C1) has right-hand sides 'tensor<3x1xf32>' for matrices 'tensor<4x4xf32>'}}
  %0 = dither.solve %a, %b : tensor<4x4xf32>, tensor<3x1xf32>
  return
}

// -----

func.func @wide(%a: tensor<3x4xf32>) {
  // expected-error@+1 {{(C1) needs matrices [..., m, n] with m >= n, got 'tensor<3x4xf32>'; transpose them}}
  %0, %1 = dither.qr %a : tensor<3x4xf32>
  return
}

// -----

func.func @dynamic(%a: tensor<?x?xf32>) {
  // expected-error@+1 {{(C2) needs matrices of known extents, and known numbers of them but for the first dimension, got 'tensor<?x?xf32>'}}
  %0 = dither.inverse %a : tensor<?x?xf32>
  return
}

// -----

func.func @dynamic_row(%a: tensor<?x3xf32>) {
  // expected-error@+1 {{(C2) needs matrices of known extents, and known numbers of them but for the first dimension, got 'tensor<?x3xf32>'}}
  %0, %1 = dither.qr %a : tensor<?x3xf32>
  return
}

// -----

func.func @dynamic_right(%a: tensor<4x4xf32>, %b: tensor<4x?xf32>) {
  // expected-error@+1 {{(C2) needs matrices of known extents, and known numbers of them but for the first dimension, got 'tensor<4x?xf32>'}}
  %0 = dither.triangular_solve %a, %b : tensor<4x4xf32>, tensor<4x?xf32>
  return
}

// -----

func.func @short(%a: tensor<4x4xf16>) {
  // expected-error@+1 {{(C3) needs elements of f32 or f64, got 'tensor<4x4xf16>'; convert with dither.cast}}
  %0 = dither.log_det %a : tensor<4x4xf16>
  return
}

// -----

func.func @elements(%a: tensor<4x4xf32>, %b: tensor<4x1xf64>) {
  // expected-error@+1 {{(C3) element types differ: 'f32' and 'f64'; convert one with dither.cast}}
  %0 = dither.solve %a, %b : tensor<4x4xf32>, tensor<4x1xf64>
  return
}

// -----

func.func @root(%a: tensor<4x4xf32>) {
  // expected-error@+1 {{(C4) needs a `p` from 1 to 64, not 0}}
  %0 = dither.inverse_root %a {p = 0 : i64} : tensor<4x4xf32>
  return
}

// -----

func.func @epsilon(%a: tensor<4x4xf32>) {
  // expected-error@+1 {{(C5) needs an epsilon that is not negative}}
  %0 = dither.inverse_root %a {p = 2 : i64, epsilon = -1.0 : f64} : tensor<4x4xf32>
  return
}
