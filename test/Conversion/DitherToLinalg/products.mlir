// RUN: dither-opt %s --dither-to-linalg | FileCheck %s

// A product stays one op, with its result's memory; a transposed matrix of known extents is left to the kernel.
// CHECK-LABEL: @product
// CHECK: tensor.empty({{.*}}) : tensor<?x4xf32>
// CHECK: dither.contract x(%{{.*}} : tensor<?x8xf32>) w(%{{.*}} : tensor<8x4xf32>) into({{.*}}) -> tensor<?x4xf32>
// CHECK: dither.contract x(%{{.*}} : tensor<?x8xf32>) w(%{{.*}} : tensor<4x8xf32>) into({{.*}}) {transpose_w} -> tensor<?x4xf32>
func.func @product(%x: tensor<?x8xf32>, %w: tensor<8x4xf32>, %v: tensor<4x8xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %y = dither.matmul %x, %w : tensor<?x8xf32>, tensor<8x4xf32>
  %z = dither.matmul %x, %v {transpose_y} : tensor<?x8xf32>, tensor<4x8xf32>
  return %y, %z : tensor<?x4xf32>, tensor<?x4xf32>
}

// One of unknown extents, and one of nothing, is transposed before.
// CHECK-LABEL: @transposed_before
// CHECK: linalg.{{generic|transpose}}
// CHECK: dither.contract
// CHECK-NOT: transpose_w
func.func @transposed_before(%x: tensor<3x8xf32>, %v: tensor<?x8xf32>) -> tensor<3x?xf32> {
  %z = dither.matmul %x, %v {transpose_y} : tensor<3x8xf32>, tensor<?x8xf32>
  return %z : tensor<3x?xf32>
}
// CHECK-LABEL: @nothing
// CHECK-NOT: transpose_w
func.func @nothing(%x: tensor<3x0xf32>, %v: tensor<5x0xf32>) -> tensor<3x5xf32> {
  %z = dither.matmul %x, %v {transpose_y} : tensor<3x0xf32>, tensor<5x0xf32>
  return %z : tensor<3x5xf32>
}
