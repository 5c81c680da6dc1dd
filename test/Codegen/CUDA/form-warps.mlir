// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-form-kernels --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>

// Few results of many elements: eight warps of a block have a result each, whose elements the lanes of a warp share; 13 blocks for 100 rows.
// REMARK: Function=sums | kept=0, kernels=1, products=0, serial=0, warps=1
// CHECK-LABEL: @sums
// CHECK: gpu.launch blocks(%[[B:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %c13,
// CHECK-SAME: threads(%[[T:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %c256,
// CHECK-DAG: %[[LANE:.*]] = arith.remui %[[T]], %c32
// CHECK-DAG: %[[WARP:.*]] = arith.divui %[[T]], %c32
// CHECK: %[[SUM:.*]] = scf.for %[[J:.*]] = %[[LANE]] to %c1000 step %c32 iter_args(%{{.*}} = %cst)
// CHECK: memref.load %arg0[%{{.*}}, %[[J]]]
// Five steps add what the lanes have.
// CHECK: gpu.shuffle xor %[[SUM]], %c16_i32, %c32_i32
// CHECK: gpu.shuffle xor %{{.*}}, %c8_i32, %c32_i32
// CHECK: gpu.shuffle xor %{{.*}}, %c4_i32, %c32_i32
// CHECK: gpu.shuffle xor %{{.*}}, %c2_i32, %c32_i32
// CHECK: gpu.shuffle xor %{{.*}}, %c1_i32, %c32_i32
// The first lane adds the old result, and stores.
// CHECK: %[[FIRST:.*]] = arith.cmpi eq, %[[LANE]], %c0
// CHECK: scf.if %[[FIRST]]
// CHECK: memref.load %arg1
// CHECK: memref.store %{{.*}}, %arg1
func.func @sums(%x: memref<100x1000xf32>, %y: memref<100xf32>) {
  linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%x : memref<100x1000xf32>) outs(%y : memref<100xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  }
  return
}

// Of few elements a thread has a result.
// REMARK: Function=short | kept=0, kernels=1, products=0, serial=0, warps=0
// CHECK-LABEL: @short
// CHECK-NOT: gpu.shuffle
// CHECK: scf.for %{{.*}} = %c0 to %c8 step %c1 iter_args
func.func @short(%x: memref<100x8xf32>, %y: memref<100xf32>) {
  linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%x : memref<100x8xf32>) outs(%y : memref<100xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  }
  return
}

// Fewer results yet, of many elements: a block of threads has one. Each thread takes every 256th element, and the sums of the eight warps meet in shared memory.
// REMARK: Function=blocks | kept=0, kernels=1, products=0, serial=0, warps=1
// CHECK-LABEL: @blocks
// CHECK: gpu.launch {{.*}} in (%{{.*}} = %c4, {{.*}} threads({{.*}}) in (%{{.*}} = %c256,{{.*}} workgroup(%[[SHARED:.*]] : memref<8xf32,
// CHECK: scf.for %{{.*}} = %{{.*}} to %c4096 step %c256
// CHECK-COUNT-5: gpu.shuffle xor
// CHECK: memref.store %{{.*}}, %[[SHARED]]
// CHECK: gpu.barrier
// CHECK-COUNT-7: memref.load %[[SHARED]]
func.func @blocks(%x: memref<4x4096xf32>, %y: memref<4xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]}
    ins(%x : memref<4x4096xf32>) outs(%y : memref<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.addf %out, %in : f32
    linalg.yield %sum : f32
  }
  return
}

// The best element and its index: a block has a row, and each thread begins with the row's first element. Of two threads that hold equal elements, the one with
// the lower index gives the result.
// REMARK: Function=best | kept=0, kernels=1, products=0, serial=0, warps=1
// CHECK-LABEL: @best
// CHECK: memref.load %arg0[%[[ROW:.*]], %c0]
// CHECK: scf.for %{{.*}} = %{{.*}} to %c4096 step %c256
// CHECK-COUNT-2: gpu.shuffle xor
// CHECK: arith.cmpf ogt
// CHECK: arith.cmpf ogt
// CHECK: arith.cmpi slt
// CHECK-COUNT-8: gpu.shuffle xor
// CHECK: gpu.barrier
// CHECK: memref.store %{{.*}}, %arg2[%[[ROW]]]
func.func @best(%x: memref<4x4096xf32>, %y: memref<4xf32>, %i: memref<4xi32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]}
    ins(%x : memref<4x4096xf32>) outs(%y, %i : memref<4xf32>, memref<4xi32>) {
  ^bb0(%in: f32, %held: f32, %at: i32):
    %better = arith.cmpf ogt, %in, %held : f32
    %j = linalg.index 1 : index
    %here = arith.index_cast %j : index to i32
    %best = arith.select %better, %in, %held : f32
    %where = arith.select %better, %here, %at : i32
    linalg.yield %best, %where : f32, i32
  }
  return
}
