// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s

#grad = affine_map<(n, i, j) -> (n, i, j)>
#image = affine_map<(n, i, j) -> (n, i + j)>

// Windows overlap: loops over windows and over their elements add to the same elements. A thread has an element, and of the windows that meet it adds one
// after the other: window i if element j = k - i of it exists.
// CHECK-LABEL: @windows
// CHECK-SAME: (%[[G:.*]]: memref<100x6x3xf32>, %[[X:.*]]: memref<100x8xf32>)
// CHECK: gpu.launch {{.*}} in (%{{.*}} = %c4,
// CHECK-DAG: %[[N:.*]] = arith.divui %{{.*}}, %c8
// CHECK-DAG: %[[K:.*]] = arith.remui %{{.*}}, %c8
// CHECK: %[[OLD:.*]] = memref.load %[[X]][%[[N]], %[[K]]]
// CHECK: %[[MOST:.*]] = arith.maxui %[[K]], %c2
// CHECK: %[[FROM:.*]] = arith.subi %[[MOST]], %c2
// CHECK: %[[NEXT:.*]] = arith.addi %[[K]], %c1
// CHECK: %[[TO:.*]] = arith.minui %[[NEXT]], %c6
// CHECK: %[[SUM:.*]] = scf.for %[[I:.*]] = %[[FROM]] to %[[TO]] step %c1 iter_args(%{{.*}} = %[[OLD]])
// CHECK: %[[J:.*]] = arith.subi %[[K]], %[[I]]
// CHECK: arith.cmpi ult, %[[J]], %c3
// CHECK: scf.if
// CHECK: memref.load %[[G]][%[[N]], %[[I]], %[[J]]]
// CHECK: arith.addf
// CHECK: memref.store %[[SUM]], %[[X]][%[[N]], %[[K]]]
func.func @windows(%g: memref<100x6x3xf32>, %x: memref<100x8xf32>) {
  linalg.generic {indexing_maps = [#grad, #image], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%g : memref<100x6x3xf32>) outs(%x : memref<100x8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  }
  return
}

// Windows are two apart, and their elements three: not each difference is a whole number of elements.
// CHECK-LABEL: @dilated
// CHECK: arith.ceildivui %{{.*}}, %c2
// CHECK: scf.for %[[I:[a-z0-9]+]] =
// CHECK: %[[TAKEN:.*]] = arith.muli %[[I]], %c2
// CHECK: %[[LEFT:.*]] = arith.subi %{{.*}}, %[[TAKEN]]
// CHECK-DAG: arith.divui %[[LEFT]], %c3
// CHECK-DAG: arith.remui %[[LEFT]], %c3
func.func @dilated(%g: memref<4x3xf32>, %x: memref<13xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i * 2 + j * 3)>], iterator_types = ["reduction", "reduction"]}
      ins(%g : memref<4x3xf32>) outs(%x : memref<13xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  }
  return
}

// A place that two dimensions of a result depend on has no such inverse here: a thread does it all.
// CHECK-LABEL: @diagonal
// CHECK: gpu.launch {{.*}} threads({{.*}}) in (%{{.*}} = %c1,
// CHECK: scf.for
// CHECK: scf.for
// CHECK: memref.store
func.func @diagonal(%g: memref<4x3xf32>, %x: memref<4x6xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, i + j)>], iterator_types = ["reduction", "reduction"]}
      ins(%g : memref<4x3xf32>) outs(%x : memref<4x6xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  }
  return
}
