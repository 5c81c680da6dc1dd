// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @conv2d_c6(%x: tensor<?x8x8x16xf32>, %w: tensor<48x32xf32>) {
  // expected-error@+1 {{(C6) cannot make 3 groups of 16 channels}}
  %y = dither.conv2d %x, %w {kernel = array<i64: 3, 3>, groups = 3 : i64} : tensor<?x8x8x16xf32>, tensor<48x32xf32>
  return
}

// -----

func.func @conv2d_c6_none(%x: tensor<?x8x8x16xf32>, %w: tensor<144x32xf32>) {
  // expected-error@+1 {{(C6) cannot make 0 groups of 16 channels}}
  %y = dither.conv2d %x, %w {kernel = array<i64: 3, 3>, groups = 0 : i64} : tensor<?x8x8x16xf32>, tensor<144x32xf32>
  return
}

// -----

func.func @conv2d_c6_columns(%x: tensor<?x8x8x16xf32>, %w: tensor<72x33xf32>) {
  // expected-error@+1 {{(C6) cannot make 2 groups of the columns of 'tensor<72x33xf32>'}}
  %y = dither.conv2d %x, %w {kernel = array<i64: 3, 3>, groups = 2 : i64} : tensor<?x8x8x16xf32>, tensor<72x33xf32>
  return
}

// -----

func.func @conv2d_c4_groups(%x: tensor<?x8x8x16xf32>, %w: tensor<144x32xf32>) {
  // expected-error@+1 {{(C4) needs weights [72, out], for 3 x 3 x 8 elements of a patch, got 'tensor<144x32xf32>'}}
  %y = dither.conv2d %x, %w {kernel = array<i64: 3, 3>, groups = 2 : i64} : tensor<?x8x8x16xf32>, tensor<144x32xf32>
  return
}

// -----

func.func @conv1d_c1(%x: tensor<?x1x8x16xf32>, %w: tensor<48x32xf32>) {
  // expected-error@+1 {{(C1) needs sequences [batch, length, channels], static but for the batch, got 'tensor<?x1x8x16xf32>'}}
  %y = dither.conv1d %x, %w {kernel = 3 : i64} : tensor<?x1x8x16xf32>, tensor<48x32xf32>
  return
}

// -----

func.func @conv1d_c2(%x: tensor<?x8x16xf32>, %w: tensor<48x32xf32>) {
  // expected-error@+1 {{(C2) needs a `padding` of two numbers, in front and behind}}
  %y = dither.conv1d %x, %w {kernel = 3 : i64, padding = array<i64: 1>} : tensor<?x8x16xf32>, tensor<48x32xf32>
  return
}

// -----

func.func @conv1d_c3(%x: tensor<?x2x16xf32>, %w: tensor<48x32xf32>) {
  // expected-error@+1 {{(C3) has a window that reaches over 3 columns of images that have 2 with their padding}}
  %y = dither.conv1d %x, %w {kernel = 3 : i64} : tensor<?x2x16xf32>, tensor<48x32xf32>
  return
}
