// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s

// A thread decodes as many rows of four columns as whole words hold: eight codes of four bits, under one scale. Nothing is unpacked in global memory.
// CHECK-LABEL: @int4
// CHECK-SAME: %[[SCALES:[^:]*]]: memref<2x64xf32>
// CHECK-NOT: memref.alloc
// CHECK: gpu.launch
// CHECK-SAME: , %[[WT:[^ ]*]] : memref<32x64xf32, #gpu.address_space<workgroup>>) {
// CHECK: scf.if {{.*}} -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>)
// CHECK: vector.load {{.*}} : memref<8x256xi8>, vector<16xi8>
// CHECK: vector.bitcast {{.*}} : vector<16xi8> to vector<4xi32>
// CHECK: vector.load %[[SCALES]]
// CHECK-COUNT-8: vector.store %{{.*}}, %[[WT]]
// CHECK-NOT: vector.store
// CHECK: gpu.barrier
func.func @int4(%x: memref<?x64xf32>, %codes: memref<32x64xi8>, %scales: memref<2x64xf32>, %y: memref<?x64xf32>) {
  dither.contract x(%x : memref<?x64xf32>) w(%codes, %scales : memref<32x64xi8>, memref<2x64xf32>) into(%y : memref<?x64xf32>)
    {dense = tensor<64x64xf32>, format = #dither.int<bits = 4, group = 32>}
  return
}

// Of 2 : 4, 32 rows of the matrix come from 16 codes and their indices, eight and sixteen of which are a word: a weight goes to the row that its
// index says, and the others are zero. Of so many rows a thread has two columns, lest they leave the registers.
// CHECK-LABEL: @sparse
// CHECK: vector.load {{.*}} : memref<2x64xi8>, vector<8xi8>
// CHECK-COUNT-2: vector.load {{.*}} : memref<4x64xi8>, vector<8xi8>
// CHECK-NOT: memref<4x64xi8>
// CHECK-COUNT-64: arith.select {{.*}} : vector<2xi1>, vector<2xf32>
// CHECK-NOT: arith.select {{.*}} vector<2xf32>
// CHECK-COUNT-32: vector.store
// CHECK-NOT: vector.store
// CHECK: gpu.barrier
func.func @sparse(%x: memref<8x64xf32>, %codes: memref<16x16xi8>, %indices: memref<8x16xi8>, %scales: memref<2x16xf32>, %y: memref<8x16xf32>) {
  dither.contract x(%x : memref<8x64xf32>) w(%codes, %indices, %scales : memref<16x16xi8>, memref<8x16xi8>, memref<2x16xf32>)
    into(%y : memref<8x16xf32>)
    {dense = tensor<64x16xf32>, pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4, group = 32>}
  return
}

// Of a transpose, the words lie along the columns of the result, and elements go to the tile one by one.
// CHECK-LABEL: @transposed
// CHECK: scf.if {{.*}} -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>)
// CHECK: vector.load {{.*}} : memref<4x256xi8>, vector<16xi8>
// CHECK-COUNT-32: vector.extract
// CHECK-NOT: vector.extract
// CHECK: gpu.barrier
func.func @transposed(%x: memref<8x64xf32>, %w: memref<16x64xi8>, %ws: memref<1x64xf32>, %y: memref<8x32xf32>) {
  dither.contract x(%x : memref<8x64xf32>) w(%w, %ws : memref<16x64xi8>, memref<1x64xf32>) into(%y : memref<8x32xf32>)
    {dense = tensor<32x64xf32>, format = #dither.int<bits = 4, group = 32>, transpose_w}
  return
}
