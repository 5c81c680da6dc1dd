// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @reverse_c1(%x: tensor<4x8xf32>) {
  // expected-error@+1 {{(C1) dims must be distinct, ascending and below the rank 2}}
  %0 = dither.reverse %x {dims = array<i64: 1, 0>} : tensor<4x8xf32>
  return
}

// -----

func.func @reverse_c2(%x: tensor<?x8xf32>) {
  // expected-error@+1 {{(C2) needs a known extent of dimension 0, got 'tensor<?x8xf32>'}}
  %0 = dither.reverse %x {dims = array<i64: 0>} : tensor<?x8xf32>
  return
}

// -----

func.func @roll_c1(%x: tensor<4x8xf32>) {
  // expected-error@+1 {{(C1) dims must be distinct, ascending and below the rank 2}}
  %0 = dither.roll %x {shifts = array<i64: 1>, dims = array<i64: 2>} : tensor<4x8xf32>
  return
}

// -----

func.func @roll_c2(%x: tensor<?x8xf32>) {
  // expected-error@+1 {{(C2) needs a known extent of dimension 0, got 'tensor<?x8xf32>'}}
  %0 = dither.roll %x {shifts = array<i64: 1>, dims = array<i64: 0>} : tensor<?x8xf32>
  return
}

// -----

func.func @roll_c3(%x: tensor<4x8xf32>) {
  // expected-error@+1 {{(C3) has 2 shifts for 1 dims}}
  %0 = dither.roll %x {shifts = array<i64: 1, 2>, dims = array<i64: 0>} : tensor<4x8xf32>
  return
}

// -----

func.func @repeat_c1(%x: tensor<4x8xf32>) {
  // expected-error@+1 {{(C1) needs a positive number below 2^31 for each of the 2 dimensions}}
  %0 = dither.repeat %x {counts = array<i64: 1, 0>} : tensor<4x8xf32>
  return
}

// -----

func.func @repeat_c1_many(%x: tensor<9223372036854775807xf32>) {
  // expected-error@+1 {{(C1) has more elements along dimension 0 than can be counted}}
  %0 = dither.repeat %x {counts = array<i64: 2>} : tensor<9223372036854775807xf32>
  return
}

// -----

func.func @repeat_c2(%x: tensor<?x8xf32>) {
  // expected-error@+1 {{(C2) cannot repeat dimension 0 of 'tensor<?x8xf32>', which is dynamic}}
  %0 = dither.repeat %x {counts = array<i64: 2, 1>} : tensor<?x8xf32>
  return
}

// -----

func.func @repeat_c2_inner(%x: tensor<8x?xf32>) {
  // expected-error@+1 {{(C2) needs known extents but for the first, got 'tensor<8x?xf32>'}}
  %0 = dither.repeat %x {counts = array<i64: 2, 1>} : tensor<8x?xf32>
  return
}

// -----

func.func @split_c1(%x: tensor<?x8xf32>) {
  // expected-error@+1 {{(C1) has no dimension 0 of a known extent in 'tensor<?x8xf32>'}}
  %0 = dither.split %x {dim = 0 : i64, sizes = array<i64: 4>} : tensor<?x8xf32>
  return
}

// -----

func.func @split_c2(%x: tensor<8xf32>) {
  // expected-error@+1 {{(C2) cannot take 5 elements of the 4 that are left}}
  %0:2 = dither.split %x {dim = 0 : i64, sizes = array<i64: 4, 5>} : tensor<8xf32>
  return
}

// -----

func.func @split_c2_rest(%x: tensor<8xf32>) {
  // expected-error@+1 {{(C2) leaves 1 elements of dimension 0}}
  %0:2 = dither.split %x {dim = 0 : i64, sizes = array<i64: 4, 3>} : tensor<8xf32>
  return
}
