// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @windows
func.func @windows(%x: tensor<?x8x8x16xf32>) -> tensor<?x8x8x16xf32> {
  // CHECK: dither.patches %arg0 {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x8x8x16xf32>
  %p = dither.patches %x {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x8x8x16xf32>
  // CHECK: dither.fold %{{.*}} {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x8x8x144xf32> to tensor<?x8x8x16xf32>
  %y = dither.fold %p {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x8x8x144xf32> to tensor<?x8x8x16xf32>
  return %y : tensor<?x8x8x16xf32>
}

// Positions are counted like those of other frameworks: the last ones that do not fit are left out.
// CHECK-LABEL: @positions
func.func @positions(%x: tensor<2x9x8x3xi8>, %w: tensor<18x5xf32>, %b: tensor<5xf32>, %y: tensor<?x9x8x3xf32>) -> tensor<?x4x3x5xf32> {
  // CHECK: dither.patches %arg0 {dilations = array<i64: 2, 3>, kernel = array<i64: 3, 2>, strides = array<i64: 2, 3>} : tensor<2x9x8x3xi8>
  %p = dither.patches %x {kernel = array<i64: 3, 2>, strides = array<i64: 2, 3>, dilations = array<i64: 2, 3>} : tensor<2x9x8x3xi8>
  %c = dither.cast %p : tensor<2x3x2x18xi8> to tensor<2x3x2x18xf32>
  // CHECK: dither.conv2d %arg3, %arg1, %arg2 {kernel = array<i64: 3, 2>, padding = array<i64: 0, 1, 2, 0>, strides = array<i64: 2, 3>} : tensor<?x9x8x3xf32>, tensor<18x5xf32>, tensor<5xf32>
  %z = dither.conv2d %y, %w, %b {kernel = array<i64: 3, 2>, strides = array<i64: 2, 3>, padding = array<i64: 0, 1, 2, 0>}
    : tensor<?x9x8x3xf32>, tensor<18x5xf32>, tensor<5xf32>
  return %z : tensor<?x4x3x5xf32>
}

// CHECK-LABEL: @kinds
func.func @kinds(%x: tensor<?x8x8x6xf32>, %w: tensor<27x4xf32>, %d: tensor<9x12xf32>, %t: tensor<6x12xf32>, %b: tensor<3xf32>)
    -> (tensor<?x6x6x4xf32>, tensor<?x6x6x12xf32>, tensor<?x17x16x3xf32>) {
  // CHECK: dither.conv2d %arg0, %arg1 {groups = 2 : i64, kernel = array<i64: 3, 3>}
  %y = dither.conv2d %x, %w {kernel = array<i64: 3, 3>, groups = 2 : i64} : tensor<?x8x8x6xf32>, tensor<27x4xf32>
  %z = dither.conv2d %x, %d {kernel = array<i64: 3, 3>, groups = 6 : i64} : tensor<?x8x8x6xf32>, tensor<9x12xf32>
  // CHECK: dither.conv_transpose2d %arg0, %arg3, %arg4 {kernel = array<i64: 2, 2>, output_padding = array<i64: 1, 0>, strides = array<i64: 2, 2>}
  %u = dither.conv_transpose2d %x, %t, %b {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, output_padding = array<i64: 1, 0>}
    : tensor<?x8x8x6xf32>, tensor<6x12xf32>, tensor<3xf32>
  return %y, %z, %u : tensor<?x6x6x4xf32>, tensor<?x6x6x12xf32>, tensor<?x17x16x3xf32>
}

// CHECK-LABEL: @sequences
func.func @sequences(%x: tensor<?x50x16xf32>, %w: tensor<24x32xf32>) -> tensor<?x25x32xf32> {
  // CHECK: dither.conv1d %arg0, %arg1 {groups = 2 : i64, kernel = 3 : i64, padding = array<i64: 1, 1>, stride = 2 : i64}
  %y = dither.conv1d %x, %w {kernel = 3 : i64, stride = 2 : i64, padding = array<i64: 1, 1>, groups = 2 : i64} : tensor<?x50x16xf32>, tensor<24x32xf32>
  return %y : tensor<?x25x32xf32>
}
