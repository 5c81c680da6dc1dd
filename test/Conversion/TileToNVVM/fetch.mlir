// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-tile-to-nvvm,canonicalize,cse))" | FileCheck %s

!barriers = memref<2xi64, #gpu.address_space<workgroup>>
!shared = memref<16384xbf16, #gpu.address_space<workgroup>>
!rows = !tile.shared<2, 64x128xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [0, 32], [1, 8], [2, 16], [4, 32], [8, 0], [16, 0], [32, 0], [0, 64]] -> row: 64, column: 128>>
!columns = !tile.shared<2, 128x64xbf16, <offset = [[1, 0], [2, 0], [4, 0], [8, 0], [16, 0], [32, 0], [8, 1], [16, 2], [32, 4], [0, 8], [0, 16], [0, 32], [64, 0]] -> row: 128, column: 64>>

gpu.module @kernels {
  // Two panels of 64 columns, each of 64 x 64 elements; a stage has 8192. The innermost coordinate comes first, and is that of the columns.
  // CHECK-LABEL: gpu.func @rows
  // CHECK-SAME: (%[[MAP:.*]]: !tile.map<64x64xbf16, 128>, %[[STAGE:.*]]: index, %[[ROW:.*]]: index, %[[COLUMN:.*]]: index)
  // CHECK: %[[POINTER:.*]] = builtin.unrealized_conversion_cast %[[MAP]] : !tile.map<64x64xbf16, 128> to !llvm.ptr
  // CHECK: %[[AT:.*]] = arith.index_cast %[[STAGE]] : index to i64
  // CHECK: %[[BARRIER:.*]] = llvm.getelementptr %{{.*}}[%[[AT]]] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, i64
  // CHECK: %[[MAJOR:.*]] = arith.index_cast %[[ROW]] : index to i32
  // CHECK: %[[MINOR:.*]] = arith.index_cast %[[COLUMN]] : index to i32
  // CHECK: %[[FIRST:.*]] = arith.muli %[[STAGE]], %c8192 : index
  // CHECK: %[[OFFSET:.*]] = arith.index_cast %[[FIRST]] : index to i64
  // CHECK: %[[TO:.*]] = llvm.getelementptr %{{.*}}[%[[OFFSET]]] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, bf16
  // CHECK: %[[CLUSTER:.*]] = llvm.addrspacecast %[[TO]] : !llvm.ptr<3> to !llvm.ptr<7>
  // CHECK: nvvm.cp.async.bulk.tensor.shared.cluster.global %[[CLUSTER]], %[[POINTER]], %[[BARRIER]], box[%[[MINOR]], %[[MAJOR]]]
  // CHECK: %[[SECOND:.*]] = arith.addi %[[FIRST]], %c4096 : index
  // CHECK: arith.index_cast %[[SECOND]]
  // CHECK: %[[NEXT:.*]] = arith.addi %[[MINOR]], %c64_i32 : i32
  // CHECK: nvvm.cp.async.bulk.tensor.shared.cluster.global %{{.*}}, %[[POINTER]], %[[BARRIER]], box[%[[NEXT]], %[[MAJOR]]]
  // CHECK-NOT: nvvm.cp.async.bulk
  // CHECK: gpu.return
  gpu.func @rows(%map: !tile.map<64x64xbf16, 128>, %stage: index, %row: index, %column: index) workgroup(%full: !barriers, %m: !shared) kernel
      attributes {known_block_size = array<i32: 32, 1, 1>} {
    %tiles = tile.place %m : !shared as !rows
    tile.fetch %map[%row, %column] to %tiles[%stage] signals %full[%stage] : !tile.map<64x64xbf16, 128>, !rows, !barriers
    gpu.return
  }

  // Where columns of the tile are rows of the matrix, the coordinates change places, and panels follow each other along the rows of the tile.
  // CHECK-LABEL: gpu.func @columns
  // CHECK-SAME: %[[ROW:[a-z0-9]*]]: index, %[[COLUMN:[a-z0-9]*]]: index)
  // CHECK-DAG: %[[MINOR:.*]] = arith.index_cast %[[ROW]] : index to i32
  // CHECK-DAG: %[[MAJOR:.*]] = arith.index_cast %[[COLUMN]] : index to i32
  // CHECK: nvvm.cp.async.bulk.tensor.shared.cluster.global %{{.*}}, box[%[[MINOR]], %[[MAJOR]]]
  // CHECK: %[[NEXT:.*]] = arith.addi %[[MINOR]], %c64_i32 : i32
  // CHECK: nvvm.cp.async.bulk.tensor.shared.cluster.global %{{.*}}, box[%[[NEXT]], %[[MAJOR]]]
  // CHECK-NOT: nvvm.cp.async.bulk
  // CHECK: gpu.return
  gpu.func @columns(%map: !tile.map<64x64xbf16, 128>, %stage: index, %row: index, %column: index) workgroup(%full: !barriers, %m: !shared) kernel
      attributes {known_block_size = array<i32: 32, 1, 1>} {
    %tiles = tile.place %m : !shared as !columns
    tile.fetch %map[%row, %column] to %tiles[%stage] signals %full[%stage] : !tile.map<64x64xbf16, 128>, !columns, !barriers
    gpu.return
  }
}
