// RUN: dither-opt %s | dither-opt | FileCheck %s

!sums = !tile.registers<16x8xf32, <register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 8>>
!a = !tile.registers<16x16xbf16, <register = [[0, 1], [8, 0], [0, 8]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 16>>
!b = !tile.registers<16x8xbf16, <register = [[1, 0], [8, 0]], lane = [[2, 0], [4, 0], [0, 1], [0, 2], [0, 4]], warp = [] -> row: 16, column: 8>>
!as = !tile.shared<3, 16x16xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [1, 0], [2, 0], [4, 8], [8, 0]] -> row: 16, column: 16>>
!bs = !tile.shared<3, 16x8xbf16, <offset = [[0, 1], [0, 2], [0, 4], [1, 0], [2, 0], [4, 0], [8, 0]] -> row: 16, column: 8>>

// CHECK-LABEL: gpu.func @product
// CHECK: %[[A:.*]] = tile.place %{{.*}} as <3, 16x16xbf16, <offset = {{.*}} -> row: 16, column: 16>>
// CHECK: tile.copy %{{.*}}[%c0, %c0] to %[[A]][%c0] : memref<?x64xbf16>, <3, 16x16xbf16,
// CHECK: tile.load %[[A]][%c0] : <3, 16x16xbf16, {{.*}} -> <16x16xbf16,
// CHECK: tile.fill 0.000000e+00 : <16x8xf32,
// CHECK: tile.mma
// CHECK: tile.for_each
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %{{.*}}: vector<2xf32>):
gpu.module @kernels {
  gpu.func @product(%x: memref<?x64xbf16>, %w: memref<64x?xbf16>, %y: memref<16x8xf32>)
      workgroup(%am: memref<768xbf16, #gpu.address_space<workgroup>>, %bm: memref<384xbf16, #gpu.address_space<workgroup>>) kernel
      attributes {known_block_size = array<i32: 32, 1, 1>} {
    %c0 = arith.constant 0 : index
    %as = tile.place %am : memref<768xbf16, #gpu.address_space<workgroup>> as !as
    %bs = tile.place %bm : memref<384xbf16, #gpu.address_space<workgroup>> as !bs
    tile.copy %x[%c0, %c0] to %as[%c0] : memref<?x64xbf16>, !as
    tile.copy %w[%c0, %c0] to %bs[%c0] : memref<64x?xbf16>, !bs
    nvvm.cp.async.commit.group
    nvvm.cp.async.wait.group 0
    gpu.barrier
    %a = tile.load %as[%c0] : !as -> !a
    %b = tile.load %bs[%c0] : !bs -> !b
    %zero = tile.fill 0.0 : !sums
    %d = tile.mma %a, %b, %zero : !a, !b, !sums
    tile.for_each %d : !sums {
    ^bb0(%row: index, %column: index, %values: vector<2xf32>):
      vector.store %values, %y[%row, %column] : memref<16x8xf32>, vector<2xf32>
    }
    gpu.return
  }
}

// With positions of rows, and elements that a thread has.
// CHECK-LABEL: func.func @others
// CHECK: tile.copy %{{.*}}[%{{.*}}, %{{.*}}] rows(%{{.*}} : memref<16xi32>) to
// CHECK: tile.write %{{.*}}, %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}] : vector<4xbf16>,
func.func @others(%w: memref<64x8xbf16>, %rows: memref<16xi32>, %tiles: !bs, %values: vector<4xbf16>, %i: index) {
  tile.copy %w[%i, %i] rows(%rows : memref<16xi32>) to %tiles[%i] : memref<64x8xbf16>, !bs
  tile.write %values, %tiles[%i, %i, %i] : vector<4xbf16>, !bs
  return
}

// Bytes: a block of four rows and columns is written at once, and sums are integers until they are combined with others.
!codes = !tile.registers<16x32xi8, <register = [[0, 1], [0, 2], [8, 0], [0, 16]], lane = [[0, 4], [0, 8], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 32>>
!weights = !tile.registers<32x8xi8, <register = [[1, 0], [2, 0], [16, 0]], lane = [[4, 0], [8, 0], [0, 1], [0, 2], [0, 4]], warp = [] -> row: 32, column: 8>>
!integers = !tile.registers<16x8xi32, <register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 8>>
!floats = !tile.registers<16x8xf32, <register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 8>>
!codesMemory = !tile.shared<1, 16x32xi8, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [1, 0], [2, 0], [4, 0], [8, 0]] -> row: 16, column: 32>>
!weightsMemory = !tile.shared<1, 32x8xi8, <offset = [[1, 0], [2, 0], [0, 1], [0, 2], [0, 4], [4, 0], [8, 0], [16, 0]] -> row: 32, column: 8>>

// CHECK-LABEL: gpu.func @integers
// CHECK: tile.copy %{{.*}} : memref<?x64xi8>, <1, 16x32xi8,
// CHECK: tile.write %{{.*}} : vector<16xi8>, <1, 32x8xi8,
// CHECK: tile.fill 3.000000e+00 : <16x8xi32,
// CHECK: tile.mma {{.*}} : <16x32xi8, {{.*}}, <32x8xi8, {{.*}}, <16x8xi32,
// CHECK: tile.combine %{{.*}}, %{{.*}} : <16x8xf32, {{.*}}, <16x8xi32, {{.*}} {
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %{{.*}}: vector<2xf32>, %{{.*}}: vector<2xi32>):
// CHECK: tile.yield %{{.*}} : vector<2xf32>
gpu.module @bytes {
  gpu.func @integers(%x: memref<?x64xi8>, %values: vector<16xi8>, %y: memref<16x8xf32>)
      workgroup(%am: memref<512xi8, #gpu.address_space<workgroup>>, %bm: memref<256xi8, #gpu.address_space<workgroup>>) kernel
      attributes {known_block_size = array<i32: 32, 1, 1>} {
    %c0 = arith.constant 0 : index
    %as = tile.place %am : memref<512xi8, #gpu.address_space<workgroup>> as !codesMemory
    %bs = tile.place %bm : memref<256xi8, #gpu.address_space<workgroup>> as !weightsMemory
    tile.copy %x[%c0, %c0] to %as[%c0] : memref<?x64xi8>, !codesMemory
    tile.write %values, %bs[%c0, %c0, %c0] : vector<16xi8>, !weightsMemory
    %a = tile.load %as[%c0] : !codesMemory -> !codes
    %b = tile.load %bs[%c0] : !weightsMemory -> !weights
    %none = tile.fill 3.0 : !integers
    %d = tile.mma %a, %b, %none : !codes, !weights, !integers
    %zero = tile.fill 0.0 : !floats
    %sums = tile.combine %zero, %d : !floats, !integers {
    ^bb0(%row: index, %column: index, %before: vector<2xf32>, %products: vector<2xi32>):
      %wide = arith.sitofp %products : vector<2xi32> to vector<2xf32>
      %sum = arith.addf %wide, %before : vector<2xf32>
      tile.yield %sum : vector<2xf32>
    }
    tile.for_each %sums : !floats {
    ^bb0(%row: index, %column: index, %each: vector<2xf32>):
      vector.store %each, %y[%row, %column] : memref<16x8xf32>, vector<2xf32>
    }
    gpu.return
  }
}
