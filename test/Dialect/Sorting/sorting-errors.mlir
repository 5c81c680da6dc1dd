// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @argsort_c1(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{(C1) has no dimension 2 in 'tensor<4x3xf32>'}}
  %0 = dither.argsort %x {dim = 2 : i64} : tensor<4x3xf32>
  return
}

// -----

func.func @argsort_c2(%x: tensor<?x3xf32>) {
  // expected-error@+1 {{(C2) needs a known extent of dimension 0, got 'tensor<?x3xf32>'}}
  %0 = dither.argsort %x {dim = 0 : i64} : tensor<?x3xf32>
  return
}

// -----

func.func @argsort_c2_positions(%x: tensor<3000000000xi8>) {
  // expected-error@+1 {{(C2) sorts 3000000000 elements, whose positions are no i32}}
  %0 = dither.argsort %x {dim = 0 : i64} : tensor<3000000000xi8>
  return
}

// -----

func.func @argsort_c3(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C3) has a count of -1, which must not be negative}}
  %0 = dither.argsort %x {dim = 0 : i64, count = -1 : i64} : tensor<4xf32>
  return
}

// -----

func.func @sort_c1(%x: tensor<f32>) {
  // expected-error@+1 {{(C1) has no dimension 0 in 'tensor<f32>'}}
  %0 = dither.sort %x {dim = 0 : i64} : tensor<f32>
  return
}

// -----

func.func @sort_c2(%x: tensor<?xf32>) {
  // expected-error@+1 {{(C2) needs a known extent of dimension 0, got 'tensor<?xf32>'}}
  %0 = dither.sort %x {dim = 0 : i64} : tensor<?xf32>
  return
}

// -----

func.func @top_k_c1(%x: tensor<f32>) {
  // expected-error@+1 {{(C1) needs a rank of at least 1}}
  %0, %1 = dither.top_k %x {k = 0 : i64} : tensor<f32>
  return
}

// -----

func.func @top_k_c2(%x: tensor<?xf32>) {
  // expected-error@+1 {{(C2) needs a known extent of dimension 0, got 'tensor<?xf32>'}}
  %0, %1 = dither.top_k %x {k = 1 : i64} : tensor<?xf32>
  return
}

// -----

func.func @top_k_c3(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{(C3) cannot take 5 of 4 elements}}
  %0, %1 = dither.top_k %x {k = 5 : i64} : tensor<?x4xf32>
  return
}

// -----

func.func @top_k_c3_negative(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{(C3) cannot take -1 of 4 elements}}
  %0, %1 = dither.top_k %x {k = -1 : i64} : tensor<?x4xf32>
  return
}
