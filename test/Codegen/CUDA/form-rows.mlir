// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s

// Rows that are chosen are read where they are, as tiles are staged.
// CHECK-LABEL: @rows
// CHECK-SAME: (%[[X:.*]]: memref<8x48xf32>, %[[W:.*]]: memref<100x64xf32>, %[[ROWS:.*]]: memref<48xi32>, %{{.*}}: memref<8x64xf32>)
// CHECK: %[[NUMBER:.*]] = memref.load %[[ROWS]][%{{.*}}]
// CHECK: %[[ROW:.*]] = arith.index_cast %[[NUMBER]] : i32 to index
// CHECK: vector.load %[[W]][%[[ROW]], %{{.*}}] : memref<100x64xf32>, vector<4xf32>
// CHECK: gpu.barrier
func.func @rows(%x: memref<8x48xf32>, %w: memref<100x64xf32>, %r: memref<48xi32>, %y: memref<8x64xf32>) {
  dither.contract x(%x : memref<8x48xf32>) w(%w : memref<100x64xf32>) rows(%r : memref<48xi32>) into(%y : memref<8x64xf32>)
  return
}
