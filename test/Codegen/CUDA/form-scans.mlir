// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-form-kernels --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

#all = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>

// A running product: a block of threads has a row, a thread four elements of each 1024. Their product is scanned over lanes, then over warps, then goes on.
// REMARK: Function=rows | kept=0, kernels=1, products=0, serial=0, warps=1
// CHECK-LABEL: @rows
// CHECK-SAME: (%[[X:.*]]: memref<3x5000xf32>, %[[LAST:.*]]: memref<3xf32>, %[[Y:.*]]: memref<3x5000xf32>)
// CHECK: gpu.launch blocks(%[[ROW:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %c3, {{.*}} threads(%[[T:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %c256,{{.*}} workgroup(%[[SHARED:.*]] : memref<8xf32,
// CHECK: %[[START:.*]] = memref.load %[[LAST]][%[[ROW]]]
// CHECK: %[[END:.*]] = scf.for %[[FROM:.*]] = %c0 to %c5000 step %c1024 iter_args(%[[BEFORE:.*]] = %[[START]])
// CHECK-COUNT-4: scf.if
// CHECK: gpu.shuffle up
// CHECK: gpu.barrier
// CHECK: memref.store %{{.*}}, %[[SHARED]]
// CHECK: gpu.barrier
// CHECK-COUNT-8: memref.load %[[SHARED]]
// CHECK-COUNT-4: memref.store %{{.*}}, %[[Y]][%[[ROW]],
// CHECK: scf.yield
// CHECK: arith.cmpi ult, %[[T]], %c1
// CHECK: memref.store %[[END]], %[[LAST]][%[[ROW]]]
func.func @rows(%x: memref<3x5000xf32>, %last: memref<3xf32>, %y: memref<3x5000xf32>) {
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "reduction"]} ins(%x : memref<3x5000xf32>)
      outs(%last, %y : memref<3xf32>, memref<3x5000xf32>) {
  ^bb0(%a: f32, %before: f32, %old: f32):
    %p = arith.mulf %before, %a : f32
    linalg.yield %p, %p : f32, f32
  }
  return
}

// A row of a warp: no shared memory, no barrier. The maximum of squares is another result than what is carried.
// REMARK: Function=short | kept=0, kernels=1, products=0, serial=0, warps=1
// CHECK-LABEL: @short
// CHECK-NOT: workgroup
// CHECK-NOT: gpu.barrier
// CHECK: gpu.shuffle idx
// CHECK: scf.for %{{.*}} = %c0 to %c100 step %c32
// CHECK: gpu.shuffle up
// CHECK-NOT: gpu.barrier
// CHECK: arith.negf
// CHECK: memref.store
// CHECK-LABEL: @many
func.func @short(%x: memref<9x100xf32>, %last: memref<9xf32>, %y: memref<9x100xf32>) {
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "reduction"]} ins(%x : memref<9x100xf32>)
      outs(%last, %y : memref<9xf32>, memref<9x100xf32>) {
  ^bb0(%a: f32, %before: f32, %old: f32):
    %square = arith.mulf %a, %a : f32
    %m = arith.maximumf %before, %square : f32
    %n = arith.negf %m : f32
    linalg.yield %m, %n : f32, f32
  }
  return
}

// So many rows that a thread has each, along the first dimension.
// REMARK: Function=many | kept=0, kernels=1, products=0, serial=0, warps=0
// CHECK: scf.for %[[I:.*]] = %c0 to %c40 step %c1 iter_args
// CHECK-NOT: gpu.shuffle
// CHECK: memref.store %{{.*}}, %{{.*}}[%[[I]], %{{.*}}]
func.func @many(%x: memref<40x20000xi64>, %last: memref<20000xi64>, %y: memref<40x20000xi64>) {
  linalg.generic {indexing_maps = [#all, affine_map<(i, j) -> (j)>, #all], iterator_types = ["reduction", "parallel"]} ins(%x : memref<40x20000xi64>)
      outs(%last, %y : memref<20000xi64>, memref<40x20000xi64>) {
  ^bb0(%a: i64, %before: i64, %old: i64):
    %s = arith.addi %before, %a : i64
    linalg.yield %s, %s : i64, i64
  }
  return
}

// What is carried cannot be combined for several elements: one thread goes from element to element.
// REMARK: Function=squares | kept=0, kernels=1, products=0, serial=0, warps=0
// CHECK-LABEL: @squares
// CHECK-NOT: gpu.shuffle
// CHECK: scf.for %{{.*}} = %c0 to %c500 step %c1
func.func @squares(%x: memref<1x500xf32>, %last: memref<1xf32>, %y: memref<1x500xf32>) {
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "reduction"]} ins(%x : memref<1x500xf32>)
      outs(%last, %y : memref<1xf32>, memref<1x500xf32>) {
  ^bb0(%a: f32, %before: f32, %old: f32):
    %square = arith.mulf %before, %before : f32
    %s = arith.addf %square, %a : f32
    linalg.yield %s, %s : f32, f32
  }
  return
}

// A vector that is a matrix of one row, too: a loop of one iteration says nothing.
// REMARK: Function=vector | kept=0, kernels=1, products=0, serial=0, warps=1
// CHECK-LABEL: @vector
// CHECK: scf.for %{{.*}} = %c0 to %c64 step %c32
// CHECK: gpu.shuffle up
// CHECK: memref.store %{{.*}}, %arg2[%c0, %{{.*}}]
func.func @vector(%x: memref<1x64xf32>, %last: memref<f32>, %y: memref<1x64xf32>) {
  linalg.generic {indexing_maps = [#all, affine_map<(i, j) -> ()>, #all], iterator_types = ["reduction", "reduction"]} ins(%x : memref<1x64xf32>)
      outs(%last, %y : memref<f32>, memref<1x64xf32>) {
  ^bb0(%a: f32, %before: f32, %old: f32):
    %s = arith.addf %before, %a : f32
    linalg.yield %s, %s : f32, f32
  }
  return
}
