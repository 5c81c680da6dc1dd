// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @conv_transpose2d_c1(%x: tensor<?x0x4x8xf32>, %w: tensor<8x4xf32>) {
  // expected-error@+1 {{(C1) needs images with rows and columns, got 'tensor<?x0x4x8xf32>'}}
  %y = dither.conv_transpose2d %x, %w {kernel = array<i64: 2, 2>} : tensor<?x0x4x8xf32>, tensor<8x4xf32>
  return
}

// -----

func.func @conv_transpose2d_c2(%x: tensor<?x4x4x8xf32>, %w: tensor<8x4xf32>) {
  // expected-error@+1 {{(C2) needs an `output_padding` of two numbers, not negative and below `strides`}}
  %y = dither.conv_transpose2d %x, %w {kernel = array<i64: 2, 2>, output_padding = array<i64: 0, 1>} : tensor<?x4x4x8xf32>, tensor<8x4xf32>
  return
}

// -----

func.func @conv_transpose2d_c2_window(%x: tensor<?x4x4x8xf32>, %w: tensor<8x4xf32>) {
  // expected-error@+1 {{(C2) needs `kernel`, `strides` and `dilations` of two positive numbers below 2^31, down and across}}
  %y = dither.conv_transpose2d %x, %w {kernel = array<i64: 2, 0>} : tensor<?x4x4x8xf32>, tensor<8x4xf32>
  return
}

// -----

func.func @conv_transpose2d_c3(%x: tensor<?x4x1x8xf32>, %w: tensor<8x4xf32>) {
  // expected-error@+1 {{(C3) gives images without columns, or more than can be counted}}
  %y = dither.conv_transpose2d %x, %w {kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 1, 1>} : tensor<?x4x1x8xf32>, tensor<8x4xf32>
  return
}

// -----

func.func @conv_transpose2d_c4(%x: tensor<?x4x4x8xf32>, %w: tensor<8x6xf32>) {
  // expected-error@+1 {{(C4) needs weights [8, 2 x 2 x out], got 'tensor<8x6xf32>'}}
  %y = dither.conv_transpose2d %x, %w {kernel = array<i64: 2, 2>} : tensor<?x4x4x8xf32>, tensor<8x6xf32>
  return
}

// -----

func.func @conv_transpose2d_c4_bias(%x: tensor<?x4x4x8xf32>, %w: tensor<8x8xf32>, %b: tensor<8xf32>) {
  // expected-error@+1 {{(C4) needs b [2], got 'tensor<8xf32>'}}
  %y = dither.conv_transpose2d %x, %w, %b {kernel = array<i64: 2, 2>} : tensor<?x4x4x8xf32>, tensor<8x8xf32>, tensor<8xf32>
  return
}

// -----

func.func @conv_transpose2d_c5(%x: tensor<?x4x4x8xf32>, %w: tensor<8x8xf64>) {
  // expected-error@+1 {{(C5) element types differ; convert with dither.cast}}
  %y = dither.conv_transpose2d %x, %w {kernel = array<i64: 2, 2>} : tensor<?x4x4x8xf32>, tensor<8x8xf64>
  return
}
