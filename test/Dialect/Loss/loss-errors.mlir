// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @softmax_c1(%x: tensor<f32>) {
  // expected-error@+1 {{(C1) needs a rank of at least 1}}
  %0 = dither.softmax %x : tensor<f32>
  return
}

// -----

func.func @cross_entropy_c1(%x: tensor<10xf32>, %labels: tensor<10xi32>) {
  // expected-error@+1 {{(C1) needs logits [batch, ..., classes] and labels [batch, ...]}}
  %0 = dither.cross_entropy %x, %labels : tensor<10xf32>, tensor<10xi32>
  return
}

// -----

func.func @cross_entropy_c2(%x: tensor<4x10xf32>, %labels: tensor<5xi32>) {
  // expected-error@+1 {{(C2) extents differ}}
  %0 = dither.cross_entropy %x, %labels : tensor<4x10xf32>, tensor<5xi32>
  return
}

// -----

func.func @cross_entropy_c1_of_sequences(%x: tensor<4x5x10xf32>, %labels: tensor<4xi32>) {
  // expected-error@+1 {{(C1) needs logits [batch, ..., classes] and labels [batch, ...]}}
  %0 = dither.cross_entropy %x, %labels : tensor<4x5x10xf32>, tensor<4xi32>
  return
}

// -----

func.func @cross_entropy_c2_of_sequences(%x: tensor<?x5x10xf32>, %labels: tensor<?x6xi32>) {
  // expected-error@+1 {{(C2) extents differ}}
  %0 = dither.cross_entropy %x, %labels : tensor<?x5x10xf32>, tensor<?x6xi32>
  return
}
