// RUN: dither-opt %s --dither-lower-loops | FileCheck %s
// RUN: dither-opt %s --dither-lower-loops="lanes=8 parallel-elements=4" | FileCheck %s --check-prefix=FEW
// RUN: dither-opt %s --dither-lower-loops --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// Threads share the outermost loop of what is large enough.
// REMARK: Function=large | loops=1, parallel=1, vectors=1
// CHECK-LABEL: @large
// CHECK: scf.parallel (%{{.*}}) = (%c0{{.*}}) to (%c512{{.*}})
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c512{{.*}} step %c16
// CHECK: math.exp {{.*}} : vector<16xf32>
// CHECK-NOT: math.exp
func.func @large(%x: memref<512x512xf32>, %y: memref<512x512xf32>) {
  linalg.exp ins(%x : memref<512x512xf32>) outs(%y : memref<512x512xf32>)
  return
}

// REMARK: Function=small | loops=1, parallel=0, vectors=0
// CHECK-LABEL: @small
// CHECK-NOT: scf.parallel
// CHECK: scf.for
// CHECK: math.exp
// FEW-LABEL: @small
// FEW: scf.parallel
func.func @small(%x: memref<4xf32>, %y: memref<4xf32>) {
  linalg.exp ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
  return
}

// A sum is not cut: any number of threads must give the same bits.
// CHECK-LABEL: @sum
// CHECK-NOT: scf.parallel
// CHECK: scf.for
// FEW-LABEL: @sum
// FEW-NOT: scf.parallel
// FEW: scf.for
func.func @sum(%x: memref<1048576xf32>, %y: memref<f32>) {
  linalg.reduce ins(%x : memref<1048576xf32>) outs(%y : memref<f32>) dimensions = [0]
    (%in: f32, %out: f32) {
      %s = arith.addf %out, %in : f32
      linalg.yield %s : f32
    }
  return
}

// An unknown extent counts as 64; a scalar needs no loop; of nothing there is nothing to do.
// CHECK-LABEL: @extents
// CHECK: memref.dim %arg0
// CHECK: scf.for
// CHECK: memref.load %arg1[] : memref<f32>
// CHECK: scf.for {{.*}} = %c0{{.*}} to %c0
// FEW-LABEL: @extents
// FEW: scf.parallel
// FEW-NOT: scf.parallel
// FEW: return
func.func @extents(%x: memref<?xf32>, %s: memref<f32>, %e: memref<0xf32>) {
  linalg.exp ins(%x : memref<?xf32>) outs(%x : memref<?xf32>)
  linalg.exp ins(%s : memref<f32>) outs(%s : memref<f32>)
  linalg.exp ins(%e : memref<0xf32>) outs(%e : memref<0xf32>)
  return
}

// Upstream turns a strided copy into a call of its runtime, which artifacts do not have.
// CHECK-LABEL: @copy
// CHECK-NOT: memref.copy
// CHECK: memref.load
// CHECK: memref.store
func.func @copy(%x: memref<4xf32, strided<[2]>>, %y: memref<4xf32>) {
  memref.copy %x, %y : memref<4xf32, strided<[2]>> to memref<4xf32>
  return
}

// REMARK-NOT: Function=nothing
// CHECK-LABEL: @nothing
// CHECK-NEXT: return
func.func @nothing() {
  return
}

// Of 20 elements, 16 are a full vector and 4 are under a mask. What the innermost loop does not touch is loaded once.
// REMARK: Function=ragged | loops=1, parallel=0, vectors=1
// CHECK-LABEL: @ragged
// CHECK: %[[ROW:.*]] = memref.load %arg1[%{{.*}}, %c0{{.*}}]
// CHECK: %[[SCALE:.*]] = vector.broadcast %[[ROW]] : f32 to vector<16xf32>
// CHECK: scf.for %{{.*}} = %{{.*}} to %c16{{.*}} step %c16
// CHECK: %[[X:.*]] = vector.load %arg0
// CHECK: %[[P:.*]] = arith.mulf %[[X]], %[[SCALE]] : vector<16xf32>
// CHECK: arith.fptosi %[[P]] : vector<16xf32> to vector<16xi8>
// CHECK: vector.store
// CHECK: scf.for %{{.*}} = %c16{{.*}} to %c20
// CHECK: vector.create_mask
// CHECK: vector.maskedload %arg0
// CHECK: vector.maskedstore %arg2
#all = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0, 0)>
func.func @ragged(%x: memref<?x20xf32>, %s: memref<?x1xf32>, %y: memref<?x20xi8>) {
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]}
      ins(%x, %s : memref<?x20xf32>, memref<?x1xf32>) outs(%y : memref<?x20xi8>) {
  ^bb0(%a: f32, %b: f32, %c: i8):
    %p = arith.mulf %a, %b : f32
    %q = arith.fptosi %p : f32 to i8
    linalg.yield %q : i8
  }
  return
}

