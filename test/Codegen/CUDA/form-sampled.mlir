// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-form-kernels --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// Of a product, only the listed elements: a block has a column, a thread every 256th element of its list. A block more clears slots behind the lists.
// REMARK: Function=sampled | kept=0, kernels=1, products=1
// CHECK-LABEL: @sampled
// CHECK: gpu.launch blocks(%[[COLUMN:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %c4,
// CHECK-SAME: threads(%[[T:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %c256,
// CHECK: arith.cmpi ult, %[[COLUMN]], %c3
// CHECK: memref.load %arg3[%[[COLUMN]]]
// CHECK: %[[FIRST:.*]] = arith.addi %{{.*}}, %[[T]]
// CHECK: scf.for %[[P:.*]] = %[[FIRST]] to %{{.*}} step %c256
// CHECK: memref.load %arg2[%[[P]]]
// CHECK: %[[SUM:.*]] = scf.for %[[M:.*]] = %c0 to %c128 step %c1
// CHECK: memref.load %arg0[%[[M]], %{{.*}}]
// CHECK: memref.load %arg1[%[[M]], %[[COLUMN]]]
// CHECK: math.fma
// CHECK: memref.store %[[SUM]], %arg4[%[[P]]]
// CHECK: arith.cmpi eq, %[[COLUMN]], %c3
// CHECK: memref.load %arg3[%c3]
// CHECK: scf.for %[[Q:.*]] = %{{.*}} to %c60 step %c256
// CHECK-NEXT: memref.store %cst, %arg4[%[[Q]]]
func.func @sampled(%x: memref<128x40xf32>, %y: memref<128x3xf32>, %r: memref<60xi8>, %o: memref<4xi32>, %v: memref<60xf32>) {
  dither.sampled_contract x(%x : memref<128x40xf32>) y(%y : memref<128x3xf32>) at(%r, %o : memref<60xi8>, memref<4xi32>) into(%v : memref<60xf32>)
  return
}
