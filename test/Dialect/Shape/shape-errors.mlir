// RUN: dither-opt %s --verify-diagnostics --split-input-file

// expected-error@+1 {{(C1) has no dimension 2 in 'tensor<1x10xi32>'}}
%0 = dither.iota {dim = 2 : i64} : tensor<1x10xi32>

// -----

// expected-error@+1 {{(C2) needs a static shape}}
%0 = dither.iota {dim = 0 : i64} : tensor<?xi32>

// -----

func.func @reshape_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C1) keeps the element type; convert it with dither.cast}}
  %0 = dither.reshape %x : tensor<4xf32> to tensor<2x2xf64>
  return
}

// -----

func.func @reshape_c2(%x: tensor<?x8xf32>) {
  // expected-error@+1 {{(C2) keeps the number of elements}}
  %0 = dither.reshape %x : tensor<?x8xf32> to tensor<?x2x3xf32>
  return
}

// -----

func.func @reshape_c3(%x: tensor<?x8xf32>) {
  // expected-error@+1 {{(C3) allows one dynamic dimension, the first, on both sides}}
  %0 = dither.reshape %x : tensor<?x8xf32> to tensor<8x?xf32>
  return
}

// -----

func.func @transpose_c1(%x: tensor<4x8xf32>) {
  // expected-error@+1 {{(C1) needs a permutation of the 2 dimensions}}
  %0 = dither.transpose %x {permutation = array<i64: 1, 1>} : tensor<4x8xf32>
  return
}

// -----

func.func @broadcast_c1(%x: tensor<4xf32>, %y: tensor<4x8xf32>) {
  // expected-error@+1 {{(C1) 'tensor<4xf32>' does not stretch to the shape of 'tensor<4x8xf32>'}}
  %0 = dither.broadcast %x like %y : tensor<4xf32>, tensor<4x8xf32>
  return
}
