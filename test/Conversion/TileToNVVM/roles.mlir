// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-tile-to-nvvm,canonicalize,cse))" | FileCheck %s

// Of 65536 registers, each of 384 threads has 168 at the launch: others become more, or fewer, and 168 stay.
// CHECK-LABEL: gpu.func @registers
// CHECK: %[[THREAD:.*]] = arith.index_cast %thread_id_x : index to i32
// CHECK: %[[WARP:.*]] = arith.shrui %[[THREAD]], %c5_i32
// CHECK: %[[ISFIRST:.*]] = arith.cmpi ult, %[[WARP]], %c4_i32
// CHECK: scf.if %[[ISFIRST]] {
// CHECK-NEXT: nvvm.setmaxregister decrease 40
// CHECK-NEXT: nvvm.fence.proxy {{.*}}
// CHECK-NEXT: }
// CHECK-NEXT: %[[SECOND:.*]] = arith.subi %[[WARP]], %c4_i32
// CHECK-NEXT: %[[ISSECOND:.*]] = arith.cmpi ult, %[[SECOND]], %c4_i32
// CHECK-NEXT: scf.if %[[ISSECOND]] {
// CHECK-NEXT: nvvm.setmaxregister increase 232
// CHECK-NEXT: nvvm.fence.proxy {{.*}}
// CHECK-NEXT: }
// CHECK-NEXT: %[[THIRD:.*]] = arith.subi %[[WARP]], %c8_i32
// CHECK-NEXT: %[[ISTHIRD:.*]] = arith.cmpi ult, %[[THIRD]], %c4_i32
// CHECK-NEXT: scf.if %[[ISTHIRD]] {
// CHECK-NEXT: nvvm.fence.proxy {{.*}}
// CHECK-NEXT: }
// CHECK-NEXT: gpu.return
gpu.module @kernels {
  gpu.func @registers() kernel attributes {known_block_size = array<i32: 384, 1, 1>} {
    tile.role first 0 warps 4 registers 40 {
      tile.publish
    }
    tile.role first 4 warps 4 registers 232 {
      tile.publish
    }
    tile.role first 8 warps 4 registers 168 {
      tile.publish
    }
    gpu.return
  }

  // A role without a number keeps what there is.
  // CHECK-LABEL: gpu.func @none
  // CHECK-NOT: setmaxregister
  // CHECK: arith.subi %{{.*}}, %c7_i32
  // CHECK: arith.cmpi ult, %{{.*}}, %c1_i32
  // CHECK-NOT: setmaxregister
  // CHECK: gpu.return
  gpu.func @none() kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
    tile.role first 7 warps 1 {
      tile.publish
    }
    gpu.return
  }

  // In a role, warps are counted from its first one: layouts name one of four, and threads are those of the block.
  // CHECK-LABEL: gpu.func @inner
  // CHECK: %[[NUMBER:.*]] = arith.index_cast %thread_id_x
  // CHECK: scf.if
  // CHECK: %[[INNER:.*]] = arith.andi %{{.*}}, %c3_i32
  // CHECK: arith.muli %[[INNER]], %c16_i32
  // CHECK: vector.store
  gpu.func @inner(%y: memref<64x8xf32>) kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
    tile.role first 4 warps 4 {
      %c = tile.fill 0.0 : !tile.registers<64x8xf32, <register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 8>>
      tile.for_each %c : !tile.registers<64x8xf32, <register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 8>> {
      ^bb0(%row: index, %column: index, %values: vector<2xf32>):
        vector.store %values, %y[%row, %column] : memref<64x8xf32>, vector<2xf32>
      }
    }
    gpu.return
  }
}
