// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @matmul_c1(%x: tensor<64xf32>, %y: tensor<64x10xf32>) {
  // expected-error@+1 {{(C1) needs x of rank 2 or more and a matrix y}}
  %0 = dither.matmul %x, %y : tensor<64xf32>, tensor<64x10xf32>
  return
}

// -----

func.func @matmul_c1_transposed(%x: tensor<?x8x64xf32>, %y: tensor<?x10xf32>) {
  // expected-error@+1 {{(C1) needs x of rank 2 or more and a matrix y, or with transpose_x a y of the rank of x}}
  %0 = dither.matmul %x, %y {transpose_x} : tensor<?x8x64xf32>, tensor<?x10xf32>
  return
}

// -----

func.func @matmul_c2_rows(%x: tensor<?x8x64xf32>, %y: tensor<?x7x10xf32>) {
  // expected-error@+1 {{(C2) contracted extents differ: 8 and 7}}
  %0 = dither.matmul %x, %y {transpose_x} : tensor<?x8x64xf32>, tensor<?x7x10xf32>
  return
}

// -----

func.func @matmul_c2(%x: tensor<?x64xf32>, %y: tensor<32x10xf32>) {
  // expected-error@+1 {{(C2) contracted extents differ: 64 and 32}}
  %0 = dither.matmul %x, %y : tensor<?x64xf32>, tensor<32x10xf32>
  return
}

// -----

func.func @matmul_c3(%x: tensor<?x64xf32>, %y: tensor<64x10xf64>) {
  // expected-error@+1 {{(C3)}}
  %0 = dither.matmul %x, %y : tensor<?x64xf32>, tensor<64x10xf64>
  return
}

// -----

func.func @linear_c1(%x: tensor<?x64xf32>, %w: tensor<64x10xf32>, %b: tensor<1x10xf32>) {
  // expected-error@+1 {{(C1) needs x [batch, ..., in], w [in, out] and b [out]}}
  %0 = dither.linear %x, %w, %b : tensor<?x64xf32>, tensor<64x10xf32>, tensor<1x10xf32>
  return
}

// -----

func.func @linear_c2(%x: tensor<?x64xf32>, %w: tensor<32x10xf32>) {
  // expected-error@+1 {{(C2) x has 64 columns, w has 32 rows}}
  %0 = dither.linear %x, %w : tensor<?x64xf32>, tensor<32x10xf32>
  return
}

// -----

func.func @linear_c2_bias(%x: tensor<?x64xf32>, %w: tensor<64x10xf32>, %b: tensor<9xf32>) {
  // expected-error@+1 {{(C2) b has 9 elements, w has 10 columns}}
  %0 = dither.linear %x, %w, %b : tensor<?x64xf32>, tensor<64x10xf32>, tensor<9xf32>
  return
}

// -----

func.func @linear_c3(%x: tensor<?x64xf32>, %w: tensor<64x10xf64>) {
  // expected-error@+1 {{(C3) element types differ}}
  %0 = dither.linear %x, %w : tensor<?x64xf32>, tensor<64x10xf64>
  return
}

// -----

func.func @linear_c4(%x: tensor<4x64xf32>, %w: tensor<64x10xf32>) {
  // expected-error@+1 {{#dither.few_bit<bits = 3> serves activations}}
  %0 = dither.linear %x, %w {backward = #dither.few_bit<bits = 3>} : tensor<4x64xf32>, tensor<64x10xf32>
  return
}
