// RUN: dither-opt %s | dither-opt | FileCheck %s

// Windows stand side by side, unless they are said to move otherwise.
// CHECK-LABEL: @pools
func.func @pools(%x: tensor<?x9x8x3xf32>) -> (tensor<?x4x4x3xf32>, tensor<?x9x8x3xf32>) {
  // CHECK: dither.max_pool2d %arg0 {kernel = array<i64: 2, 2>} : tensor<?x9x8x3xf32>
  %y = dither.max_pool2d %x {kernel = array<i64: 2, 2>} : tensor<?x9x8x3xf32>
  // CHECK: dither.avg_pool2d %arg0 {count_padding, dilations = array<i64: 1, 2>, kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 2, 2>, strides = array<i64: 1, 1>}
  %z = dither.avg_pool2d %x {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 2, 2>, dilations = array<i64: 1, 2>, count_padding}
    : tensor<?x9x8x3xf32>
  return %y, %z : tensor<?x4x4x3xf32>, tensor<?x9x8x3xf32>
}
