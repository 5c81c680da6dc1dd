// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s

// Where weights have a pattern, codes of x are multiplied as floats, and the scale of a row multiplies its sums.
// CHECK-LABEL: @pattern
// CHECK-SAME: (%[[X:[^:]*]]: memref<8x64xi8>, %[[SCALES:[^:]*]]: memref<8x1xf32>,
// CHECK: %[[CODE:.*]] = memref.load %[[X]]
// CHECK: arith.sitofp %[[CODE]] : i8 to f32
// CHECK: gpu.barrier
// CHECK: vector.fma
// CHECK: gpu.barrier
// CHECK: %[[SCALE:.*]] = memref.load %[[SCALES]][%{{.*}}, %c0]
// CHECK: %[[WIDE:.*]] = vector.broadcast %[[SCALE]] : f32 to vector<4xf32>
// CHECK: %[[SUM:.*]] = arith.mulf %{{.*}}, %[[WIDE]]
// CHECK: vector.store %[[SUM]], %{{.*}} : memref<8x64xf32>
func.func @pattern(%x: memref<8x64xi8>, %xscales: memref<8x1xf32>, %codes: memref<16x64xi8>, %positions: memref<8x64xi8>,
                   %scales: memref<2x64xf32>, %y: memref<8x64xf32>) {
  dither.contract x(%x : memref<8x64xi8>) activations(%xscales : memref<8x1xf32>)
    w(%codes, %positions, %scales : memref<16x64xi8>, memref<8x64xi8>, memref<2x64xf32>) into(%y : memref<8x64xf32>)
    {dense = tensor<64x64xf32>, pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4, group = 32>}
  return
}

// Bytes meet bytes: x is copied, words of the matrix lose their offset. The scale of a column comes behind all products.
// CHECK-LABEL: @columns
// CHECK-SAME: (%[[X:[^:]*]]: memref<40x192xi8>, %[[SCALES:[^:]*]]: memref<40x1xf32>,
// CHECK-DAG: %[[HIGHEST:.*]] = arith.constant dense<-2139062144> : vector<4xi32>
// CHECK: tile.place %{{.*}} as <3, 64x64xi8,
// CHECK: tile.place %{{.*}} as <3, 64x128xi8,
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %{{.*}}) -> (!tile.registers<64x128xi32,
// CHECK: tile.copy %[[X]]
// CHECK: arith.xori %{{.*}}, %[[HIGHEST]]
// CHECK: tile.write {{.*}} : vector<16xi8>
// CHECK: tile.mma
// CHECK: scf.yield %{{.*}} : !tile.registers<64x128xi32,
// CHECK: tile.combine
// CHECK: arith.sitofp
// CHECK: vector.fma
// CHECK: tile.for_each
// CHECK: memref.load %[[SCALES]]
func.func @columns(%x: memref<40x192xi8>, %xscales: memref<40x1xf32>, %xstarts: memref<40x1xi32>, %codes: memref<192x64xi8>,
                   %scales: memref<1x64xf32>, %y: memref<40x64xf32>) {
  dither.contract x(%x : memref<40x192xi8>) activations(%xscales, %xstarts : memref<40x1xf32>, memref<40x1xi32>)
    w(%codes, %scales : memref<192x64xi8>, memref<1x64xf32>) into(%y : memref<40x64xf32>)
    {dense = tensor<192x64xf32>, format = #dither.int<bits = 8>}
  return
}

// With groups, sums of f32 are carried, too. Of 32 elements, each tile is one; of more, those that end a group are added.
// CHECK-LABEL: @groups
// CHECK: tile.place %{{.*}} as <3, 16x32xi8,
// CHECK: scf.for {{.*}} -> (!tile.registers<16x128xi32, {{.*}}, !tile.registers<16x128xf32,
// CHECK: tile.mma
// CHECK-NOT: scf.if
// CHECK: tile.combine
// CHECK: tile.for_each
// CHECK-LABEL: @long_groups
// CHECK: tile.place %{{.*}} as <3, 16x64xi8,
// CHECK: tile.mma
// CHECK: scf.if %{{.*}} -> (!tile.registers<16x128xi32, {{.*}}, !tile.registers<16x128xf32,
// CHECK: tile.combine
// CHECK: } else {
// CHECK: tile.for_each
func.func @groups(%x: memref<8x64xi8>, %xscales: memref<8x1xf32>, %xstarts: memref<8x2xi32>, %codes: memref<32x64xi8>, %scales: memref<2x64xf32>,
                  %y: memref<8x64xf32>) {
  dither.contract x(%x : memref<8x64xi8>) activations(%xscales, %xstarts : memref<8x1xf32>, memref<8x2xi32>)
    w(%codes, %scales : memref<32x64xi8>, memref<2x64xf32>) into(%y : memref<8x64xf32>)
    {dense = tensor<64x64xf32>, format = #dither.int<bits = 4, group = 32>}
  return
}
func.func @long_groups(%x: memref<8x256xi8>, %xscales: memref<8x1xf32>, %xstarts: memref<8x2xi32>, %codes: memref<256x64xi8>,
                       %scales: memref<2x64xf32>, %y: memref<8x64xf32>) {
  dither.contract x(%x : memref<8x256xi8>) activations(%xscales, %xstarts : memref<8x1xf32>, memref<8x2xi32>)
    w(%codes, %scales : memref<256x64xi8>, memref<2x64xf32>) into(%y : memref<8x64xf32>)
    {dense = tensor<256x64xf32>, format = #dither.int<bits = 8, group = 128>}
  return
}
