// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @pad_c1(%x: tensor<4x8xf32>) {
  // expected-error@+1 {{(C1) needs `low` and `high` with a number for each of the 2 dimensions, not negative and below 2^31}}
  %0 = dither.pad %x {low = array<i64: 0>, high = array<i64: 0, 1>} : tensor<4x8xf32>
  return
}

// -----

func.func @pad_c1_negative(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C1) needs `low` and `high` with a number for each of the 1 dimensions, not negative and below 2^31}}
  %0 = dither.pad %x {low = array<i64: 0>, high = array<i64: -1>} : tensor<4xf32>
  return
}

// -----

func.func @pad_c1_many(%x: tensor<9223372036854775807xf32>) {
  // expected-error@+1 {{(C1) has more elements along dimension 0 than can be counted}}
  %0 = dither.pad %x {low = array<i64: 0>, high = array<i64: 1>} : tensor<9223372036854775807xf32>
  return
}

// -----

func.func @pad_c2(%x: tensor<?x8xf32>) {
  // expected-error@+1 {{(C2) cannot pad dimension 0 of 'tensor<?x8xf32>', which is dynamic}}
  %0 = dither.pad %x {low = array<i64: 1, 0>, high = array<i64: 0, 0>} : tensor<?x8xf32>
  return
}

// -----

func.func @pad_c3(%x: tensor<4xi8>) {
  // expected-error@+1 {{(C3) pads with 1.280000e+02, which is no 'i8'}}
  %0 = dither.pad %x {low = array<i64: 1>, high = array<i64: 0>, value = 128.0 : f64} : tensor<4xi8>
  return
}

// -----

func.func @pad_c3_fraction(%x: tensor<4xi32>) {
  // expected-error@+1 {{(C3) pads with 5.000000e-01, which is no 'i32'}}
  %0 = dither.pad %x {low = array<i64: 1>, high = array<i64: 0>, value = 0.5 : f64} : tensor<4xi32>
  return
}

// -----

func.func @pad_c3_sign(%x: tensor<4xi1>) {
  // expected-error@+1 {{(C3) pads with -1.000000e+00, which is no 'i1'}}
  %0 = dither.pad %x {low = array<i64: 1>, high = array<i64: 0>, value = -1.0 : f64} : tensor<4xi1>
  return
}