// Each lane has a maximum of its own, from -Inf on; they are combined, and then with what was there.
// REMARK: Function=largest | loops=1, parallel=0, vectors=1
// CHECK-LABEL: @largest
// CHECK: %[[NEUTRAL:.*]] = arith.constant dense<0xFF800000> : vector<16xf32>
// CHECK: %[[MASKED:.*]] = scf.for {{.*}} iter_args(%[[PARTIAL:.*]] = %{{.*}})
// CHECK: %[[MASK:.*]] = vector.create_mask
// CHECK: %[[ALL:.*]] = arith.maximumf %[[PARTIAL]], %{{.*}} : vector<16xf32>
// CHECK: arith.select %[[MASK]], %[[ALL]], %[[PARTIAL]]
// CHECK: %[[BEFORE:.*]] = memref.load %arg1
// CHECK: %[[LANES:.*]] = vector.reduction <maximumf>, %{{.*}}
// CHECK: %[[MAX:.*]] = arith.maximumf %[[BEFORE]], %[[LANES]]
// CHECK: memref.store %[[MAX]], %arg1
func.func @largest(%x: memref<2x9xf32>, %y: memref<2xf32>) {
  linalg.reduce ins(%x : memref<2x9xf32>) outs(%y : memref<2xf32>) dimensions = [1]
    (%in: f32, %out: f32) {
      %s = arith.maximumf %out, %in : f32
      linalg.yield %s : f32
    }
  return
}

// Columns do not follow each other in memory: LLVM sees plain loops.
// REMARK: Function=transposed | loops=1, parallel=0, vectors=0
// CHECK-LABEL: @transposed
// CHECK-NOT: vector
// CHECK: return
func.func @transposed(%x: memref<32x16xf32>, %y: memref<16x32xf32>) {
  linalg.transpose ins(%x : memref<32x16xf32>) outs(%y : memref<16x32xf32>) permutation = [1, 0]
  return
}

// The position in an outer loop is the same for all lanes.
// CHECK-LABEL: @outer_index
// CHECK: scf.for %[[I:.*]] = %c0
// CHECK: vector.broadcast %[[I]] : index to vector<16xindex>
// CHECK: arith.index_cast {{.*}} : vector<16xindex> to vector<16xi32>
// CHECK: vector.store
func.func @outer_index(%x: memref<4x32xi32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} outs(%x : memref<4x32xi32>) {
  ^bb0(%out: i32):
    %i = linalg.index 0 : index
    %n = arith.index_cast %i : index to i32
    %s = arith.addi %n, %out : i32
    linalg.yield %s : i32
  }
  return
}

