// RUN: dither-opt %s --dither-decompose=keep=dither.linear | FileCheck %s

// CHECK-LABEL: @groups
// CHECK: %[[X0:.*]] = dither.slice %arg0 {offsets = array<i64: 0, 0, 0, 0>, sizes = array<i64: -1, 4, 4, 3>,
// CHECK: %[[P0:.*]] = dither.patches %[[X0]]
// CHECK: %[[Y0:.*]] = dither.linear %[[P0]], %{{.*}}, %{{.*}} : tensor<?x3x3x12xf32>, tensor<12x4xf32>, tensor<4xf32>
// CHECK: dither.slice %arg0 {offsets = array<i64: 0, 0, 0, 3>,
// CHECK: dither.slice %arg1 {offsets = array<i64: 0, 4>, sizes = array<i64: 12, 4>,
// CHECK: dither.slice %arg2 {offsets = array<i64: 4>, sizes = array<i64: 4>,
// CHECK: dither.concat %[[Y0]], %{{.*}} {dim = 3 : i64}
func.func @groups(%x: tensor<?x4x4x6xf32>, %w: tensor<12x8xf32>, %b: tensor<8xf32>) -> tensor<?x3x3x8xf32> {
  %y = dither.conv2d %x, %w, %b {kernel = array<i64: 2, 2>, groups = 2 : i64} : tensor<?x4x4x6xf32>, tensor<12x8xf32>, tensor<8xf32>
  return %y : tensor<?x3x3x8xf32>
}

// Channels that are multiplied one by one need no products of matrices. Sums of 16 bits are rounded once.
// CHECK-LABEL: @depthwise
// CHECK: %[[ROWS:.*]] = dither.slice %arg0 {offsets = array<i64: 0, 0, 0, 0>, sizes = array<i64: -1, 4, 4, 6>,
// CHECK: dither.slice %[[ROWS]] {offsets = array<i64: 0, 0, 0, 0>, sizes = array<i64: -1, 4, 3, 6>,
// CHECK: dither.slice %arg1 {offsets = array<i64: 0, 0>, sizes = array<i64: 1, 12>,
// CHECK: %[[FIRST:.*]] = dither.mul %{{.*}}, %{{.*}} : tensor<?x4x3x6x1xf32>, tensor<6x2xf32>
// CHECK: %[[X:.*]] = dither.slice %[[ROWS]] {offsets = array<i64: 0, 0, 1, 0>, sizes = array<i64: -1, 4, 3, 6>,
// CHECK: dither.slice %arg1 {offsets = array<i64: 1, 0>, sizes = array<i64: 1, 12>,
// CHECK: %[[SECOND:.*]] = dither.mul
// CHECK: %[[SUM:.*]] = dither.add %[[FIRST]], %[[SECOND]]
// CHECK: dither.reshape %[[SUM]] : tensor<?x4x3x6x2xf32> to tensor<?x4x3x12xf32>
// CHECK: dither.cast %{{.*}} to tensor<?x4x3x12xbf16>
func.func @depthwise(%x: tensor<?x4x4x6xbf16>, %w: tensor<2x12xbf16>) -> tensor<?x4x3x12xbf16> {
  %y = dither.conv2d %x, %w {kernel = array<i64: 1, 2>, groups = 6 : i64} : tensor<?x4x4x6xbf16>, tensor<2x12xbf16>
  return %y : tensor<?x4x3x12xbf16>
}

// Of a large kernel, the elements are copied.
// CHECK-LABEL: @large
// CHECK: %[[P:.*]] = dither.patches %arg0
// CHECK: %[[X:.*]] = dither.reshape %[[P]] : tensor<?x1x2x404xf32> to tensor<?x1x2x101x4xf32>
// CHECK: %[[XW:.*]] = dither.mul %[[X]], %arg1
// CHECK: dither.reduce sum %[[XW]] {dims = array<i64: 3>}
func.func @large(%x: tensor<?x1x102x4xf32>, %w: tensor<101x4xf32>) -> tensor<?x1x2x4xf32> {
  %y = dither.conv2d %x, %w {kernel = array<i64: 1, 101>, groups = 4 : i64} : tensor<?x1x102x4xf32>, tensor<101x4xf32>
  return %y : tensor<?x1x2x4xf32>
}

// CHECK-LABEL: @sequences
// CHECK: %[[ROWS:.*]] = dither.reshape %arg0 : tensor<?x9x4xf32> to tensor<?x1x9x4xf32>
// CHECK: dither.patches %[[ROWS]] {dilations = array<i64: 1, 2>, kernel = array<i64: 1, 3>, padding = array<i64: 0, 0, 1, 2>, strides = array<i64: 1, 2>}
// CHECK: dither.reshape %{{.*}} : tensor<?x1x4x5xf32> to tensor<?x4x5xf32>
func.func @sequences(%x: tensor<?x9x4xf32>, %w: tensor<12x5xf32>) -> tensor<?x4x5xf32> {
  %y = dither.conv1d %x, %w {kernel = 3 : i64, stride = 2 : i64, padding = array<i64: 1, 2>, dilation = 2 : i64} : tensor<?x9x4xf32>, tensor<12x5xf32>
  return %y : tensor<?x4x5xf32>
}

// CHECK-LABEL: @transposed
// CHECK: %[[P:.*]] = dither.linear %arg0, %arg1 : tensor<?x4x4x6xf32>, tensor<6x27xf32>
// CHECK: %[[Y:.*]] = dither.fold %[[P]] {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x4x27xf32> to tensor<?x8x8x3xf32>
// CHECK: dither.add %[[Y]], %arg2
func.func @transposed(%x: tensor<?x4x4x6xf32>, %w: tensor<6x27xf32>, %b: tensor<3xf32>) -> tensor<?x8x8x3xf32> {
  %y = dither.conv_transpose2d %x, %w, %b {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>, output_padding = array<i64: 1, 1>}
    : tensor<?x4x4x6xf32>, tensor<6x27xf32>, tensor<3xf32>
  return %y : tensor<?x8x8x3xf32>
}
