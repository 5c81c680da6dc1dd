// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @scatter_add_c1(%u: tensor<2x3xf32>, %x: tensor<?x3xf32>, %rows: tensor<2xi32>) {
  // expected-error@+1 {{(C1) adds to a known number of rows, not 0; got 'tensor<?x3xf32>'}}
  %0 = dither.scatter_add %u into %x at %rows : tensor<2x3xf32>, tensor<?x3xf32>, tensor<2xi32>
  return
}

// -----

func.func @scatter_add_c2(%u: tensor<2x3xf32>, %x: tensor<4x3xf32>, %rows: tensor<2xi8>) {
  // expected-error@+1 {{(C2) takes positions as a tensor of i32 with known extents but for the first, not as 'tensor<2xi8>'}}
  %0 = dither.scatter_add %u into %x at %rows : tensor<2x3xf32>, tensor<4x3xf32>, tensor<2xi8>
  return
}

// -----

func.func @scatter_add_c3(%u: tensor<2x3xf32>, %x: tensor<4x3xf32>, %rows: tensor<2x1xi32>) {
  // expected-error@+1 {{(C3) takes updates of type 'tensor<2x1x3xf32>', not 'tensor<2x3xf32>'}}
  %0 = dither.scatter_add %u into %x at %rows : tensor<2x3xf32>, tensor<4x3xf32>, tensor<2x1xi32>
  return
}

// -----

func.func @one_hot_c1(%labels: tensor<?xi32>) {
  // expected-error@+1 {{(C1) adds a last dimension of classes to 'tensor<?xi32>', got 'tensor<4x10xf32>'}}
  %0 = dither.one_hot %labels : tensor<?xi32> to tensor<4x10xf32>
  return
}

// -----

func.func @one_hot_c1_dynamic(%labels: tensor<4xi32>) {
  // expected-error@+1 {{(C1) adds a last dimension of classes to 'tensor<4xi32>', got 'tensor<4x?xf32>'}}
  %0 = dither.one_hot %labels : tensor<4xi32> to tensor<4x?xf32>
  return
}

// -----

func.func @one_hot_c2(%labels: tensor<4x?xi32>) {
  // expected-error@+1 {{(C2) needs known extents but for the first, got 'tensor<4x?xi32>'}}
  %0 = dither.one_hot %labels : tensor<4x?xi32> to tensor<4x?x3xf32>
  return
}

// -----

func.func @one_hot_c3(%labels: tensor<1xi64>) {
  // expected-error@+1 {{(C3) has more classes than an i32 can name}}
  %0 = dither.one_hot %labels : tensor<1xi64> to tensor<1x2147483648xf32>
  return
}

// -----

func.func @segment_sum_c1(%x: tensor<4x3xf32>, %s: tensor<5xi32>) {
  // expected-error@+1 {{(C1) takes segments as a tensor of i32 with the shape of the first dimensions of 'tensor<4x3xf32>', not as 'tensor<5xi32>'}}
  %0 = dither.segment_sum %x, %s {count = 2 : i64} : tensor<4x3xf32>, tensor<5xi32>
  return
}

// -----

func.func @segment_sum_c2(%x: tensor<4x?xf32>, %s: tensor<4xi32>) {
  // expected-error@+1 {{(C2) needs known extents of rows, and of segments but for the first; got 'tensor<4x?xf32>'}}
  %0 = dither.segment_sum %x, %s {count = 2 : i64} : tensor<4x?xf32>, tensor<4xi32>
  return
}

// -----

func.func @segment_sum_c3(%x: tensor<4x3xf32>, %s: tensor<4xi32>) {
  // expected-error@+1 {{(C3) needs a positive `count`, got 0}}
  %0 = dither.segment_sum %x, %s {count = 0 : i64} : tensor<4x3xf32>, tensor<4xi32>
  return
}
