// RUN: dither-opt %s --pass-pipeline="builtin.module(func.func(dither-form-kernels{chip=sm_90a}),canonicalize,cse)" | FileCheck %s

// Of 128 x 128 of the result, each group of consumers has 64 rows. One thread asks for tiles, four stages ahead at most; multiplication frees the stage before.
// CHECK-LABEL: @dense
// CHECK: gpu.launch {{.*}} = %c384,
// CHECK: %[[ROW:.*]] = arith.muli %{{.*}}, %c128 : index
// CHECK: %[[X:.*]] = tile.place %{{.*}} as <4, 128x64xbf16,
// CHECK: %[[W:.*]] = tile.place %{{.*}} as <4, 64x128xbf16,
// CHECK: %[[XMAP:.*]] = tile.describe %arg0 : memref<?x512xbf16> as <128x64xbf16, 128>
// CHECK: %[[WMAP:.*]] = tile.describe %arg1 : memref<512x256xbf16> as <64x64xbf16, 128>
// CHECK: tile.init_barriers %[[FULL:.*]], 1 : memref<4xi64,
// CHECK: tile.init_barriers %[[EMPTY:.*]], 8 : memref<4xi64,
// CHECK-NEXT: gpu.barrier
// CHECK: tile.role first 0 warps 4 {
// CHECK: arith.cmpi eq, %{{.*}}, %c0
// CHECK-NEXT: scf.if
// CHECK-NEXT: scf.for %[[K:.*]] = %c0 to %c512 step %c64 {
// CHECK: %[[NUMBER:.*]] = arith.divui %[[K]], %c64
// CHECK: %[[STAGE:.*]] = arith.remui %[[NUMBER]], %c4
// CHECK: %[[ROUND:.*]] = arith.divui %[[NUMBER]], %c4
// CHECK: %[[BEFORE:.*]] = arith.subi %[[ROUND]], %c1
// CHECK: tile.wait %[[EMPTY]][%[[STAGE]]] phase %[[BEFORE]]
// CHECK: tile.expect %[[FULL]][%[[STAGE]]], 32768
// CHECK: tile.fetch %[[XMAP]][%[[ROW]], %[[K]]] to %[[X]][%[[STAGE]]] signals %[[FULL]][%[[STAGE]]]
// CHECK: tile.fetch %[[WMAP]][%[[K]], %{{.*}}] to %[[W]][%[[STAGE]]] signals %[[FULL]][%[[STAGE]]]
// CHECK-NOT: tile.publish
// CHECK: tile.role first 4 warps 8 {
// CHECK: %[[ZERO:.*]] = tile.fill 0.0
// CHECK: %[[SUMS:.*]] = scf.for %[[K:.*]] = %c0 to %c512 step %c64 iter_args(%[[CARRIED:.*]] = %[[ZERO]])
// CHECK: tile.wait %[[FULL]][%[[STAGE:.*]]] phase %[[PHASE:.*]] :
// CHECK: %[[NEXT:.*]] = tile.group_mma %[[X]][%[[STAGE]]], %[[W]][%[[STAGE]]], %[[CARRIED]]
// CHECK: %[[WAITED:.*]] = tile.group_wait %[[NEXT]] pending 1
// CHECK: arith.cmpi ne, %{{.*}}, %c0
// CHECK: scf.if
// CHECK: tile.arrive %[[EMPTY]][%{{.*}}]
// CHECK: scf.yield %[[WAITED]]
// CHECK: %[[ALL:.*]] = tile.group_wait %[[SUMS]] pending 0
// CHECK: tile.for_each %[[ALL]]
// CHECK: vector.store %{{.*}}, %arg2
func.func @dense(%x: memref<?x512xbf16>, %w: memref<512x256xbf16>, %y: memref<?x256xf32>) {
  dither.contract x(%x : memref<?x512xbf16>) w(%w : memref<512x256xbf16>) into(%y : memref<?x256xf32>)
  return
}

