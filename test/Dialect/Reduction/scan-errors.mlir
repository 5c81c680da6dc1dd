// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @scan_c1(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{(C1) has no dimension 2 in 'tensor<4x3xf32>'}}
  %0 = dither.scan sum %x {dim = 2 : i64} : tensor<4x3xf32>
  return
}

// -----

func.func @scan_c1_negative(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{(C1) has no dimension -1 in 'tensor<4x3xf32>'}}
  %0 = dither.scan max %x {dim = -1 : i64} : tensor<4x3xf32>
  return
}

// -----

func.func @scan_c2(%x: tensor<4x3xi32>) {
  // expected-error@+1 {{(C2) combines floats by `logsumexp`, not 'i32'}}
  %0 = dither.scan logsumexp %x {dim = 1 : i64} : tensor<4x3xi32>
  return
}

// -----

func.func @recurrence_c1(%a: tensor<4xf32>) {
  // expected-error@+1 {{(C1) has no dimension 1 in 'tensor<4xf32>'}}
  %0 = dither.recurrence %a, %a {dim = 1 : i64} : tensor<4xf32>
  return
}
