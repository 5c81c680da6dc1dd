// RUN: dither-opt %s --dither-fuse-rows="parallel-elements=1000" --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-fuse-rows --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: dither-opt %s --dither-fuse-rows --canonicalize --cse | FileCheck %s --check-prefix=ONE

#all = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#column = affine_map<(d0, d1) -> (d1)>
#lines = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#line = affine_map<(d0, d1, d2) -> (d0, d2)>

// Two passes over 64 KiB: eight parts of eight rows. The maxima are seen by nobody else, and shrink to a part.
// REMARK: Function=maxima | fused=3, local=1, loops=1
// CHECK-LABEL: @maxima
// CHECK: scf.parallel (%[[I:.*]]) = (%c0) to (%c8) step (%c1)
// CHECK: %[[MAX:.*]] = memref.alloca() {alignment = 64 : i64} : memref<8xf32>
// CHECK: linalg.fill {{.*}} outs(%[[MAX]] : memref<8xf32
// CHECK: %[[FIRST:.*]] = arith.muli %[[I]], %c8
// CHECK: %[[X:.*]] = memref.subview %arg0[%[[FIRST]], 0] [8, 256] [1, 1]
// CHECK: linalg.generic {{.*}} ins(%[[X]] : {{.*}}) outs(%[[MAX]]
// CHECK: linalg.generic {{.*}} ins(%[[X]], %[[MAX]]
// CHECK: return
// Not enough for threads: memory of the function serves all parts, one after the other.
// ONE-LABEL: @maxima
// ONE-NOT: scf.parallel
// ONE: memref.alloc() {alignment = 64 : i64} : memref<8xf32>
// ONE-NEXT: scf.for
// ONE: return
func.func @maxima(%x: memref<64x256xf32>, %y: memref<64x256xf32>) {
  %low = arith.constant 0xFF800000 : f32
  %max = memref.alloc() : memref<64xf32>
  linalg.fill ins(%low : f32) outs(%max : memref<64xf32>)
  linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : memref<64x256xf32>) outs(%max : memref<64xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.maximumf %in, %out : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %max : memref<64x256xf32>, memref<64xf32>) outs(%y : memref<64x256xf32>) {
  ^bb0(%in: f32, %m: f32, %out: f32):
    %0 = arith.subf %in, %m : f32
    linalg.yield %0 : f32
  }
  return
}

// Rows are the batch; each is a part.
// CHECK-LABEL: @unknown
// CHECK: %[[ROWS:.*]] = memref.dim %arg0, %c0
// CHECK: scf.parallel (%[[I:.*]]) = (%c0) to (%[[ROWS]]) step (%c1)
// CHECK: memref.alloca() {alignment = 64 : i64} : memref<1024xf32>
// CHECK: memref.subview %arg0[%[[I]], 0] [1, 1024] [1, 1]
func.func @unknown(%x: memref<?x1024xf32>, %y: memref<?x1024xf32>) {
  %c0 = arith.constant 0 : index
  %rows = memref.dim %x, %c0 : memref<?x1024xf32>
  %t = memref.alloc(%rows) : memref<?x1024xf32>
  linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%x : memref<?x1024xf32>) outs(%t : memref<?x1024xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = math.exp %in : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#all, #all, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %t : memref<?x1024xf32>, memref<?x1024xf32>) outs(%y : memref<?x1024xf32>) {
  ^bb0(%in: f32, %e: f32, %out: f32):
    %0 = arith.addf %in, %e : f32
    linalg.yield %0 : f32
  }
  return
}

