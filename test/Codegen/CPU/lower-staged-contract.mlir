// RUN: dither-opt %s --dither-lower-contract | FileCheck %s

#blocked = #dither.kernel<schedule = blocked, rows = 8, sums = 16, columns = 256, depth = 256>
#shared = #dither.kernel<schedule = blocked, rows = 8, sums = 16, columns = 256, depth = 256, tasks = 16>

// Several blocks of the contraction: the others add to what the first left in the result.
// CHECK-LABEL: @blocks
// CHECK: scf.for {{.*}} step %c256
// CHECK: scf.for %[[K:.*]] = %c0{{.*}} step %c256
// Staging: 8 rows along all panels of 32 columns.
// CHECK: scf.for {{.*}} step %c8
// CHECK: scf.for {{.*}} step %c32
// CHECK: vector.load {{.*}} memref<1024x512xf32>
// CHECK: vector.store {{.*}} memref<65536xf32>
// CHECK: %[[MORE:.*]] = arith.cmpi ne, %[[K]], %c0
// CHECK: vector.broadcast %[[MORE]] : i1 to vector<16xi1>
// CHECK: vector.maskedload {{.*}} memref<64x512xf32>
// The register tile: 8 rows by 2 vectors.
// CHECK: scf.for
// CHECK-COUNT-16: vector.fma
// CHECK-NOT: vector.fma
// CHECK: vector.store {{.*}} memref<64x512xf32>
func.func @blocks(%x: memref<64x1024xf32>, %w: memref<1024x512xf32>, %y: memref<64x512xf32>, %s: memref<65536xf32>) {
  dither.contract x(%x : memref<64x1024xf32>) w(%w : memref<1024x512xf32>) into(%y : memref<64x512xf32>) scratch(%s : memref<65536xf32>)
    {kernel = #blocked}
  return
}

// The same with room for all columns at once: threads stage them together, then share the tiles.
// CHECK-LABEL: @threads
// CHECK: scf.for %[[K:.*]] = %c0{{.*}} step %c256
// CHECK: scf.parallel {{.*}} to (%c8
// CHECK: vector.store {{.*}} memref<131072xf32>
// CHECK: scf.parallel {{.*}} to (%c16
// CHECK: vector.load {{.*}} memref<131072xf32>
// CHECK: vector.store {{.*}} memref<64x512xf32>
func.func @threads(%x: memref<64x1024xf32>, %w: memref<1024x512xf32>, %y: memref<64x512xf32>, %s: memref<131072xf32>) {
  dither.contract x(%x : memref<64x1024xf32>) w(%w : memref<1024x512xf32>) into(%y : memref<64x512xf32>) scratch(%s : memref<131072xf32>)
    {kernel = #shared}
  return
}

// The transpose of a packed matrix: a word of 8 codes of 16 columns is decoded to 8 rows, with their scale; 32 of them make two squares, as above.
// CHECK-LABEL: @decoded
// CHECK: scf.for {{.*}} step %c64
// CHECK: scf.for {{.*}} step %c32
// CHECK: scf.for {{.*}} step %c16
// CHECK-COUNT-32: arith.mulf {{.*}} vector<16xf32>
// CHECK-COUNT-128: vector.shuffle
// CHECK-NOT: vector.shuffle
// CHECK: scf.for
// CHECK-COUNT-16: vector.fma
func.func @decoded(%x: memref<8x64xf32>, %w: memref<16x64xi8>, %ws: memref<1x64xf32>, %y: memref<8x32xf32>, %s: memref<2048xf32>) {
  dither.contract x(%x : memref<8x64xf32>) w(%w, %ws : memref<16x64xi8>, memref<1x64xf32>) into(%y : memref<8x32xf32>) scratch(%s : memref<2048xf32>)
    {dense = tensor<32x64xf32>, format = #dither.int<bits = 4, group = 32>, transpose_w,
     kernel = #dither.kernel<schedule = blocked, rows = 8, sums = 16, columns = 32, depth = 64>}
  return
}

// A transposed matrix is staged by squares: 16 lines in, 4 rounds of 16 shuffles, 16 rows out; for both vectors of a panel.
// CHECK-LABEL: @transposed
// CHECK-COUNT-16: vector.maskedload {{.*}} memref<32x48xf32>
// CHECK-COUNT-64: vector.shuffle
// CHECK-COUNT-16: vector.store {{.*}} memref<2048xf32>
// CHECK-COUNT-64: vector.shuffle
// CHECK-NOT: vector.shuffle
// One block of the contraction: nothing is read of the result.
// CHECK-NOT: vector.maskedload {{.*}} memref<8x32xf32>
// CHECK: return
func.func @transposed(%x: memref<8x48xf32>, %w: memref<32x48xf32>, %y: memref<8x32xf32>, %s: memref<2048xf32>) {
  dither.contract x(%x : memref<8x48xf32>) w(%w : memref<32x48xf32>) into(%y : memref<8x32xf32>) scratch(%s : memref<2048xf32>) 
    {transpose_w, kernel = #dither.kernel<schedule = blocked, rows = 8, sums = 16, columns = 32, depth = 48>}
  return
}

// An unknown number of rows decides when it is known.
// CHECK-LABEL: @dynamic
// CHECK: %[[ROWS:.*]] = memref.dim
// CHECK: %[[MANY:.*]] = arith.cmpi uge, %[[ROWS]], %c32
// CHECK: scf.if %[[MANY]]
// CHECK: memref<65536xf32>
// CHECK: } else {
// CHECK-NOT: memref<65536xf32>
// CHECK: return
func.func @dynamic(%x: memref<?x512xf32>, %w: memref<512x128xf32>, %y: memref<?x128xf32>, %s: memref<65536xf32>) {
  dither.contract x(%x : memref<?x512xf32>) w(%w : memref<512x128xf32>) into(%y : memref<?x128xf32>) scratch(%s : memref<65536xf32>)
    {kernel = #dither.kernel<schedule = blocked, rows = 8, sums = 16, columns = 256, depth = 256, least = 32>}
  return
}

// Chosen rows of the matrix are staged from where they are.
// CHECK-LABEL: @rows
// CHECK: scf.for {{.*}} step %c32
// CHECK: scf.for %[[K:.*]] = %
// CHECK: %[[ROW:.*]] = memref.load %arg2[%[[K]]] : memref<256xi32>
// CHECK: %[[AT:.*]] = arith.index_cast %[[ROW]] : i32 to index
// CHECK: vector.load %arg1[%[[AT]], %{{.*}}] : memref<1024x256xf32>, vector<16xf32>
// CHECK: vector.store {{.*}} memref<77824xf32>
func.func @rows(%x: memref<256x64xf32>, %w: memref<1024x256xf32>, %rows: memref<256xi32>, %y: memref<64x256xf32>, %s: memref<77824xf32>) {
  dither.contract x(%x : memref<256x64xf32>) w(%w : memref<1024x256xf32>) rows(%rows : memref<256xi32>) into(%y : memref<64x256xf32>)
    scratch(%s : memref<77824xf32>) {transpose_x, kernel = #blocked}
  return
}

// Of a transposed x, 48 rows are staged beside the block, tile after tile: what a tile reads is consecutive. The rows that fill no tile are read
// as they are.
// CHECK-LABEL: @transposed_x
// CHECK: scf.for %[[GROUP:.*]] = %c0{{.*}} to %c72{{.*}} step %c48
// CHECK: scf.for %[[K:.*]] = %
// CHECK: scf.for %[[ROW:.*]] = %[[GROUP]]
// CHECK: vector.load %arg0[%[[K]], %[[ROW]]] : memref<300x73xf32>, vector<8xf32>
// CHECK: vector.store {{.*}} memref<36864xf32>, vector<8xf32>
// CHECK: scf.for {{.*}} = %[[GROUP]]
// CHECK: memref.load %arg3[%{{.*}}] : memref<36864xf32>
// CHECK-COUNT-16: vector.fma
// CHECK: memref.load %arg0[%{{.*}}, %{{.*}}] : memref<300x73xf32>
// CHECK-COUNT-2: vector.fma
func.func @transposed_x(%x: memref<300x73xf32>, %w: memref<300x96xf32>, %y: memref<73x96xf32>, %s: memref<36864xf32>) {
  dither.contract x(%x : memref<300x73xf32>) w(%w : memref<300x96xf32>) into(%y : memref<73x96xf32>) scratch(%s : memref<36864xf32>)
    {transpose_x, kernel = #dither.kernel<schedule = blocked, rows = 8, sums = 16, columns = 96, depth = 256>}
  return
}
