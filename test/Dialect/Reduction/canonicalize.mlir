// RUN: dither-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @count
// CHECK: dither.constant dense<4.000000e+01> : tensor<f32>
func.func @count(%x: tensor<4x10xf32>) -> tensor<f32> {
  %0 = dither.count %x {dims = array<i64: 0, 1>} : tensor<4x10xf32> -> tensor<f32>
  return %0 : tensor<f32>
}

// CHECK-LABEL: @count_dynamic
// CHECK: dither.count
func.func @count_dynamic(%x: tensor<?x10xf32>) -> tensor<f32> {
  %0 = dither.count %x {dims = array<i64: 0>} : tensor<?x10xf32> -> tensor<f32>
  return %0 : tensor<f32>
}

// CHECK-LABEL: @reduce_nothing
// CHECK-NEXT: return %arg0
func.func @reduce_nothing(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = dither.reduce sum %x {dims = array<i64>} : tensor<4xf32>
  return %0 : tensor<4xf32>
}