// Sixteen rows of a matrix are one of the reshaped one: parts are equal shares. The position in the whole is told to the op that asks.
// CHECK-LABEL: @groups
// CHECK: scf.parallel (%[[I:.*]]) = (%c0) to (%c12) step (%c1)
// CHECK: memref.subview %{{.*}}[%[[I]], 0, 0] [1, 16, 128] [1, 1, 1]
// CHECK: %[[FIRST:.*]] = arith.muli %[[I]], %c16
// CHECK: memref.subview %arg0[%[[FIRST]], 0] [16, 128] [1, 1]
// CHECK: linalg.index 0
// CHECK-NEXT: affine.apply #{{.*}}(%[[FIRST]])
func.func @groups(%x: memref<192x128xf32>, %max: memref<12x128xf32>, %y: memref<192x128xf32>) {
  %lines = memref.expand_shape %x [[0, 1], [2]] output_shape [12, 16, 128] : memref<192x128xf32> into memref<12x16x128xf32>
  linalg.generic {indexing_maps = [#lines, #line], iterator_types = ["parallel", "reduction", "parallel"]} ins(%lines : memref<12x16x128xf32>) outs(%max : memref<12x128xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.maximumf %in, %out : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%x : memref<192x128xf32>) outs(%y : memref<192x128xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = linalg.index 0 : index
    %1 = arith.index_cast %0 : index to i32
    %2 = arith.sitofp %1 : i32 to f32
    %3 = arith.mulf %in, %2 : f32
    linalg.yield %3 : f32
  }
  return
}

// Sums of columns need all rows, and so does who reads them.
// REMARK-NOT: Function=columns
// CHECK-LABEL: @columns
// CHECK-NOT: scf
// CHECK: return
func.func @columns(%x: memref<256x256xf32>, %sum: memref<256xf32>, %y: memref<256x256xf32>) {
  linalg.generic {indexing_maps = [#all, #column], iterator_types = ["reduction", "parallel"]} ins(%x : memref<256x256xf32>) outs(%sum : memref<256xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#all, #column, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %sum : memref<256x256xf32>, memref<256xf32>) outs(%y : memref<256x256xf32>) {
  ^bb0(%in: f32, %s: f32, %out: f32):
    %0 = arith.divf %in, %s : f32
    linalg.yield %0 : f32
  }
  return
}

// The second op reads all of what the first one writes part by part.
// CHECK-LABEL: @transposed
// CHECK-NOT: scf
// CHECK: return
func.func @transposed(%x: memref<256x256xf32>, %t: memref<256x256xf32>, %y: memref<256x256xf32>) {
  linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%x : memref<256x256xf32>) outs(%t : memref<256x256xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = math.exp %in : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, #all], iterator_types = ["parallel", "parallel"]} ins(%t : memref<256x256xf32>) outs(%y : memref<256x256xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  }
  return
}

// In the first cache anyway.
// CHECK-LABEL: @small
// CHECK-NOT: scf
// CHECK: return
func.func @small(%x: memref<32x32xf32>, %t: memref<32x32xf32>, %y: memref<32x32xf32>) {
  linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%x : memref<32x32xf32>) outs(%t : memref<32x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = math.exp %in : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%t : memref<32x32xf32>) outs(%y : memref<32x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = math.exp %in : f32
    linalg.yield %0 : f32
  }
  return
}

// A buffer that is filled again: what reads it before is not done after that.
// CHECK-LABEL: @again
// CHECK: scf.parallel
// CHECK: linalg.generic
// CHECK: linalg.fill
// CHECK: linalg.generic
// CHECK: scf.reduce
// CHECK-NOT: linalg
// CHECK: return
func.func @again(%x: memref<64x256xf32>, %sum: memref<64xf32>, %y: memref<64x256xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %sum : memref<64x256xf32>, memref<64xf32>) outs(%y : memref<64x256xf32>) {
  ^bb0(%in: f32, %s: f32, %out: f32):
    %0 = arith.divf %in, %s : f32
    linalg.yield %0 : f32
  }
  linalg.fill ins(%zero : f32) outs(%sum : memref<64xf32>)
  linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%x : memref<64x256xf32>) outs(%x : memref<64x256xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = math.exp %in : f32
    linalg.yield %0 : f32
  }
  return
}

// A body that loads from anywhere needs all that was written before, and comes before what is written after.
// CHECK-LABEL: @loaded
// CHECK-NOT: scf
// CHECK: return
func.func @loaded(%x: memref<256x256xf32>, %t: memref<256x256xf32>, %y: memref<256x256xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%x : memref<256x256xf32>) outs(%t : memref<256x256xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = math.exp %in : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%x : memref<256x256xf32>) outs(%y : memref<256x256xf32>) {
  ^bb0(%in: f32, %out: f32):
    %i = linalg.index 1 : index
    %0 = memref.load %t[%i, %i] : memref<256x256xf32>
    %1 = arith.addf %in, %0 : f32
    linalg.yield %1 : f32
  }
  linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%x : memref<256x256xf32>) outs(%t : memref<256x256xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = math.log %in : f32
    linalg.yield %0 : f32
  }
  return
}

// CHECK-LABEL: @loaded_fill
// CHECK: linalg.fill
// CHECK: scf.parallel
// CHECK: memref.load
// CHECK: return
func.func @loaded_fill(%x: memref<256x256xf32>, %t: memref<256xf32>, %y: memref<256x256xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%t : memref<256xf32>)
  linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%x : memref<256x256xf32>) outs(%y : memref<256x256xf32>) {
  ^bb0(%in: f32, %out: f32):
    %i = linalg.index 1 : index
    %0 = memref.load %t[%i] : memref<256xf32>
    %1 = arith.addf %in, %0 : f32
    linalg.yield %1 : f32
  }
  linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%y : memref<256x256xf32>) outs(%x : memref<256x256xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = math.exp %in : f32
    linalg.yield %0 : f32
  }
  return
}
