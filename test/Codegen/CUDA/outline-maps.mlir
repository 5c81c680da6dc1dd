// RUN: dither-opt %s --dither-outline-kernels | FileCheck %s --check-prefix=OUTLINED
// RUN: dither-opt %s --pass-pipeline='builtin.module(dither-outline-kernels,gpu.module(dither-tile-to-nvvm),dither-lower-launches)' | FileCheck %s

!tiles = !tile.shared<1, 64x64xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [0, 32], [1, 8], [2, 16], [4, 32], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 64>>
!matrix = memref<?x64xbf16, strided<[72, 1], offset: 8>>
!shared = memref<4096xbf16, #gpu.address_space<workgroup>>
!barriers = memref<1xi64, #gpu.address_space<workgroup>>

// The host describes a matrix, of which the kernel gets no more than the map.
// OUTLINED-LABEL: func.func @f
// OUTLINED-SAME: (%[[Y:.*]]: memref<8xbf16>, %[[X:.*]]: memref<?x64xbf16, strided<[72, 1], offset: 8>>)
// OUTLINED: %[[MAP:.*]] = tile.describe %[[X]]
// OUTLINED: gpu.launch_func @kernels::@f_0 {{.*}} args(%[[MAP]] : !tile.map<64x64xbf16, 128>, %[[Y]] : memref<8xbf16>)
// OUTLINED: gpu.func @f_0(%[[ARGUMENT:.*]]: !tile.map<64x64xbf16, 128>, %{{.*}}: memref<8xbf16>)
// OUTLINED-NOT: tile.describe
// OUTLINED: tile.fetch %[[ARGUMENT]][

// The launch passes four numbers: where the first element is, rows, columns, and elements between rows.
// CHECK-LABEL: func.func @f
// CHECK: %[[FOUR:.*]] = llvm.mlir.constant(4 : i64)
// CHECK: %[[FIELDS:.*]] = llvm.alloca %[[FOUR]] x i64
// CHECK: %[[DESCRIPTOR:.*]] = builtin.unrealized_conversion_cast %{{.*}} : memref<?x64xbf16, strided<[72, 1], offset: 8>> to
// CHECK: %[[MEMORY:.*]] = llvm.extractvalue %[[DESCRIPTOR]][1]
// CHECK: %[[OFFSET:.*]] = llvm.extractvalue %[[DESCRIPTOR]][2]
// CHECK: %[[FIRST:.*]] = llvm.getelementptr %[[MEMORY]][%[[OFFSET]]] : (!llvm.ptr, i64) -> !llvm.ptr, bf16
// CHECK: %[[ROWS:.*]] = llvm.extractvalue %[[DESCRIPTOR]][3, 0]
// CHECK: %[[COLUMNS:.*]] = llvm.extractvalue %[[DESCRIPTOR]][3, 1]
// CHECK: %[[STRIDE:.*]] = llvm.extractvalue %[[DESCRIPTOR]][4, 0]
// CHECK: %[[AT0:.*]] = llvm.getelementptr %[[FIELDS]][0]
// CHECK: llvm.store %[[FIRST]], %[[AT0]]
// CHECK: %[[AT1:.*]] = llvm.getelementptr %[[FIELDS]][1]
// CHECK: llvm.store %[[ROWS]], %[[AT1]]
// CHECK: %[[AT2:.*]] = llvm.getelementptr %[[FIELDS]][2]
// CHECK: llvm.store %[[COLUMNS]], %[[AT2]]
// CHECK: %[[AT3:.*]] = llvm.getelementptr %[[FIELDS]][3]
// CHECK: llvm.store %[[STRIDE]], %[[AT3]]
// CHECK: %[[SLOT:.*]] = llvm.getelementptr %[[ARGUMENTS:.*]][0]
// CHECK: llvm.store %[[FIELDS]], %[[SLOT]]
// CHECK: llvm.getelementptr %[[ARGUMENTS]][5]
// CHECK-NOT: llvm.getelementptr %[[ARGUMENTS]][6]
// Nothing describes a matrix any more. The kernel has a pointer, and says of its argument 0: bf16 (1), boxes of 64 x 64, a swizzle of 128 bytes.
// CHECK-NOT: tile.
// CHECK: gpu.func @f_0(%[[POINTER:.*]]: !llvm.ptr, %{{.*}}: memref<8xbf16>)
// CHECK-SAME: dither.tensor_maps = [array<i32: 0, 1, 64, 64, 128>]
// CHECK: nvvm.cp.async.bulk.tensor.shared.cluster.global %{{.*}}, %[[POINTER]], %{{.*}}, box[
func.func @f(%y: memref<8xbf16>, %x: !matrix) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  gpu.launch blocks(%b, %b1, %b2) in (%g = %c1, %g1 = %c1, %g2 = %c1) threads(%t, %t1, %t2) in (%s = %c32, %s1 = %c1, %s2 = %c1)
      workgroup(%full : !barriers, %m : !shared) {
    %map = tile.describe %x : !matrix as !tile.map<64x64xbf16, 128>
    %tiles = tile.place %m : !shared as !tiles
    tile.fetch %map[%c0, %c0] to %tiles[%c0] signals %full[%c0] : !tile.map<64x64xbf16, 128>, !tiles, !barriers
    %value = memref.load %m[%c0] : !shared
    memref.store %value, %y[%t] : memref<8xbf16>
    gpu.terminator
  }
  return
}

// Elements of 32 bits are f32 (3), of 8 bits s8 (4), whatever they mean.
// CHECK: gpu.func @sizes_0
// CHECK-SAME: dither.tensor_maps = [array<i32: 0, 3, 64, 32, 128>, array<i32: 1, 4, 64, 64, 64>]
func.func @sizes(%x: memref<64x32xf32>, %w: memref<64x64xi8>) {
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  gpu.launch blocks(%b, %b1, %b2) in (%g = %c1, %g1 = %c1, %g2 = %c1) threads(%t, %t1, %t2) in (%s = %c32, %s1 = %c1, %s2 = %c1) {
    %xs = tile.describe %x : memref<64x32xf32> as !tile.map<64x32xf32, 128>
    %ws = tile.describe %w : memref<64x64xi8> as !tile.map<64x64xi8, 64>
    %xp = builtin.unrealized_conversion_cast %xs : !tile.map<64x32xf32, 128> to !llvm.ptr
    %wp = builtin.unrealized_conversion_cast %ws : !tile.map<64x64xi8, 64> to !llvm.ptr
    gpu.terminator
  }
  return
}
