// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-form-kernels --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

#id = affine_map<(i, j) -> (i, j)>

// A thread has an element, in the order in which elements lie in memory. The host knows how many rows there are, and so how many blocks.
// REMARK: Function=rows | kept=0, kernels=1, products=0, serial=0, warps=0
// CHECK-LABEL: @rows
// CHECK-SAME: (%[[X:.*]]: memref<?x10xf32>, %[[Y:.*]]: memref<?x10xf32>)
// CHECK: %[[ROWS:.*]] = memref.dim %[[X]], %c0
// CHECK: %[[COUNT:.*]] = arith.muli %[[ROWS]], %c10
// CHECK: %[[BLOCKS:.*]] = arith.ceildivui %[[COUNT]], %c256
// CHECK: gpu.launch blocks(%[[B:[^,]*]], {{[^)]*}}) in ({{[^,]*}} = %[[BLOCKS]], {{[^,]*}} = %c1, {{[^,]*}} = %c1)
// CHECK-SAME: threads(%[[T:[^,]*]], {{[^)]*}}) in ({{[^,]*}} = %c256, {{[^,]*}} = %c1, {{[^,]*}} = %c1)
// CHECK-NEXT: %[[FIRST:.*]] = arith.muli %[[B]], %c256
// CHECK-NEXT: %[[NUMBER:.*]] = arith.addi %[[FIRST]], %[[T]]
// CHECK-NEXT: %[[INSIDE:.*]] = arith.cmpi ult, %[[NUMBER]], %[[COUNT]]
// CHECK-NEXT: scf.if %[[INSIDE]]
// CHECK-DAG: %[[J:.*]] = arith.remui %[[NUMBER]], %c10
// CHECK-DAG: %[[I:.*]] = arith.divui %[[NUMBER]], %c10
// CHECK: memref.load %[[X]][%[[I]], %[[J]]]
// The old result is not read, where the op does not ask for it.
// CHECK-NOT: memref.load
// CHECK: memref.store %{{.*}}, %[[Y]][%[[I]], %[[J]]]
func.func @rows(%x: memref<?x10xf32>, %y: memref<?x10xf32>) {
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : memref<?x10xf32>) outs(%y : memref<?x10xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  }
  return
}

// One element takes one thread.
// CHECK-LABEL: @one
// CHECK: gpu.launch {{.*}} in (%{{.*}} = %c1, %{{.*}} = %c1, %{{.*}} = %c1) threads({{.*}}) in (%{{.*}} = %c1, %{{.*}} = %c1, %{{.*}} = %c1)
func.func @one(%v: f32, %y: memref<f32>) {
  linalg.fill ins(%v : f32) outs(%y : memref<f32>)
  return
}
