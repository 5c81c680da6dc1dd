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

// -----

func.func @recurrence_c2(%a: tensor<4x3xf32>, %h: tensor<4xf32>) {
  // expected-error@+1 {{(C2) goes through 'tensor<4x3xf32>' from 'tensor<3xf32>', static but for a first dimension that stays, got 'tensor<4xf32>'}}
  %0 = dither.recurrence %a, %a from %h {dim = 0 : i64} : tensor<4x3xf32> from tensor<4xf32>
  return
}

// -----

func.func @recurrence_c2_dynamic(%a: tensor<?x3xf32>, %h: tensor<3xf32>) {
  // expected-error@+1 {{(C2) goes through 'tensor<?x3xf32>' from 'tensor<3xf32>', static but for a first dimension that stays, got 'tensor<3xf32>'}}
  %0 = dither.recurrence %a, %a from %h {dim = 0 : i64} : tensor<?x3xf32> from tensor<3xf32>
  return
}
