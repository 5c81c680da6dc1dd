// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s

// Of a block pattern, a thread has a row of four columns and walks down the blocks that exist: six of eight rows, whose place in x it reads.
// CHECK-LABEL: @blocks
// CHECK-SAME: (%[[X:.*]]: memref<?x96xf32>, %[[V:.*]]: memref<48x64xf32>, %[[BLOCKS:.*]]: memref<6x1xi8>, %[[Y:.*]]: memref<?x64xf32>)
// CHECK: gpu.launch
// CHECK-NOT: workgroup
// CHECK: %[[ROW:.*]] = arith.divui %{{.*}}, %c16
// CHECK: %[[SUM:.*]] = scf.for %[[K:.*]] = %c0 to %c48 step %c{{[0-9]+}} iter_args(%{{.*}} = %cst{{.*}}) -> (vector<4xf32>)
// CHECK: memref.load %[[BLOCKS]]
// CHECK: vector.load %[[V]]
// CHECK: memref.load %[[X]][%[[ROW]], %{{.*}}]
// CHECK: vector.fma
// CHECK: vector.store %[[SUM]], %[[Y]][%[[ROW]], %{{.*}}]
func.func @blocks(%x: memref<?x96xf32>, %v: memref<48x64xf32>, %i: memref<6x1xi8>, %y: memref<?x64xf32>) {
  dither.contract x(%x : memref<?x96xf32>) w(%v, %i : memref<48x64xf32>, memref<6x1xi8>) into(%y : memref<?x64xf32>)
    {dense = tensor<96x64xf32>, pattern = #dither.block<8 x 64, sparsity = 0.5>}
  return
}
