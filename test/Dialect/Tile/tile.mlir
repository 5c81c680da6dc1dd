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
