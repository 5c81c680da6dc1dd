// RUN: dither-opt %s --dither-specialize=batch=8 | FileCheck %s

// CHECK-LABEL: @types
// CHECK-SAME: (%arg0: tensor<8x4xf32>, %arg1: tensor<3xf32>) -> tensor<2x8x2xf32>
// CHECK: dither.reshape %arg0 : tensor<8x4xf32> to tensor<8x2x2xf32>
// CHECK: dither.transpose %{{.*}} : tensor<8x2x2xf32>
// CHECK: return %{{.*}} : tensor<2x8x2xf32>
func.func @types(%x: tensor<?x4xf32>, %y: tensor<3xf32>) -> tensor<2x?x2xf32> {
  %0 = dither.reshape %x : tensor<?x4xf32> to tensor<?x2x2xf32>
  %1 = dither.transpose %0 {permutation = array<i64: 1, 0, 2>} : tensor<?x2x2xf32>
  return %1 : tensor<2x?x2xf32>
}

// CHECK-LABEL: @slice
// CHECK: sizes = array<i64: 8, 2>
func.func @slice(%x: tensor<?x4xf32>) -> tensor<?x2xf32> {
  %0 = dither.slice %x {offsets = array<i64: 0, 1>, sizes = array<i64: -1, 2>, strides = array<i64: 1, 2>} : tensor<?x4xf32>
  return %0 : tensor<?x2xf32>
}
