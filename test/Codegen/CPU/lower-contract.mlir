// RUN: dither-opt %s --dither-lower-contract --split-input-file | FileCheck %s
// RUN: dither-opt %s --dither-lower-contract="lanes=8 rows=4 permute=false" --split-input-file | FileCheck %s --check-prefix=AVX2

// A register tile of 8 rows by 2 vectors accumulates over the whole contraction, then the rows and the columns that are left.
// CHECK-LABEL: @dense
// CHECK: scf.for {{.*}} step %c32
// CHECK: scf.for {{.*}} step %c8
// CHECK: scf.for {{.*}} iter_args
// CHECK-COUNT-2: vector.load {{.*}} vector<16xf32>
// CHECK: vector.fma {{.*}} : vector<16xf32>
// CHECK: vector.create_mask
// CHECK: vector.maskedload
// CHECK: vector.maskedstore
// AVX2-LABEL: @dense
// AVX2: vector.fma {{.*}} : vector<8xf32>
func.func @dense(%x: memref<20x64xf32>, %w: memref<64x70xf32>, %y: memref<20x70xf32>) {
  dither.contract x(%x : memref<20x64xf32>) w(%w : memref<64x70xf32>) into(%y : memref<20x70xf32>)
  return
}

// -----

// An unknown number of rows: tiles of 8, then of 4, 2 and 1.
// CHECK-LABEL: @rows
// CHECK: scf.for {{.*}} step %c8
// CHECK: scf.for {{.*}} step %c4
// CHECK: scf.for {{.*}} step %c2
// CHECK: scf.for {{.*}} step %c1
func.func @rows(%x: memref<?x64xf32>, %w: memref<64x32xf32>, %y: memref<?x32xf32>) {
  dither.contract x(%x : memref<?x64xf32>) w(%w : memref<64x32xf32>) into(%y : memref<?x32xf32>)
  return
}

// -----

// 2:4 e2m1: only packed bytes are read; of each group of x a permute takes the elements that the weights meet.
// CHECK-LABEL: @packed
// CHECK-NOT: memref<64x16xf32>
// CHECK: vector.load {{.*}} memref<8x16xi8>, vector<16xi8>
// CHECK: vector.load {{.*}} memref<16x16xi8>, vector<16xi8>
// CHECK: vector.load {{.*}} memref<2x16xi8>, vector<16xi8>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpermilvar.ps.512"
// CHECK: vector.fma
// AVX2-LABEL: @packed
// AVX2-NOT: call_intrinsic
// AVX2: vector.fma
func.func @packed(%x: memref<?x64xf32>, %codes: memref<16x16xi8>, %indices: memref<8x16xi8>, %scales: memref<2x16xi8>, %y: memref<?x16xf32>) {
  dither.contract x(%x : memref<?x64xf32>) w(%codes, %indices, %scales : memref<16x16xi8>, memref<8x16xi8>, memref<2x16xi8>)
    into(%y : memref<?x16xf32>)
    {dense = tensor<64x16xf32>, pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
  return
}

// -----

// Large work of known columns is cut among threads.
// CHECK-LABEL: @threads
// CHECK: scf.parallel
func.func @threads(%x: memref<256x512xf32>, %w: memref<512x128xf32>, %y: memref<256x128xf32>) {
  dither.contract x(%x : memref<256x512xf32>) w(%w : memref<512x128xf32>) into(%y : memref<256x128xf32>)
  return
}

// -----

// No columns, no rows: no loops. No contraction: zero.
// CHECK-LABEL: @empty
// CHECK-NOT: scf.for
// CHECK: return
func.func @empty(%x: memref<0x8xf32>, %w: memref<8x0xf32>, %y: memref<0x0xf32>) {
  dither.contract x(%x : memref<0x8xf32>) w(%w : memref<8x0xf32>) into(%y : memref<0x0xf32>)
  return
}
// CHECK-LABEL: @zero
// CHECK-NOT: vector.fma
// CHECK: vector.maskedstore
func.func @zero(%x: memref<1x0xf32>, %w: memref<0x3xf32>, %y: memref<1x3xf32>) {
  dither.contract x(%x : memref<1x0xf32>) w(%w : memref<0x3xf32>) into(%y : memref<1x3xf32>)
  return
}