// Windows over images: a piece of a window lies in consecutive memory, wherever it begins.
// REMARK: Function=windows | loops=1, parallel=0, vectors=1
// CHECK-LABEL: @windows
// CHECK: vector.load %{{.*}} : memref<2x10x36xf32>, vector<16xf32>
// CHECK: vector.store %{{.*}} : memref<2x8x5x16xf32>, vector<16xf32>
func.func @windows(%x: memref<2x10x36xf32>, %y: memref<2x8x5x16xf32>) {
  linalg.generic {indexing_maps = [affine_map<(n, i, j, c) -> (n, i + 2, j * 4 + c)>, affine_map<(n, i, j, c) -> (n, i, j, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : memref<2x10x36xf32>) outs(%y : memref<2x8x5x16xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    }
  return
}

// A short reduction around the innermost loop is unrolled inside of it: sums stay in registers, and are loaded and stored once.
// CHECK-LABEL: @groups
// CHECK: scf.for %[[G:.*]] = %c0{{.*}} to %c6
// CHECK: scf.for %[[J:.*]] = %c0{{.*}} to %c64{{.*}} step %c16
// CHECK: %[[SUM:.*]] = vector.load %arg1[%[[G]], %[[J]]] : memref<6x64xf32>, vector<16xf32>
// CHECK: %[[FIRST:.*]] = vector.load %arg0[%[[G]], %c0{{.*}}, %[[J]]] : memref<6x3x64xf32>, vector<16xf32>
// CHECK: %[[ONE:.*]] = arith.addf %[[SUM]], %[[FIRST]]
// CHECK: vector.load %arg0[%[[G]], %c1{{.*}}, %[[J]]]
// CHECK: %[[TWO:.*]] = arith.addf %[[ONE]]
// CHECK: vector.load %arg0[%[[G]], %c2{{.*}}, %[[J]]]
// CHECK: %[[THREE:.*]] = arith.addf %[[TWO]]
// CHECK: vector.store %[[THREE]], %arg1[%[[G]], %[[J]]]
func.func @groups(%x: memref<6x3x64xf32>, %y: memref<6x64xf32>) {
  linalg.generic {indexing_maps = [affine_map<(g, i, j) -> (g, i, j)>, affine_map<(g, i, j) -> (g, j)>],
                  iterator_types = ["parallel", "reduction", "parallel"]} ins(%x : memref<6x3x64xf32>) outs(%y : memref<6x64xf32>) {
  ^bb0(%a: f32, %sum: f32):
    %next = arith.addf %sum, %a : f32
    linalg.yield %next : f32
  }
  return
}

// A long one is not, nor one that may be: columns of a matrix would be walked down, a line of memory for each element.
// CHECK-LABEL: @batch
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %{{.*}} step
// CHECK: scf.for %[[J:.*]] = %c0{{.*}} to %c64{{.*}} step %c16
// CHECK: vector.load %arg1[%[[J]]]
// CHECK: vector.store %{{.*}}, %arg1[%[[J]]]
func.func @batch(%x: memref<?x64xf32>, %y: memref<64xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>],
                  iterator_types = ["reduction", "parallel"]} ins(%x : memref<?x64xf32>) outs(%y : memref<64xf32>) {
  ^bb0(%a: f32, %sum: f32):
    %next = arith.addf %sum, %a : f32
    linalg.yield %next : f32
  }
  return
}

// CHECK-LABEL: @columns
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c100
// CHECK: scf.for %[[J:.*]] = %c0{{.*}} to %c64{{.*}} step %c16
// CHECK: vector.load %arg1[%[[J]]]
// CHECK: vector.store %{{.*}}, %arg1[%[[J]]]
func.func @columns(%x: memref<100x64xf32>, %y: memref<64xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>],
                  iterator_types = ["reduction", "parallel"]} ins(%x : memref<100x64xf32>) outs(%y : memref<64xf32>) {
  ^bb0(%a: f32, %sum: f32):
    %next = arith.addf %sum, %a : f32
    linalg.yield %next : f32
  }
  return
}

// Nor is one whose results move along with it: a scan, or windows that overlap.
// CHECK-LABEL: @overlaps
// CHECK: scf.for %[[K:.*]] = %c0{{.*}} to %c3{{.*}}
// CHECK: scf.for %[[J:.*]] = %c0{{.*}} to %c64{{.*}} step %c16
// CHECK: vector.load %arg1[%{{.*}}, %[[J]]]
// CHECK: vector.store %{{.*}}, %arg1[%{{.*}}, %[[J]]]
func.func @overlaps(%x: memref<2x3x64xf32>, %y: memref<4x64xf32>) {
  linalg.generic {indexing_maps = [affine_map<(g, k, j) -> (g, k, j)>, affine_map<(g, k, j) -> (g + k, j)>],
                  iterator_types = ["reduction", "reduction", "parallel"]} ins(%x : memref<2x3x64xf32>) outs(%y : memref<4x64xf32>) {
  ^bb0(%a: f32, %sum: f32):
    %next = arith.addf %sum, %a : f32
    linalg.yield %next : f32
  }
  return
}