// Of few rows the result is transposed: the matrix is the first operand, its columns the rows of the instruction, and elements of a column are stored one by one.
// CHECK-LABEL: @few
// CHECK: gpu.launch blocks({{.*}}) in (%{{.*}} = %c1, %{{.*}} = %c2,
// CHECK: %[[X:.*]] = tile.place %{{.*}} as <4, 64x16xbf16, <offset = {{\[\[}}1, 0],
// CHECK: %[[W:.*]] = tile.place %{{.*}} as <4, 128x64xbf16, <offset = {{\[\[}}1, 0],
// CHECK: %[[XMAP:.*]] = tile.describe %arg0 : memref<3x128xbf16> as <16x64xbf16, 128>
// CHECK: %[[WMAP:.*]] = tile.describe %arg1 : memref<128x256xbf16> as <64x64xbf16, 128>
// CHECK: scf.for %[[K:.*]] = %c0
// CHECK: tile.expect %{{.*}}, 18432
// CHECK: tile.fetch %[[XMAP]][%[[K]], %c0] to %[[X]]
// CHECK: tile.fetch %[[WMAP]][%{{.*}}, %[[K]]] to %[[W]]
// CHECK: tile.group_mma %[[W]][%{{.*}}], %[[X]][%{{.*}}], %{{.*}} -> row: 128, column: 16>>
// CHECK: tile.for_each
// CHECK-COUNT-2: memref.store %{{.*}}, %arg2
func.func @few(%x: memref<3x128xbf16>, %w: memref<128x256xbf16>, %y: memref<3x256xf32>) {
  dither.contract x(%x : memref<3x128xbf16>) w(%w : memref<128x256xbf16>) into(%y : memref<3x256xf32>)
  return
}

// Tiles are as the matrices are: elements of a column side by side.
// CHECK-LABEL: @transposed
// CHECK: %[[X:.*]] = tile.place %{{.*}} as <4, 128x64xf16, <offset = {{\[\[}}1, 0],
// CHECK: %[[W:.*]] = tile.place %{{.*}} as <4, 64x128xf16, <offset = {{\[\[}}1, 0],
// CHECK: %[[XMAP:.*]] = tile.describe %arg0 : memref<128x72xf16> as <64x64xf16, 128>
// CHECK: %[[WMAP:.*]] = tile.describe %arg1 : memref<136x128xf16> as <128x64xf16, 128>
// CHECK: scf.for %[[K:.*]] = %c0
// CHECK: tile.fetch %[[XMAP]][%c0, %[[K]]] to %[[X]]
// CHECK: tile.fetch %[[WMAP]][%[[K]], %{{.*}}] to %[[W]]
// CHECK: tile.group_mma %[[X]][%{{.*}}], %[[W]][
func.func @transposed(%x: memref<128x72xf16>, %w: memref<136x128xf16>, %y: memref<72x136xf32>) {
  dither.contract x(%x : memref<128x72xf16>) w(%w : memref<136x128xf16>) into(%y : memref<72x136xf32>) {transpose_x, transpose_w}
  return
}

// Where there is enough for all multiprocessors, tiles are larger. Who multiplies takes registers of who fetches.
// CHECK-LABEL: @large
// CHECK: tile.place %{{.*}} as <4, 128x64xbf16,
// CHECK: tile.place %{{.*}} as <4, 64x256xbf16,
// CHECK: tile.role first 0 warps 4 registers 40 {
// CHECK: tile.expect %{{.*}}, 49152
// CHECK: tile.role first 4 warps 8 registers 232 {
func.func @large(%x: memref<4096x4096xbf16>, %w: memref<4096x4096xbf16>, %y: memref<4096x4096xf32>) {
  dither.contract x(%x : memref<4096x4096xbf16>) w(%w : memref<4096x4096xbf16>) into(%y : memref<4096x4096xf32>)
  return
}

