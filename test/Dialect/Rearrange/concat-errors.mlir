// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @concat_c1(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{(C1) has no dimension 2 in 'tensor<4x3xf32>'}}
  %0 = dither.concat %x {dim = 2 : i64} : tensor<4x3xf32>
  return
}

// -----

func.func @concat_c1_none() {
  // expected-error@+2 {{(C1) needs an operand}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = "dither.concat"() {dim = 0 : i64} : () -> tensor<0xf32>
  return
}

// -----

func.func @concat_c2(%x: tensor<4x3xf32>, %y: tensor<5x3xf32>) {
  // expected-error@+1 {{(C2) cannot put 'tensor<5x3xf32>' behind 'tensor<4x3xf32>' along dimension 1}}
  %0 = dither.concat %x, %y {dim = 1 : i64} : tensor<4x3xf32>, tensor<5x3xf32>
  return
}

// -----

func.func @concat_c2_element(%x: tensor<4xf32>, %y: tensor<4xf64>) {
  // expected-error@+1 {{(C2) cannot put 'tensor<4xf64>' behind 'tensor<4xf32>' along dimension 0}}
  %0 = dither.concat %x, %y {dim = 0 : i64} : tensor<4xf32>, tensor<4xf64>
  return
}

// -----

func.func @concat_c3(%x: tensor<4x3xf32>, %y: tensor<?x3xf32>) {
  // expected-error@+1 {{(C3) needs a known extent of dimension 0, got 'tensor<?x3xf32>'}}
  %0 = dither.concat %x, %y {dim = 0 : i64} : tensor<4x3xf32>, tensor<?x3xf32>
  return
}

// -----

func.func @concat_c3_many(%x: tensor<9223372036854775807x0xf32>) {
  // expected-error@+1 {{(C3) has more elements along dimension 0 than can be counted}}
  %0 = dither.concat %x, %x {dim = 0 : i64} : tensor<9223372036854775807x0xf32>, tensor<9223372036854775807x0xf32>
  return
}
