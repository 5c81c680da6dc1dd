// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-tile-to-nvvm))" | FileCheck %s

!sums = !tile.registers<16x8xf32, <register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 8>>
!a = !tile.registers<16x16xbf16, <register = [[0, 1], [8, 0], [0, 8]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 16>>
!b = !tile.registers<16x8xbf16, <register = [[1, 0], [8, 0]], lane = [[2, 0], [4, 0], [0, 1], [0, 2], [0, 4]], warp = [] -> row: 16, column: 8>>
!as = !tile.shared<3, 16x16xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [1, 0], [2, 0], [4, 8], [8, 0]] -> row: 16, column: 16>>
!bs = !tile.shared<3, 16x8xbf16, <offset = [[0, 1], [0, 2], [0, 4], [1, 0], [2, 0], [4, 0], [8, 0]] -> row: 16, column: 8>>

// Rows of x are multiples of 16 bytes and are copied asynchronously, of those that exist; those of w have an unknown length: its elements go one by one.
// The matrix a is read by one instruction, b by a transposing one: its rows lie side by side.
// CHECK-LABEL: gpu.func @product
// CHECK: %[[READ:.*]] = arith.select %{{.*}}, %c16_i32, %c0_i32
// CHECK: nvvm.cp.async.shared.global %{{.*}}, %{{.*}}, 16, cache = cg, %[[READ]]
// Half of the lanes have eight elements of it.
// CHECK: scf.if %{{.*}} {
// CHECK-COUNT-8: scf.if %{{.*}} -> (i16)
// CHECK-NOT: scf.if
// CHECK: nvvm.cp.async.commit.group
// CHECK: nvvm.ldmatrix %{{.*}} {eltType = #nvvm.ld_st_matrix_elt_type<b16>, layout = #nvvm.mma_layout<row>, num = 4 : i32
// CHECK: nvvm.ldmatrix %{{.*}} {eltType = #nvvm.ld_st_matrix_elt_type<b16>, layout = #nvvm.mma_layout<col>, num = 2 : i32
// CHECK: nvvm.mma.sync A[%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}] B[%{{.*}}, %{{.*}}] C[
// CHECK-SAME: multiplicandAPtxType = #nvvm.mma_type<bf16>
// CHECK-COUNT-2: vector.store %{{.*}}, %{{.*}} : memref<16x8xf32>, vector<2xf32>
// CHECK-NOT: tile.
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
