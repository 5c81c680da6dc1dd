// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @tensors
func.func @tensors(%x: tensor<8x64xf32>, %w: tensor<64x10xf32>, %init: tensor<8x10xf32>) -> tensor<8x10xf32> {
  // CHECK: dither.contract x(%{{.*}} : tensor<8x64xf32>) w(%{{.*}} : tensor<64x10xf32>) into(%{{.*}} : tensor<8x10xf32>) -> tensor<8x10xf32>
  %y = dither.contract x(%x : tensor<8x64xf32>) w(%w : tensor<64x10xf32>) into(%init : tensor<8x10xf32>) -> tensor<8x10xf32>
  return %y : tensor<8x10xf32>
}

// CHECK-LABEL: @packed_buffers
func.func @packed_buffers(%x: memref<8x64xf32>, %codes: memref<32x16xi8>, %scales: memref<2x10xf32>, %y: memref<8x10xf32>) {
  // CHECK: dither.contract x(%{{.*}}) w(%{{.*}}, %{{.*}} : memref<32x16xi8>, memref<2x10xf32>) into(%{{.*}} : memref<8x10xf32>)
  // CHECK-SAME: dense = tensor<64x10xf32>
  dither.contract x(%x : memref<8x64xf32>) w(%codes, %scales : memref<32x16xi8>, memref<2x10xf32>)
    into(%y : memref<8x10xf32>) {dense = tensor<64x10xf32>, format = #dither.minifloat<e2m1, group = 32>}
  return
}

// CHECK-LABEL: @rows
func.func @rows(%x: memref<2x8xf32>, %w: memref<64x10xf32>, %rows: memref<2xi32>, %y: memref<8x10xf32>) {
  // CHECK: dither.contract x(%{{.*}}) w(%{{.*}} : memref<64x10xf32>) rows(%{{.*}} : memref<2xi32>) into(%{{.*}} : memref<8x10xf32>) {transpose_x}
  dither.contract x(%x : memref<2x8xf32>) w(%w : memref<64x10xf32>) rows(%rows : memref<2xi32>) into(%y : memref<8x10xf32>) {transpose_x}
  return
}
