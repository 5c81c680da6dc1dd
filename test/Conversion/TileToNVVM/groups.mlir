// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-tile-to-nvvm,canonicalize,cse))" | FileCheck %s

!a = !tile.shared<4, 128x32xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [1, 0], [2, 8], [4, 16], [8, 0], [16, 0], [32, 0], [64, 0]] -> row: 128, column: 32>>
!b = !tile.shared<4, 32x16xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [1, 0], [2, 0], [4, 8], [8, 0], [16, 0]] -> row: 32, column: 16>>
!sums = !tile.registers<128x16xf32, <register = [[0, 1], [8, 0], [0, 8], [64, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 128, column: 16>>
!columns = !tile.shared<1, 128x64xf16, <offset = [[1, 0], [2, 0], [4, 0], [8, 0], [16, 0], [32, 0], [8, 1], [16, 2], [32, 4], [0, 8], [0, 16], [0, 32], [64, 0]] -> row: 128, column: 64>>
!along = !tile.shared<1, 64x16xf16, <offset = [[1, 0], [2, 0], [4, 0], [8, 0], [16, 0], [32, 0], [8, 1], [16, 2], [32, 4], [0, 8]] -> row: 64, column: 16>>
!pair = !tile.registers<128x16xf32, <register = [[0, 1], [8, 0], [0, 8]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0], [64, 0]] -> row: 128, column: 16>>
!half = !tile.shared<1, 64x32xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [1, 0], [2, 8], [4, 16], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 32>>
!deep = !tile.shared<1, 64x16xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [1, 0], [2, 0], [4, 8], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 16>>
!words = !tile.shared<1, 4x64xi16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [0, 32], [1, 0], [2, 0]] -> row: 4, column: 64>>
!positions = !tile.registers<4x64xi16, <register = [[0, 1]], lane = [[0, 2], [0, 4], [0, 8], [0, 16], [0, 32]], warp = [[1, 0], [2, 0]] -> row: 4, column: 64>>
!held = !tile.registers<64x32xbf16, <register = [[0, 16], [8, 0], [0, 8], [0, 1]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 32>>
!small = !tile.shared<1, 32x16xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [16, 0], [2, 0], [4, 8], [8, 0], [1, 0]] -> row: 32, column: 16>>
!one = !tile.registers<64x16xf32, <register = [[0, 1], [8, 0], [0, 8]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 16>>
!bytesA = !tile.shared<1, 64x64xi8, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [0, 32], [1, 0], [2, 16], [4, 32], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 64>>
!bytesB = !tile.shared<1, 64x16xi8, <offset = [[1, 0], [2, 0], [4, 0], [8, 0], [16, 0], [32, 0], [0, 1], [16, 2], [32, 4], [0, 8]] -> row: 64, column: 16>>
!integers = !tile.registers<64x16xi32, <register = [[0, 1], [8, 0], [0, 8]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 16>>

gpu.module @kernels {
  // One group of warps, 128 rows in two instructions, 32 elements of the contraction in two steps: for each step, all rows. A is along the contraction: its
  // rows have 64 bytes (swizzle 2), eight of them 512, and a step is 32 bytes further. B has 16 columns side by side, 32 bytes (swizzle 3): eight rows of the
  // contraction have 256 bytes, a panel 1024, and a step is 512 bytes further. 64 rows of A are 4096 bytes, which are 256 in a descriptor.
  // 0x8000002000010000 and 0xC000001000400000.
  // CHECK-LABEL: gpu.func @steps
  // CHECK-DAG: %[[A:.*]] = arith.constant -9223371899415756800 : i64
  // CHECK-DAG: %[[B:.*]] = arith.constant -4611685949703716864 : i64
  // CHECK-DAG: %[[ADDRESS:.*]] = arith.constant 262143 : i64
  // CHECK: arith.muli %{{.*}}, %c4096 : index
  // CHECK: arith.muli %{{.*}}, %c512 : index
  // CHECK: tile.wgmma_fence
  // CHECK: llvm.ptrtoint
  // CHECK-NEXT: %[[PLACE:.*]] = arith.andi %{{.*}}, %[[ADDRESS]]
  // CHECK-NEXT: %[[UNITS:.*]] = arith.shrui %[[PLACE]], %c4_i64
  // CHECK-NEXT: %[[A0:.*]] = arith.ori %[[UNITS]], %[[A]]
  // CHECK: %[[B0:.*]] = arith.ori %{{.*}}, %[[B]]
  // CHECK-NEXT: %[[LOW:.*]]:8 = tile.wgmma bf16 n 16 k 16 a() matrix %[[A0]] b %[[B0]] sums({{.*}}) {transposedA = false, transposedB = true}
  // CHECK-NEXT: %[[A1:.*]] = arith.addi %[[A0]], %c256_i64
  // CHECK-NEXT: %[[HIGH:.*]]:8 = tile.wgmma bf16 n 16 k 16 a() matrix %[[A1]] b %[[B0]]
  // CHECK-NEXT: %[[A2:.*]] = arith.addi %[[A0]], %c2_i64
  // CHECK-NEXT: %[[B1:.*]] = arith.addi %[[B0]], %c32_i64
  // CHECK-NEXT: %[[LOW2:.*]]:8 = tile.wgmma bf16 n 16 k 16 a() matrix %[[A2]] b %[[B1]] sums(%[[LOW]]#0, %[[LOW]]#1,
  // CHECK-NEXT: %[[A3:.*]] = arith.addi %[[A0]], %c258_i64
  // CHECK-NEXT: %[[HIGH2:.*]]:8 = tile.wgmma bf16 n 16 k 16 a() matrix %[[A3]] b %[[B1]] sums(%[[HIGH]]#0, %[[HIGH]]#1,
  // CHECK-NEXT: nvvm.wgmma.commit.group.sync.aligned
  // CHECK-NEXT: %[[SUMS:.*]]:16 = tile.wgmma_wait 0, %[[LOW2]]#0, {{.*}}, %[[LOW2]]#7, %[[HIGH2]]#0, {{.*}}, %[[HIGH2]]#7 :
  // CHECK: vector.from_elements %[[SUMS]]#0, %[[SUMS]]#1
  gpu.func @steps(%i: index, %y: memref<128x16xf32>)
      workgroup(%am: memref<16384xbf16, #gpu.address_space<workgroup>>, %bm: memref<2048xbf16, #gpu.address_space<workgroup>>) kernel
      attributes {known_block_size = array<i32: 128, 1, 1>} {
    %a = tile.place %am : memref<16384xbf16, #gpu.address_space<workgroup>> as !a
    %b = tile.place %bm : memref<2048xbf16, #gpu.address_space<workgroup>> as !b
    %c = tile.fill 0.0 : !sums
    %d = tile.group_mma %a[%i], %b[%i], %c : !a, !b, !sums
    %e = tile.group_wait %d pending 0 : !sums
    tile.for_each %e : !sums {
    ^bb0(%row: index, %column: index, %values: vector<2xf32>):
      vector.store %values, %y[%row, %column] : memref<128x16xf32>, vector<2xf32>
    }
    gpu.return
  }

  // Two groups of a role, which is behind another: the second one has the second 64 of 128 rows. A has columns of 64 elements side by side, so that it is
  // transposed, and rows 64 to 127 are a panel of 8192 bytes; B lies along the contraction. 0x4000004002000000 and 0x4000004000010000.
  // CHECK-LABEL: gpu.func @groups
  // CHECK-DAG: %[[A:.*]] = arith.constant 4611686293338849280 : i64
  // CHECK-DAG: %[[B:.*]] = arith.constant 4611686293305360384 : i64
  // CHECK: %[[GROUP:.*]] = arith.shrui %{{.*}}, %c2_i32
  // CHECK: %[[ROWS:.*]] = arith.muli %[[GROUP]], %c64_i32
  // Of the bits of these rows, that of 64 is the one that moves by 4096 elements.
  // CHECK: arith.muli %{{.*}}, %c4096_i32
  // CHECK: tile.wgmma_fence
  // CHECK: arith.ori %{{.*}}, %[[A]]
  // CHECK: arith.ori %{{.*}}, %[[B]]
  // CHECK-COUNT-4: tile.wgmma f16 n 16 k 16 a() matrix %{{.*}} b %{{.*}} sums({{.*}}) {transposedA = true, transposedB = false}
  // CHECK-NOT: tile.wgmma f16
  // CHECK: nvvm.wgmma.commit.group.sync.aligned
  // CHECK: tile.wgmma_wait 1,
  gpu.func @groups(%y: memref<128x16xf32>)
      workgroup(%am: memref<8192xf16, #gpu.address_space<workgroup>>, %bm: memref<1024xf16, #gpu.address_space<workgroup>>) kernel
      attributes {known_block_size = array<i32: 384, 1, 1>} {
    %zero = arith.constant 0 : index
    %a = tile.place %am : memref<8192xf16, #gpu.address_space<workgroup>> as !columns
    %b = tile.place %bm : memref<1024xf16, #gpu.address_space<workgroup>> as !along
    tile.role first 4 warps 8 {
      %c = tile.fill 0.0 : !pair
      %d = tile.group_mma %a[%zero], %b[%zero], %c : !columns, !along, !pair
      %e = tile.group_wait %d pending 1 : !pair
      tile.for_each %e : !pair {
      ^bb0(%row: index, %column: index, %values: vector<2xf32>):
        vector.store %values, %y[%row, %column] : memref<128x16xf32>, vector<2xf32>
      }
    }
    gpu.return
  }

  // A has half of the elements, so that a step of 32 along the contraction is 32 bytes of it. The metadata of 64 elements serve two steps.
  // CHECK-LABEL: gpu.func @sparse
  // CHECK: tile.wgmma bf16 n 16 k 32 a() matrix %[[A0:.*]] b %[[B0:.*]] metadata %[[M:.*]] sums(
  // CHECK-SAME: {transposedA = false, transposedB = true}
  // CHECK: %[[A1:.*]] = arith.addi %[[A0]], %c2_i64
  // CHECK: %[[B1:.*]] = arith.addi %[[B0]], %c64_i64
  // CHECK: tile.wgmma bf16 n 16 k 32 a() matrix %[[A1]] b %[[B1]] metadata %[[M]] sums(
  // CHECK-SAME: selector = 1
  gpu.func @sparse(%y: memref<64x16xf32>)
      workgroup(%am: memref<2048xbf16, #gpu.address_space<workgroup>>, %mm: memref<256xi16, #gpu.address_space<workgroup>>,
                %bm: memref<1024xbf16, #gpu.address_space<workgroup>>) kernel
      attributes {known_block_size = array<i32: 128, 1, 1>} {
    %zero = arith.constant 0 : index
    %a = tile.place %am : memref<2048xbf16, #gpu.address_space<workgroup>> as !half
    %b = tile.place %bm : memref<1024xbf16, #gpu.address_space<workgroup>> as !deep
    %words = tile.place %mm : memref<256xi16, #gpu.address_space<workgroup>> as !words
    %m = tile.load %words[%zero] : !words -> !positions
    %c = tile.fill 0.0 : !one
    %d = tile.group_mma %a[%zero] metadata %m : !positions, %b[%zero], %c : !half, !deep, !one
    %e = tile.group_wait %d pending 0 : !one
    tile.for_each %e : !one {
    ^bb0(%row: index, %column: index, %values: vector<2xf32>):
      vector.store %values, %y[%row, %column] : memref<64x16xf32>, vector<2xf32>
    }
    gpu.return
  }

  // Of a in registers, four words are those of a step. Both have bits 0 and 4 of the contraction exchanged: the instruction takes them for its own.
  // CHECK-LABEL: gpu.func @registers
  // Behind the fence, sums come first.
  // CHECK: %[[WORDS:.*]]:8 = vector.to_elements %{{.*}} : vector<8xi32>
  // CHECK: %[[HELD:.*]]:16 = tile.wgmma_fence {{.*}}, %[[WORDS]]#0, {{.*}}, %[[WORDS]]#7 :
  // CHECK: tile.wgmma bf16 n 16 k 16 a(%[[HELD]]#8, %[[HELD]]#9, %[[HELD]]#10, %[[HELD]]#11) b %[[B0:.*]] sums({{.*}}) {transposedA = false, transposedB = true}
  // CHECK: %[[B1:.*]] = arith.addi %[[B0]], %c32_i64
  // CHECK: tile.wgmma bf16 n 16 k 16 a(%[[HELD]]#12, %[[HELD]]#13, %[[HELD]]#14, %[[HELD]]#15) b %[[B1]] sums(
  gpu.func @registers(%values: vector<16xbf16>, %y: memref<64x16xf32>) workgroup(%bm: memref<512xbf16, #gpu.address_space<workgroup>>) kernel
      attributes {known_block_size = array<i32: 128, 1, 1>} {
    %zero = arith.constant 0 : index
    %a = tile.assemble %values : vector<16xbf16> -> !held
    %b = tile.place %bm : memref<512xbf16, #gpu.address_space<workgroup>> as !small
    %c = tile.fill 0.0 : !one
    %d = tile.group_mma_registers %a, %b[%zero], %c : !held, !small, !one
    %e = tile.group_wait %d pending 0 : !one
    tile.for_each %e : !one {
    ^bb0(%row: index, %column: index, %values2: vector<2xf32>):
      vector.store %values2, %y[%row, %column] : memref<64x16xf32>, vector<2xf32>
    }
    gpu.return
  }

  // Bytes: 64 of them are two steps of 32 bytes, as above.
  // CHECK-LABEL: gpu.func @integers
  // CHECK: %[[FIRST:.*]]:8 = tile.wgmma i8 n 16 k 32 a() matrix %[[A:.*]] b %[[B:.*]] sums({{.*}}) {transposedA = false, transposedB = false}
  // CHECK-NEXT: %[[A1:.*]] = arith.addi %[[A]], %c2_i64
  // CHECK-NEXT: %[[B1:.*]] = arith.addi %[[B]], %c2_i64
  // CHECK-NEXT: tile.wgmma i8 n 16 k 32 a() matrix %[[A1]] b %[[B1]] sums(%[[FIRST]]#0, {{.*}} -> (i32, i32, i32, i32, i32, i32, i32, i32)
  gpu.func @integers(%i: index, %y: memref<64x16xi32>)
      workgroup(%am: memref<4096xi8, #gpu.address_space<workgroup>>, %bm: memref<1024xi8, #gpu.address_space<workgroup>>) kernel
      attributes {known_block_size = array<i32: 128, 1, 1>} {
    %a = tile.place %am : memref<4096xi8, #gpu.address_space<workgroup>> as !bytesA
    %b = tile.place %bm : memref<1024xi8, #gpu.address_space<workgroup>> as !bytesB
    %c = tile.fill 0.0 : !integers
    %d = tile.group_mma %a[%i], %b[%i], %c : !bytesA, !bytesB, !integers
    %e = tile.group_wait %d pending 0 : !integers
    tile.for_each %e : !integers {
    ^bb0(%row: index, %column: index, %values: vector<2xi32>):
      vector.store %values, %y[%row, %column] : memref<64x16xi32>, vector<2xi32>
    }
    gpu.return
  }
}
