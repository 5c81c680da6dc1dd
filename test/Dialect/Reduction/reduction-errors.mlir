// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @reduce_c1_rank(%x: tensor<4x10xf32>) {
  // expected-error@+1 {{(C1) dims must be distinct, ascending and below the rank 2}}
  %0 = dither.reduce sum %x {dims = array<i64: 2>} : tensor<4x10xf32>
  return
}

// -----

func.func @mean_c1_order(%x: tensor<4x10xf32>) {
  // expected-error@+1 {{(C1) dims must be distinct, ascending and below the rank 2}}
  %0 = dither.mean %x {dims = array<i64: 1, 0>} : tensor<4x10xf32>
  return
}

// -----

func.func @argmax_c1(%x: tensor<f32>) {
  // expected-error@+1 {{(C1) needs a rank of at least 1}}
  %0 = dither.argmax %x : tensor<f32>
  return
}

// -----

func.func @argmax_c2(%x: tensor<4x?xf32>) {
  // expected-error@+1 {{(C2) needs a last dimension that is static and not 0}}
  %0 = dither.argmax %x : tensor<4x?xf32>
  return
}

// -----

func.func @count_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C1) dims must be distinct, ascending and below the rank 1}}
  %0 = dither.count %x {dims = array<i64: 1>} : tensor<4xf32> -> tensor<f32>
  return
}

// -----

func.func @count_c2(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C2) gives a tensor of rank 0, not 'tensor<1xf32>'}}
  %0 = dither.count %x {dims = array<i64: 0>} : tensor<4xf32> -> tensor<1xf32>
  return
}

// -----

func.func @reduce_c2(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C2) combines integers by `and`, not 'f32'}}
  %0 = dither.reduce and %x : tensor<4xf32>
  return
}

// -----

func.func @logsumexp_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C1) dims must be distinct, ascending and below the rank 1}}
  %0 = dither.logsumexp %x {dims = array<i64: 0, 0>} : tensor<4xf32>
  return
}
