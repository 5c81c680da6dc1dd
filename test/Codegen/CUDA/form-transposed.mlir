// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s

// Vectors are read along the rows of the matrix, which is the contraction; elements go to columns of the tile.
// CHECK-LABEL: @matrix
// CHECK: workgroup(%[[XT:.*]] : memref<32x16xf32, {{.*}}>, %[[WT:.*]] : memref<32x64xf32, #gpu.address_space<workgroup>>)
// CHECK: %[[K:.*]] = arith.muli %{{.*}}, %c4
// CHECK: vector.maskedload %arg1[%[[COLUMN:.*]], %{{.*}}]
// CHECK: vector.extract %{{.*}}[0]
// CHECK: memref.store %{{.*}}, %[[WT]][%[[K]], %[[COLUMN]]]
// CHECK: vector.extract %{{.*}}[3]
// CHECK: memref.store %{{.*}}, %[[WT]][%{{.*}}, %[[COLUMN]]]
// CHECK: gpu.barrier
func.func @matrix(%x: memref<8x50xf32>, %w: memref<32x50xf32>, %y: memref<8x32xf32>) {
  dither.contract x(%x : memref<8x50xf32>) w(%w : memref<32x50xf32>) into(%y : memref<8x32xf32>) {transpose_w}
  return
}

// Of a transposed x, threads side by side read rows of the product, which lie side by side.
// CHECK-LABEL: @input
// CHECK: workgroup(%[[XT:.*]] : memref<32x16xf32,
// CHECK: %[[DEPTH:.*]] = arith.divui %[[NUMBER:.*]], %c16
// CHECK: %[[ROW:.*]] = arith.remui %[[NUMBER]], %c16
// CHECK: memref.load %arg0[%{{.*}}, %[[ROW]]] : memref<50x8xf32>
// CHECK: memref.store %{{.*}}, %[[XT]][%[[DEPTH]], %[[ROW]]]
func.func @input(%x: memref<50x8xf32>, %w: memref<50x32xf32>, %y: memref<8x32xf32>) {
  dither.contract x(%x : memref<50x8xf32>) w(%w : memref<50x32xf32>) into(%y : memref<8x32xf32>) {transpose_x}
  return
}
