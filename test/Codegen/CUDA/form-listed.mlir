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

// By the transpose, a warp has a row, and its lanes share each list, whose elements are in different columns of the result: sums wait in shared memory, and
// a barrier is between lists.
// CHECK-LABEL: @backward
// CHECK: gpu.launch {{.*}} in (%{{.*}} = %c16, %{{.*}} = %c1, %{{.*}} = %c1) {{.*}} workgroup(%[[SUMS:.*]] : memref<8x40xf32,
// CHECK: scf.for %{{.*}} = %{{.*}} to %c40 step %c32
// CHECK: memref.store %cst, %[[SUMS]]
// CHECK: scf.for %[[COLUMN:.*]] = %c0 to %c3 step %c1
// CHECK: gpu.barrier
// CHECK: scf.for %{{.*}} = %{{.*}} to %{{.*}} step %c32
// CHECK: memref.load %[[SUMS]][%[[ROW:.*]], %[[K:.*]]]
// CHECK: math.fma
// CHECK: memref.store %{{.*}}, %[[SUMS]][%[[ROW]], %[[K]]]
// CHECK: gpu.barrier
// CHECK: memref.store %{{.*}}, %arg4
func.func @backward(%y: memref<128x3xf32>, %v: memref<60xf32>, %r: memref<60xi8>, %o: memref<4xi32>, %x: memref<128x40xf32>) {
  dither.contract x(%y : memref<128x3xf32>) w(%v, %r, %o : memref<60xf32>, memref<60xi8>, memref<4xi32>) into(%x : memref<128x40xf32>)
    {dense = tensor<40x3xf32>, pattern = #dither.unstructured<sparsity = 0.5>, transpose_w}
  return
}

// Long lists have a block each, and sums of many columns wait in the result.
// CHECK-LABEL: @long
// CHECK-NOT: workgroup
// CHECK: scf.for %{{.*}} = %{{.*}} to %c9000 step %c256
// CHECK: memref.store %cst, %arg4
// CHECK: gpu.barrier
// CHECK: scf.for %{{.*}} = %{{.*}} to %{{.*}} step %c256
// CHECK: memref.store %{{.*}}, %arg4
// CHECK-NOT: gpu.barrier
func.func @long(%y: memref<?x3xf32>, %v: memref<6021xf32>, %r: memref<6021xi16>, %o: memref<4xi32>, %x: memref<?x9000xf32>) {
  dither.contract x(%y : memref<?x3xf32>) w(%v, %r, %o : memref<6021xf32>, memref<6021xi16>, memref<4xi32>) into(%x : memref<?x9000xf32>)
    {dense = tensor<9000x3xf32>, pattern = #dither.unstructured<sparsity = 0.777>, transpose_w}
  return
}
