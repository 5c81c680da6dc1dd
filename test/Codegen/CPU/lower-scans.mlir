// RUN: dither-opt %s --dither-lower-loops="parallel-elements=100" | FileCheck %s

#all = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>

// Sums of eight rows are in registers, side by side; then those of the last row alone.
// CHECK-LABEL: @rows
// CHECK: scf.parallel (%[[I:.*]]) = (%c0{{.*}}) to (%c16{{.*}}) step (%c8{{.*}}) {
// CHECK: %[[NEXT:.*]] = arith.addi %[[I]], %c1
// CHECK: %[[START:.*]] = memref.load %arg1[%[[I]]]
// CHECK: memref.load %arg1[%[[NEXT]]]
// CHECK: %[[ENDS:.*]]:8 = scf.for %[[J:.*]] = %c0{{.*}} to %c30{{.*}} iter_args(%[[SUM:.*]] = %[[START]], {{.*}}) -> (f32, f32, f32, f32, f32, f32, f32, f32)
// CHECK: %[[X:.*]] = memref.load %arg0[%[[I]], %[[J]]]
// CHECK: %[[AFTER:.*]] = arith.addf %[[SUM]], %[[X]]
// CHECK: memref.store %[[SUM]], %arg2[%[[I]], %[[J]]]
// CHECK: memref.load %arg0[%[[NEXT]], %[[J]]]
// CHECK: memref.store %{{.*}}, %arg2[%[[NEXT]], %[[J]]]
// CHECK: scf.yield %[[AFTER]],
// CHECK: memref.store %[[ENDS]]#0, %arg1[%[[I]]]
// CHECK: scf.for %{{.*}} = %c16{{.*}} to %c17{{.*}} step %c1
// CHECK: scf.for {{.*}} -> (f32)
func.func @rows(%x: memref<17x30xf32>, %last: memref<17xf32>, %y: memref<17x30xf32>) {
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "reduction"]} ins(%x : memref<17x30xf32>)
      outs(%last, %y : memref<17xf32>, memref<17x30xf32>) {
  ^bb0(%a: f32, %before: f32, %old: f32):
    %s = arith.addf %before, %a : f32
    linalg.yield %s, %before : f32, f32
  }
  return
}

// A vector is one row, and goes to its end by a map.
// CHECK-LABEL: @reverse
// CHECK-NOT: scf.parallel
// CHECK: %[[END:.*]] = scf.for %[[J:.*]] = %c0{{.*}} to %c30{{.*}} iter_args
// CHECK: %[[FROM:.*]] = affine.apply #{{.*}}(%[[J]])
// CHECK: memref.load %arg0[%[[FROM]]]
// CHECK: memref.store %[[END]], %arg1[]
func.func @reverse(%x: memref<30xf32>, %last: memref<f32>, %y: memref<30xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (29 - i)>, affine_map<(i) -> ()>, affine_map<(i) -> (i)>], iterator_types = ["reduction"]}
      ins(%x : memref<30xf32>) outs(%last, %y : memref<f32>, memref<30xf32>) {
  ^bb0(%a: f32, %before: f32, %old: f32):
    %s = arith.maximumf %before, %a : f32
    linalg.yield %s, %s : f32, f32
  }
  return
}
