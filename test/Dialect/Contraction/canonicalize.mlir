// RUN: dither-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @transposes
// CHECK-NOT: dither.transpose
// CHECK: dither.matmul %arg0, %arg1 {transpose_x} : tensor<3x4xf32>, tensor<3x5xf32>
func.func @transposes(%x: tensor<3x4xf32>, %y: tensor<3x5xf32>) -> tensor<4x5xf32> {
  %t = dither.transpose %x {permutation = array<i64: 1, 0>} : tensor<3x4xf32>
  %z = dither.matmul %t, %y : tensor<4x3xf32>, tensor<3x5xf32>
  return %z : tensor<4x5xf32>
}

// CHECK-LABEL: @twice
// CHECK: dither.matmul %arg0, %arg1 {transpose_y} : tensor<4x3xf32>, tensor<5x3xf32>
func.func @twice(%x: tensor<4x3xf32>, %y: tensor<5x3xf32>) -> tensor<4x5xf32> {
  %s = dither.transpose %x {permutation = array<i64: 1, 0>} : tensor<4x3xf32>
  %t = dither.transpose %y {permutation = array<i64: 1, 0>} : tensor<5x3xf32>
  %z = dither.matmul %s, %t {transpose_x} : tensor<3x4xf32>, tensor<3x5xf32>
  return %z : tensor<4x5xf32>
}
