// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @max_pool2d_c1(%x: tensor<8x8x16xf32>) {
  // expected-error@+1 {{(C1) needs images [batch, height, width, channels], static but for the batch, got 'tensor<8x8x16xf32>'}}
  %y = dither.max_pool2d %x {kernel = array<i64: 2, 2>} : tensor<8x8x16xf32>
  return
}

// -----

func.func @max_pool2d_c2(%x: tensor<?x8x8x16xf32>) {
  // expected-error@+1 {{(C2) needs `kernel`, `strides` and `dilations` of two positive numbers below 2^31, down and across}}
  %y = dither.max_pool2d %x {kernel = array<i64: 2>} : tensor<?x8x8x16xf32>
  return
}

// -----

func.func @avg_pool2d_c3(%x: tensor<?x1x8x16xf32>) {
  // expected-error@+1 {{(C3) has a window that reaches over 2 rows of images that have 1 with their padding}}
  %y = dither.avg_pool2d %x {kernel = array<i64: 2, 2>} : tensor<?x1x8x16xf32>
  return
}
