// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s

// A thread sums an element over the list of its column, in the order of the list.
// CHECK-LABEL: @forward
// CHECK-SAME: (%[[X:.*]]: memref<128x40xf32>, %[[V:.*]]: memref<60xf32>, %[[R:.*]]: memref<60xi8>, %[[O:.*]]: memref<4xi32>, %[[Y:.*]]: memref<128x3xf32>)
// CHECK: gpu.launch {{.*}} in (%{{.*}} = %c2, %{{.*}} = %c1, %{{.*}} = %c1)
// CHECK-DAG: %[[ROW:.*]] = arith.divui %{{.*}}, %c3
// CHECK-DAG: %[[COLUMN:.*]] = arith.remui %{{.*}}, %c3
// CHECK: memref.load %[[O]][%[[COLUMN]]]
// CHECK: %[[NEXT:.*]] = arith.addi %[[COLUMN]], %c1
// CHECK: memref.load %[[O]][%[[NEXT]]]
// CHECK: %[[SUM:.*]] = scf.for %[[P:.*]] = %{{.*}} to %{{.*}} step %c1 iter_args
// CHECK: memref.load %[[R]][%[[P]]]
// CHECK: %[[K:.*]] = arith.index_castui
// CHECK: memref.load %[[V]][%[[P]]]
// CHECK: memref.load %[[X]][%[[ROW]], %[[K]]]
// CHECK: math.fma
// CHECK: memref.store %[[SUM]], %[[Y]][%[[ROW]], %[[COLUMN]]]
func.func @forward(%x: memref<128x40xf32>, %v: memref<60xf32>, %r: memref<60xi8>, %o: memref<4xi32>, %y: memref<128x3xf32>) {
  dither.contract x(%x : memref<128x40xf32>) w(%v, %r, %o : memref<60xf32>, memref<60xi8>, memref<4xi32>) into(%y : memref<128x3xf32>)
    {dense = tensor<40x3xf32>, pattern = #dither.unstructured<sparsity = 0.5>}
  return
}

// By the transpose, a thread has a row, and adds to its elements in memory: lists say where.
// CHECK-LABEL: @backward
// CHECK: gpu.launch {{.*}} in (%{{.*}} = %c1, %{{.*}} = %c1, %{{.*}} = %c1)
// CHECK: scf.for %{{.*}} = %c0 to %c40 step %c1
// CHECK: memref.store %cst, %arg4
// CHECK: scf.for %[[COLUMN:.*]] = %c0 to %c3 step %c1
// CHECK: scf.for %{{.*}} = %{{.*}} to %{{.*}} step %c1 {
// CHECK: memref.load %arg4[%[[ROW:.*]], %[[K:.*]]]
// CHECK: math.fma
// CHECK: memref.store %{{.*}}, %arg4[%[[ROW]], %[[K]]]
func.func @backward(%y: memref<128x3xf32>, %v: memref<60xf32>, %r: memref<60xi8>, %o: memref<4xi32>, %x: memref<128x40xf32>) {
  dither.contract x(%y : memref<128x3xf32>) w(%v, %r, %o : memref<60xf32>, memref<60xi8>, memref<4xi32>) into(%x : memref<128x40xf32>)
    {dense = tensor<40x3xf32>, pattern = #dither.unstructured<sparsity = 0.5>, transpose_w}
  return
}
