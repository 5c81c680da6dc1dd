// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @gather_c1(%x: tensor<0x3xf32>, %rows: tensor<2xi32>) {
  // expected-error@+1 {{(C1) gathers from a known number of rows, not 0; got 'tensor<0x3xf32>'}}
  %0 = dither.gather %x, %rows : tensor<0x3xf32>, tensor<2xi32>
  return
}

// -----

func.func @gather_c2(%x: tensor<4x3xf32>, %rows: tensor<2xi64>) {
  // expected-error@+1 {{(C2) takes positions as a tensor of i32 with known extents but for the first, not as 'tensor<2xi64>'}}
  %0 = dither.gather %x, %rows : tensor<4x3xf32>, tensor<2xi64>
  return
}

// -----

func.func @gather_c2_dynamic(%x: tensor<4x3xf32>, %rows: tensor<2x?xi32>) {
  // expected-error@+1 {{(C2) takes positions as a tensor of i32 with known extents but for the first, not as 'tensor<2x?xi32>'}}
  %0 = dither.gather %x, %rows : tensor<4x3xf32>, tensor<2x?xi32>
  return
}

// -----

func.func @scatter_c1(%u: tensor<2x3xf32>, %x: tensor<4x3xf32>, %rows: tensor<2x1xi32>) {
  // expected-error@+1 {{(C1) takes positions as an i32 tensor of rank 1, not as 'tensor<2x1xi32>'}}
  %0 = dither.scatter %u into %x at %rows : tensor<2x3xf32>, tensor<4x3xf32>, tensor<2x1xi32>
  return
}

// -----

func.func @scatter_c2(%u: tensor<3x3xf32>, %x: tensor<4x3xf32>, %rows: tensor<2xi32>) {
  // expected-error@+1 {{(C2) replaces 2 rows of 'tensor<4x3xf32>' by 'tensor<3x3xf32>'}}
  %0 = dither.scatter %u into %x at %rows : tensor<3x3xf32>, tensor<4x3xf32>, tensor<2xi32>
  return
}

// -----

func.func @scatter_c3(%u: tensor<?x3xf32>, %x: tensor<4x3xf32>, %rows: tensor<?xi32>) {
  // expected-error@+1 {{(C3) needs static shapes}}
  %0 = dither.scatter %u into %x at %rows : tensor<?x3xf32>, tensor<4x3xf32>, tensor<?xi32>
  return
}
