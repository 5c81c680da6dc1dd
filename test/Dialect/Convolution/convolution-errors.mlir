// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @patches_c1(%x: tensor<8x8x16xf32>) {
  // expected-error@+1 {{(C1) needs images [batch, height, width, channels], static but for the batch, got 'tensor<8x8x16xf32>'}}
  %p = dither.patches %x {kernel = array<i64: 3, 3>} : tensor<8x8x16xf32>
  return
}

// -----

func.func @patches_c1_dynamic(%x: tensor<8x?x8x16xf32>) {
  // expected-error@+1 {{(C1) needs images [batch, height, width, channels], static but for the batch}}
  %p = dither.patches %x {kernel = array<i64: 3, 3>} : tensor<8x?x8x16xf32>
  return
}

// -----

func.func @patches_c2(%x: tensor<?x8x8x16xf32>) {
  // expected-error@+1 {{(C2) needs `kernel`, `strides` and `dilations` of two positive numbers below 2^31, down and across}}
  %p = dither.patches %x {kernel = array<i64: 3, 3>, strides = array<i64: 0, 1>} : tensor<?x8x8x16xf32>
  return
}

// -----

func.func @patches_c2_padding(%x: tensor<?x8x8x16xf32>) {
  // expected-error@+1 {{(C2) needs a `padding` of four numbers, none negative, all below 2^31: above, below, left, right}}
  %p = dither.patches %x {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1>} : tensor<?x8x8x16xf32>
  return
}

// -----

func.func @patches_c3(%x: tensor<?x8x3x16xf32>) {
  // expected-error@+1 {{(C3) has a window that reaches over 7 columns of images that have 5 with their padding}}
  %p = dither.patches %x {kernel = array<i64: 3, 3>, dilations = array<i64: 1, 3>, padding = array<i64: 0, 0, 1, 1>} : tensor<?x8x3x16xf32>
  return
}

// -----

func.func @fold_c3(%p: tensor<?x1x1x9xf32>) {
  // expected-error@+1 {{(C3) has a window that reaches over 3 rows of images that have 2 with their padding}}
  %x = dither.fold %p {kernel = array<i64: 3, 3>} : tensor<?x1x1x9xf32> to tensor<?x2x3x1xf32>
  return
}

// -----

func.func @fold_c4(%p: tensor<?x6x6x144xf32>) {
  // expected-error@+1 {{(C4) takes patches of type 'tensor<?x8x8x144xf32>', not 'tensor<?x6x6x144xf32>'}}
  %x = dither.fold %p {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x6x6x144xf32> to tensor<?x8x8x16xf32>
  return
}

// -----

func.func @conv2d_c4(%x: tensor<?x8x8x16xf32>, %w: tensor<3x3x16x32xf32>) {
  // expected-error@+1 {{(C4) needs weights [144, out], for 3 x 3 x 16 elements of a patch, got 'tensor<3x3x16x32xf32>'}}
  %y = dither.conv2d %x, %w {kernel = array<i64: 3, 3>} : tensor<?x8x8x16xf32>, tensor<3x3x16x32xf32>
  return
}

// -----

func.func @conv2d_c4_bias(%x: tensor<?x8x8x16xf32>, %w: tensor<144x32xf32>, %b: tensor<16xf32>) {
  // expected-error@+1 {{(C4) needs b [32], got 'tensor<16xf32>'}}
  %y = dither.conv2d %x, %w, %b {kernel = array<i64: 3, 3>} : tensor<?x8x8x16xf32>, tensor<144x32xf32>, tensor<16xf32>
  return
}

// -----

func.func @conv2d_c5(%x: tensor<?x8x8x16xf32>, %w: tensor<144x32xf64>) {
  // expected-error@+1 {{(C5) element types differ; convert with dither.cast}}
  %y = dither.conv2d %x, %w {kernel = array<i64: 3, 3>} : tensor<?x8x8x16xf32>, tensor<144x32xf64>
  return
}

// -----

func.func @patches_c2_large(%x: tensor<?x8x8x16xf32>) {
  // expected-error@+1 {{(C2) needs `kernel`, `strides` and `dilations` of two positive numbers below 2^31, down and across}}
  %y = dither.patches %x {kernel = array<i64: 4611686018427387904, 1>, dilations = array<i64: 4, 1>} : tensor<?x8x8x16xf32>
  return
}

// -----

func.func @patches_c2_padding(%x: tensor<?x8x8x16xf32>) {
  // expected-error@+1 {{(C2) needs a `padding` of four numbers, none negative, all below 2^31: above, below, left, right}}
  %y = dither.patches %x {kernel = array<i64: 3, 3>, padding = array<i64: 9223372036854775807, 0, 0, 0>} : tensor<?x8x8x16xf32>
  return
}

// -----

func.func @patches_c3_many(%x: tensor<?x8x8x16xf32>) {
  // expected-error@+1 {{(C3) has patches with more elements than can be counted}}
  %y = dither.patches %x {kernel = array<i64: 2147483647, 2147483647>, padding = array<i64: 2147483647, 2147483647, 2147483647, 2147483647>} : tensor<?x8x8x16xf32>
  return
}
