// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-tile-to-nvvm))" | FileCheck %s

// Bytes: copies of 16, words of a block that four stores would take, ldmatrix for x and words for the weights, a product that wraps around, and sums that become floats.
!codes = !tile.registers<16x32xi8, <register = [[0, 1], [0, 2], [8, 0], [0, 16]], lane = [[0, 4], [0, 8], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 32>>
!weights = !tile.registers<32x8xi8, <register = [[1, 0], [2, 0], [16, 0]], lane = [[4, 0], [8, 0], [0, 1], [0, 2], [0, 4]], warp = [] -> row: 32, column: 8>>
!integers = !tile.registers<16x8xi32, <register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 8>>
!floats = !tile.registers<16x8xf32, <register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 8>>
!codesMemory = !tile.shared<1, 16x32xi8, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [1, 0], [2, 0], [4, 0], [8, 0]] -> row: 16, column: 32>>
!weightsMemory = !tile.shared<1, 32x8xi8, <offset = [[1, 0], [2, 0], [0, 1], [0, 2], [0, 4], [4, 0], [8, 0], [16, 0]] -> row: 32, column: 8>>

// CHECK-LABEL: gpu.func @integers
// CHECK: nvvm.cp.async.shared.global %{{.*}}, %{{.*}}, 16, cache = cg
// CHECK: %[[WORDS:.*]] = vector.bitcast %{{.*}} : vector<16xi8> to vector<4xi32>
// CHECK: llvm.store %[[WORDS]], %{{.*}} {alignment = 16 : i64}
// CHECK: nvvm.ldmatrix %{{.*}} {{.*}}num = 4
// CHECK-COUNT-2: llvm.load %{{.*}} {alignment = 4 : i64} : !llvm.ptr<3> -> i32
// CHECK: arith.constant dense<3> : vector<4xi32>
// CHECK: nvvm.mma.sync {{.*}}intOverflowBehavior = #nvvm.mma_int_overflow<wrapped>{{.*}}multiplicandAPtxType = #nvvm.mma_type<s8>, multiplicandBPtxType = #nvvm.mma_type<s8>, shape = #nvvm.shape<m = 16, n = 8, k = 32>
// CHECK-COUNT-2: arith.sitofp %{{.*}} : vector<2xi32> to vector<2xf32>
// CHECK-NOT: tile.
gpu.module @kernels {
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