// Weights are decoded by all producers, who publish them. A stage is full when their warps have come, and the tile of x. They keep their registers.
// CHECK-LABEL: @packed
// CHECK: %[[X:.*]] = tile.place %{{.*}} as <4, 128x64xbf16,
// CHECK: %[[W:.*]] = tile.place %{{.*}} as <4, 64x128xbf16,
// CHECK-COUNT-1: tile.describe %arg0
// CHECK-NOT: tile.describe
// CHECK: tile.init_barriers %[[FULL:.*]], 5 :
// CHECK: tile.init_barriers %[[EMPTY:.*]], 8 :
// CHECK: tile.role first 0 warps 4 {
// CHECK: scf.for
// CHECK: tile.wait %[[EMPTY]]
// CHECK: scf.if
// CHECK-NEXT: tile.expect %[[FULL]][%[[STAGE:.*]]], 16384
// CHECK-NEXT: tile.fetch
// CHECK-NEXT: }
// CHECK: arith.truncf %{{.*}} to vector<{{[0-9]}}xbf16>
// CHECK: tile.write %{{.*}}, %[[W]][%[[STAGE]],
// CHECK: tile.publish
// CHECK-NEXT: tile.arrive %[[FULL]][%[[STAGE]]]
// CHECK: tile.role first 4 warps 8 {
// CHECK: tile.group_mma %[[X]]
func.func @packed(%x: memref<200x256xbf16>, %codes: memref<128x128xi8>, %scales: memref<8x128xf32>, %y: memref<200x128xf32>) {
  dither.contract x(%x : memref<200x256xbf16>) w(%codes, %scales : memref<128x128xi8>, memref<8x128xf32>) into(%y : memref<200x128xf32>)
    {dense = tensor<256x128xf32>, format = #dither.int<bits = 4, group = 32>}
  return
}

// TMA gathers no rows, and reads none that begin elsewhere than at multiples of 16 bytes, or of an unknown length: these are products by mma.sync.
// CHECK-LABEL: @gathered
// CHECK-NOT: tile.group_mma
// CHECK: tile.copy %arg1[{{.*}}] rows(%arg2
// CHECK: tile.mma
func.func @gathered(%x: memref<20x48xbf16>, %w: memref<100x64xbf16>, %r: memref<48xi32>, %y: memref<20x64xf32>) {
  dither.contract x(%x : memref<20x48xbf16>) w(%w : memref<100x64xbf16>) rows(%r : memref<48xi32>) into(%y : memref<20x64xf32>)
  return
}

// CHECK-LABEL: @odd_matrix
// CHECK-NOT: tile.group_mma
// CHECK: tile.mma
func.func @odd_matrix(%x: memref<100x64xbf16>, %w: memref<64x36xbf16>, %y: memref<100x36xf32>) {
  dither.contract x(%x : memref<100x64xbf16>) w(%w : memref<64x36xbf16>) into(%y : memref<100x36xf32>)
  return
}

// CHECK-LABEL: @odd_input
// CHECK-NOT: tile.group_mma
// CHECK: tile.mma
func.func @odd_input(%x: memref<100x60xbf16>, %w: memref<60x64xbf16>, %y: memref<100x64xf32>) {
  dither.contract x(%x : memref<100x60xbf16>) w(%w : memref<60x64xbf16>) into(%y : memref<100x64xf32>)
  return
}

// CHECK-LABEL: @odd_offset
// CHECK-NOT: tile.group_mma
// CHECK: tile.mma
func.func @odd_offset(%x: memref<100x64xbf16, strided<[72, 1], offset: 4>>, %w: memref<64x64xbf16>, %y: memref<100x64xf32>) {
  dither.contract x(%x : memref<100x64xbf16, strided<[72, 1], offset: 4>>) w(%w : memref<64x64xbf16>) into(%y : memref<100x64xf32>)
  return
}

// CHECK-LABEL: @unknown
// CHECK-NOT: tile.group_mma
// CHECK: tile.mma
func.func @unknown(%x: memref<100x64xbf16>, %w: memref<64x?xbf16>, %y: memref<100x?xf32>) {
  dither.contract x(%x : memref<100x64xbf16>) w(%w : memref<64x?xbf16>) into(%y : memref<100x?xf32>)
  return
}

// Elements of 32 bits have other kernels.
// CHECK-LABEL: @single
// CHECK-NOT: tile.
// CHECK: gpu.barrier
// CHECK-NOT: tile.
func.func @single(%x: memref<100x64xf32>, %w: memref<64x64xf32>, %y: memref<100x64xf32>) {
  dither.contract x(%x : memref<100x64xf32>) w(%w : memref<64x64xf32>) into(%y : memref<100x64xf32>)
  return
}
