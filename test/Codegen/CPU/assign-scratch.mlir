// RUN: dither-opt %s --dither-plan-kernels="lanes=8 rows=6" --dither-assign-scratch --split-input-file | FileCheck %s
// RUN: dither-opt %s --dither-plan-kernels="min-bytes=1 parallel-flops=1" --dither-assign-scratch --split-input-file | FileCheck %s --check-prefix=ALL


// CHECK-LABEL: @large
// CHECK: %[[S:.*]] = memref.alloc() : memref<262144xf32>
// CHECK: dither.contract {{.*}} scratch(%[[S]] : memref<262144xf32>)
func.func @large(%x: memref<?x1024xf32>, %w: memref<1024x1024xf32>, %y: memref<?x1024xf32>) {
  dither.contract x(%x : memref<?x1024xf32>) w(%w : memref<1024x1024xf32>) into(%y : memref<?x1024xf32>)
  return
}

// -----

// Of few rows, sums wait between the strips of a matrix that is read but once.
// CHECK-LABEL: @few
// CHECK: scratch({{.*}} : memref<8192xf32>)
// ALL-LABEL: @few
// ALL: scratch({{.*}} : memref<8192xf32>)
func.func @few(%x: memref<8x1024xf32>, %w: memref<1024x1024xf32>, %y: memref<8x1024xf32>) {
  dither.contract x(%x : memref<8x1024xf32>) w(%w : memref<1024x1024xf32>) into(%y : memref<8x1024xf32>)
  return
}

// -----

// A small matrix stays in the cache as it is.
// CHECK-LABEL: @small
// CHECK-NOT: scratch
// ALL-LABEL: @small
// ALL: scratch({{.*}} : memref<16384xf32>)
func.func @small(%x: memref<64x64xf32>, %w: memref<64x250xf32>, %y: memref<64x250xf32>) {
  dither.contract x(%x : memref<64x64xf32>) w(%w : memref<64x250xf32>) into(%y : memref<64x250xf32>)
  return
}

// -----

// Packed weights are decoded in registers, from where they are.
// CHECK-LABEL: @packed
// CHECK-NOT: scratch
// ALL-LABEL: @packed
// ALL-NOT: scratch
func.func @packed(%x: memref<64x64xf32>, %v: memref<32x256xf32>, %i: memref<8x256xi8>, %y: memref<64x256xf32>) {
  dither.contract x(%x : memref<64x64xf32>) w(%v, %i : memref<32x256xf32>, memref<8x256xi8>) into(%y : memref<64x256xf32>)
    {dense = tensor<64x256xf32>, pattern = #dither.nm<2 : 4>}
  return
}

// -----

// Rows of x that are no whole rows of tiles are copied: of known rows, whole blocks of them; else whole ones and the last. Then sums and decoded
// words, where threads do not share a product: 32 rows of 64 columns, four tiles and 128 elements.
// RUN: dither-opt %s --dither-plan-kernels="tiles=true" --dither-assign-scratch --split-input-file | FileCheck %s --check-prefix=TILES
// TILES-LABEL: @codes
// TILES: %[[S:.*]] = memref.alloc() : memref<64x192xi8>
// TILES: %[[W:.*]] = memref.alloc() : memref<1x20480xi8>
// TILES: scratch(%[[S]], %[[W]] : memref<64x192xi8>, memref<1x20480xi8>)
// TILES: %[[F:.*]] = memref.alloc(%{{.*}}) : memref<?x192xi8>
// TILES: %[[L:.*]] = memref.alloc() : memref<32x192xi8>
// TILES: %[[V:.*]] = memref.alloc() : memref<1x20480xi8>
// TILES: scratch(%[[F]], %[[L]], %[[V]] : memref<?x192xi8>, memref<32x192xi8>, memref<1x20480xi8>)
// CHECK-LABEL: @codes
// CHECK-NOT: scratch
func.func @codes(%x: memref<40x96xi8>, %xs: memref<40x1xf32>, %xo: memref<40x1xi32>, %y: memref<40x64xf32>,
                 %z: memref<?x96xi8>, %zs: memref<?x1xf32>, %zo: memref<?x1xi32>, %v: memref<?x64xf32>,
                 %w: memref<96x64xi8>, %s: memref<1x64xf32>) {
  dither.contract x(%x : memref<40x96xi8>) activations(%xs, %xo : memref<40x1xf32>, memref<40x1xi32>)
    w(%w, %s : memref<96x64xi8>, memref<1x64xf32>) into(%y : memref<40x64xf32>) {dense = tensor<96x64xf32>, format = #dither.int<bits = 8>}
  dither.contract x(%z : memref<?x96xi8>) activations(%zs, %zo : memref<?x1xf32>, memref<?x1xi32>)
    w(%w, %s : memref<96x64xi8>, memref<1x64xf32>) into(%v : memref<?x64xf32>) {dense = tensor<96x64xf32>, format = #dither.int<bits = 8>}
  return
}

// -----

// Words that lie in memory are not decoded: there are the sums of 32 rows and 64 columns, and four tiles.
// TILES-LABEL: @words
// TILES-NEXT: memref.alloc() : memref<1x12288xi8>
// TILES-NEXT: dither.contract
func.func @words(%x: memref<64x128xi8>, %xs: memref<64x1xf32>, %xo: memref<64x1xi32>, %y: memref<64x64xf32>, %w: memref<128x64xi8>, %s: memref<1x64xf32>) {
  dither.contract x(%x : memref<64x128xi8>) activations(%xs, %xo : memref<64x1xf32>, memref<64x1xi32>)
    w(%w, %s : memref<128x64xi8>, memref<1x64xf32>) into(%y : memref<64x64xf32>) {dense = tensor<128x64xf32>, format = #dither.int<bits = 8>}
  return
}

// -----

// Matrices of bf16 are staged as f32, or go to tiles, which read whole rows of x where they are.
// RUN: dither-opt %s --dither-plan-kernels="float-tiles=true" --dither-assign-scratch --split-input-file | FileCheck %s --check-prefix=FLOATS
// ALL-LABEL: @floats
// CHECK-LABEL: @floats
// CHECK: scratch(%{{.*}} : memref<262144xf32>)
// FLOATS-LABEL: @floats
// FLOATS-NOT: scratch(
func.func @floats(%x: memref<64x1024xbf16>, %w: memref<1024x1024xbf16>, %y: memref<64x1024xf32>) {
  dither.contract x(%x : memref<64x1024xbf16>) w(%w : memref<1024x1024xbf16>) into(%y : memref<64x1024xf32>)
  return
}

// -----

// Scratch memory for all rows grows with the batch, as the plan of memory wants it.
// FLOATS-LABEL: @rows
// FLOATS: %[[BATCH:.*]] = memref.dim %arg0, %c0
// FLOATS: %[[S:.*]] = memref.alloc(%[[BATCH]]) : memref<?x8x2112xi8>
// FLOATS: %[[ROWS:.*]] = memref.collapse_shape %[[S]] {{\[}}[0, 1], [2]] : memref<?x8x2112xi8> into memref<?x2112xi8>
// FLOATS: scratch(%[[ROWS]], {{.*}} : memref<?x2112xi8>, {{.*}})
func.func @rows(%x: memref<?x8x1000xbf16>, %w: memref<1000x1024xbf16>, %y: memref<?x1024xf32>) {
  %r = memref.collapse_shape %x [[0, 1], [2]] : memref<?x8x1000xbf16> into memref<?x1000xbf16>
  dither.contract x(%r : memref<?x1000xbf16>) w(%w : memref<1000x1024xbf16>) into(%y : memref<?x1024xf32>)
  return
}
