// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @take_along_c1(%x: tensor<4x3xf32>, %i: tensor<4x3xi32>) {
  // expected-error@+1 {{(C1) has no dimension -1 in 'tensor<4x3xf32>'}}
  %0 = dither.take_along %x, %i {dim = -1 : i64} : tensor<4x3xf32>, tensor<4x3xi32>
  return
}

// -----

func.func @take_along_c2_extents(%x: tensor<4x3xf32>, %i: tensor<2x5xi32>) {
  // expected-error@+1 {{(C2) takes positions as a tensor of i32 with the extents of 'tensor<4x3xf32>' but for dimension 1, not as 'tensor<2x5xi32>'}}
  %0 = dither.take_along %x, %i {dim = 1 : i64} : tensor<4x3xf32>, tensor<2x5xi32>
  return
}

// -----

func.func @take_along_c2_element(%x: tensor<4x3xf32>, %i: tensor<4x5xi64>) {
  // expected-error@+1 {{(C2) takes positions as a tensor of i32}}
  %0 = dither.take_along %x, %i {dim = 1 : i64} : tensor<4x3xf32>, tensor<4x5xi64>
  return
}

// -----

func.func @take_along_c3(%x: tensor<?x3xf32>, %i: tensor<2x3xi32>) {
  // expected-error@+1 {{(C3) needs a known extent of dimension 0, got 'tensor<?x3xf32>'}}
  %0 = dither.take_along %x, %i {dim = 0 : i64} : tensor<?x3xf32>, tensor<2x3xi32>
  return
}

// -----

func.func @take_along_c3_nothing(%x: tensor<4x0xf32>, %i: tensor<4x1xi32>) {
  // expected-error@+1 {{(C3) takes elements of 'tensor<4x0xf32>', which has none along dimension 1}}
  %0 = dither.take_along %x, %i {dim = 1 : i64} : tensor<4x0xf32>, tensor<4x1xi32>
  return
}

// -----

func.func @scatter_add_along_c2(%u: tensor<4xf32>, %x: tensor<4x3xf32>, %i: tensor<4xi32>) {
  // expected-error@+1 {{(C2) takes positions as a tensor of i32 with the extents of 'tensor<4x3xf32>' but for dimension 0, not as 'tensor<4xi32>'}}
  %0 = dither.scatter_add_along %u into %x at %i {dim = 0 : i64} : tensor<4xf32>, tensor<4x3xf32>, tensor<4xi32>
  return
}

// -----

func.func @scatter_add_along_c4(%u: tensor<4x5xf64>, %x: tensor<4x3xf32>, %i: tensor<4x5xi32>) {
  // expected-error@+1 {{(C4) takes updates of type 'tensor<4x5xf32>', not 'tensor<4x5xf64>'}}
  %0 = dither.scatter_add_along %u into %x at %i {dim = 1 : i64} : tensor<4x5xf64>, tensor<4x3xf32>, tensor<4x5xi32>
  return
}
