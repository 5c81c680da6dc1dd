// RUN: dither-opt %s --dither-plan-kernels --dither-assign-scratch --dither-lower-contract --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-plan-kernels --dither-assign-scratch --dither-lower-contract --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// Two chunks of 64 rows, one after the other: the transposes of x, of 40 columns and some to fill a register, and of y, of 3 that are 16.
// REMARK: Function=forward | dense=0, listed=1, packed=0, staged=0
// CHECK-LABEL: @forward
// CHECK: memref.alloc() : memref<4096xf32>
// CHECK: scf.for %{{.*}} = %c0 to %c128 step %c64
// For each column: four sums in registers, over its list.
// CHECK: scf.for %[[J:.*]] = %c0 to %c3 step %c1
// CHECK: memref.load %arg3[%[[J]]]
// CHECK: memref.load %arg3
// CHECK: %[[SUMS:.*]]:4 = scf.for %[[P:.*]] = %{{.*}} to %{{.*}} step %c1 iter_args
// CHECK-NEXT: memref.load %arg2[%[[P]]]
// CHECK-NEXT: arith.index_castui
// CHECK-NEXT: %[[W:.*]] = memref.load %arg1[%[[P]]]
// CHECK-NEXT: vector.broadcast %[[W]] : f32 to vector<16xf32>
// CHECK-COUNT-4: vector.fma
// CHECK-NEXT: scf.yield
// CHECK: vector.store %[[SUMS]]#0
func.func @forward(%x: memref<128x40xf32>, %v: memref<60xf32>, %r: memref<60xi8>, %o: memref<4xi32>, %y: memref<128x3xf32>) {
  dither.contract x(%x : memref<128x40xf32>) w(%v, %r, %o : memref<60xf32>, memref<60xi8>, memref<4xi32>) into(%y : memref<128x3xf32>)
    {dense = tensor<40x3xf32>, pattern = #dither.unstructured<sparsity = 0.5>}
  return
}

// The transpose adds to rows of the result's transpose, which begins as zeros.
// CHECK-LABEL: @backward
// CHECK: scf.for %{{.*}} = %c0 to %c40 step %c1
// CHECK-COUNT-4: vector.store %cst{{.*}} : memref<4096xf32>
// CHECK: scf.for %{{.*}} = %c0 to %c3 step %c1
// CHECK-COUNT-4: vector.load
// CHECK: scf.for %[[P:.*]] =
// CHECK: memref.load %arg1[%[[P]]]
// CHECK: vector.fma
// CHECK-NEXT: vector.store
func.func @backward(%y: memref<128x3xf32>, %v: memref<60xf32>, %r: memref<60xi8>, %o: memref<4xi32>, %x: memref<128x40xf32>) {
  dither.contract x(%y : memref<128x3xf32>) w(%v, %r, %o : memref<60xf32>, memref<60xi8>, memref<4xi32>) into(%x : memref<128x40xf32>)
    {dense = tensor<40x3xf32>, pattern = #dither.unstructured<sparsity = 0.5>, transpose_w}
  return
}

// Of a product, only listed elements: a sum over the lanes for each.
// REMARK: Function=sampled | dense=0, listed=1
// CHECK-LABEL: @sampled
// CHECK: memref.alloc() : memref<8192xf32>
// CHECK: memref.load %arg3
// CHECK: memref.load %arg3
// CHECK: scf.for %[[P:.*]] = %{{.*}} to %{{.*}} step %c1 {
// CHECK-NEXT: memref.load %arg2[%[[P]]]
// CHECK-COUNT-6: vector.fma
// CHECK: %[[SUM:.*]] = vector.reduction <add>
// CHECK: %[[OLD:.*]] = memref.load %arg4[%[[P]]]
// CHECK: %[[NEW:.*]] = arith.addf %[[OLD]], %[[SUM]]
// CHECK: memref.store %[[NEW]], %arg4[%[[P]]]
func.func @sampled(%x: memref<128x40xf32>, %y: memref<128x3xf32>, %r: memref<60xi8>, %o: memref<4xi32>, %v: memref<60xf32>) {
  dither.sampled_contract x(%x : memref<128x40xf32>) y(%y : memref<128x3xf32>) at(%r, %o : memref<60xi8>, memref<4xi32>) into(%v : memref<60xf32>)
  return
}

// Any number of rows: chunks of 64, and of few rows one register.
// CHECK-LABEL: @rows
// CHECK: scf.if
// CHECK: iter_args({{.*}}, {{.*}}, {{.*}}, {{.*}}) -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
// CHECK: else
// CHECK: iter_args({{[^,]*}}) -> (vector<16xf32>)
func.func @rows(%x: memref<?x40xf32>, %v: memref<60xf32>, %r: memref<60xi8>, %o: memref<4xi32>, %y: memref<?x3xf32>) {
  dither.contract x(%x : memref<?x40xf32>) w(%v, %r, %o : memref<60xf32>, memref<60xi8>, memref<4xi32>) into(%y : memref<?x3xf32>)
    {dense = tensor<40x3xf32>, pattern = #dither.unstructured<sparsity = 0.5>}
  return
}
