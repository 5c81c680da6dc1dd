// RUN: dither-opt %s | dither-opt | FileCheck %s

!a = !tile.shared<4, 64x64xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [0, 32], [1, 8], [2, 16], [4, 32], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 64>>
!half = !tile.shared<4, 64x32xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [1, 0], [2, 8], [4, 16], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 32>>
!b = !tile.shared<4, 64x16xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [1, 0], [2, 0], [4, 8], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 16>>
!sums = !tile.registers<64x16xf32, <register = [[0, 1], [8, 0], [0, 8]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 16>>
!positions = !tile.registers<4x64xi16, <register = [[0, 1]], lane = [[0, 2], [0, 4], [0, 8], [0, 16], [0, 32]], warp = [[1, 0], [2, 0]] -> row: 4, column: 64>>
!held = !tile.registers<64x64xbf16, <register = [[0, 1], [8, 0], [0, 8], [0, 16], [0, 32]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 64>>
!barriers = memref<4xi64, #gpu.address_space<workgroup>>

// CHECK-LABEL: func.func @barriers
// CHECK-SAME: (%[[FULL:.*]]: memref<4xi64, #gpu.address_space<workgroup>>, %[[I:.*]]: index)
// CHECK: tile.init_barriers %[[FULL]], 1 : memref<4xi64, #gpu.address_space<workgroup>>
// CHECK: tile.arrive %[[FULL]][%[[I]]] : memref<4xi64, #gpu.address_space<workgroup>>
// CHECK: tile.expect %[[FULL]][%[[I]]], 8192 : memref<4xi64, #gpu.address_space<workgroup>>
// CHECK: tile.wait %[[FULL]][%[[I]]] phase %[[I]] : memref<4xi64, #gpu.address_space<workgroup>>
// CHECK: tile.publish
func.func @barriers(%full: !barriers, %i: index) {
  tile.init_barriers %full, 1 : !barriers
  tile.arrive %full[%i] : !barriers
  tile.expect %full[%i], 8192 : !barriers
  tile.wait %full[%i] phase %i : !barriers
  tile.publish
  return
}

// Before the first phase, one has ended.
// CHECK-LABEL: func.func @first
// CHECK: tile.wait %{{.*}}[%c3] phase %c-1 :
func.func @first(%empty: !barriers) {
  %last = arith.constant 3 : index
  %before = arith.constant -1 : index
  tile.wait %empty[%last] phase %before : !barriers
  return
}

// CHECK-LABEL: func.func @roles
// CHECK: tile.role first 0 warps 4 registers 40 {
// CHECK-NEXT: tile.publish
// CHECK: tile.role first 5 warps 3 {
func.func @roles() {
  tile.role first 0 warps 4 registers 40 {
    tile.publish
  }
  tile.role first 5 warps 3 {
  }
  return
}

// A matrix that lies among others.
// CHECK-LABEL: func.func @copies
// CHECK: %[[MAP:.*]] = tile.describe %{{.*}} : memref<?x64xbf16> as <64x64xbf16, 128>
// CHECK: tile.fetch %[[MAP]][%[[I:.*]], %[[I]]] to %{{.*}}[%[[I]]] signals %{{.*}}[%[[I]]] : <64x64xbf16, 128>, <4, 64x64xbf16, {{.*}}>>, memref<4xi64, #gpu.address_space<workgroup>>
// CHECK: tile.describe %{{.*}} : memref<16x24xf32, strided<[40, 1], offset: 8>> as <64x16xf32, 64>
func.func @copies(%x: memref<?x64xbf16>, %part: memref<16x24xf32, strided<[40, 1], offset: 8>>, %tiles: !a, %full: !barriers, %i: index) {
  %map = tile.describe %x : memref<?x64xbf16> as !tile.map<64x64xbf16, 128>
  tile.fetch %map[%i, %i] to %tiles[%i] signals %full[%i] : !tile.map<64x64xbf16, 128>, !a, !barriers
  %other = tile.describe %part : memref<16x24xf32, strided<[40, 1], offset: 8>> as !tile.map<64x16xf32, 64>
  return
}

// CHECK-LABEL: func.func @products
// CHECK: %[[D:.*]] = tile.group_mma %{{.*}}[%{{.*}}], %{{.*}}[%{{.*}}], %{{.*}} : <4, 64x64xbf16, {{.*}}>>, <4, 64x16xbf16, {{.*}}>>, <64x16xf32, {{.*}}>>
// CHECK: tile.group_wait %[[D]] pending 0 : <64x16xf32,
// CHECK: tile.group_mma %{{.*}}[%{{.*}}] metadata %{{.*}} : !tile.registers<4x64xi16, {{.*}}>>, %{{.*}}[%{{.*}}], %{{.*}} : <4, 64x32xbf16,
func.func @products(%a: !a, %half: !half, %m: !positions, %b: !b, %c: !sums, %i: index) -> (!sums, !sums) {
  %d = tile.group_mma %a[%i], %b[%i], %c : !a, !b, !sums
  %e = tile.group_wait %d pending 0 : !sums
  %f = tile.group_mma %half[%i] metadata %m : !positions, %b[%i], %c : !half, !b, !sums
  return %e, %f : !sums, !sums
}

// CHECK-LABEL: func.func @registers
// CHECK: %[[A:.*]] = tile.assemble %{{.*}} : vector<32xbf16> -> <64x64xbf16, {{.*}}>>
// CHECK: tile.group_mma_registers %[[A]], %{{.*}}[%{{.*}}], %{{.*}} : <64x64xbf16, {{.*}}>>, <4, 64x16xbf16, {{.*}}>>, <64x16xf32, {{.*}}>>
func.func @registers(%values: vector<32xbf16>, %b: !b, %c: !sums, %i: index) -> !sums {
  %a = tile.assemble %values : vector<32xbf16> -> !held
  %d = tile.group_mma_registers %a, %b[%i], %c : !held, !b, !sums
  return %d : !sums
}

// CHECK-LABEL: func.func @instructions
// CHECK: %{{.*}}:4 = tile.wgmma bf16 n 8 k 16 a() matrix %{{.*}} b %{{.*}} sums(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}) {transposedA = false, transposedB = true} : (i64, i64, f32, f32, f32, f32) -> (f32, f32, f32, f32)
// CHECK: tile.wgmma f16 n 8 k 32 a(%[[R:.*]], %[[R]], %[[R]], %[[R]]) b %{{.*}} metadata %[[R]] sums(
// CHECK-SAME: selector = 1
// CHECK: %{{.*}}:2 = tile.wgmma_wait 7, %{{.*}}, %{{.*}} : f32, f32
func.func @instructions(%m: i64, %r: i32, %c: f32) {
  %d:4 = tile.wgmma bf16 n 8 k 16 a() matrix %m b %m sums(%c, %c, %c, %c) {transposedA = false, transposedB = true}
    : (i64, i64, f32, f32, f32, f32) -> (f32, f32, f32, f32)
  %e:4 = tile.wgmma f16 n 8 k 32 a(%r, %r, %r, %r) b %m metadata %r sums(%c, %c, %c, %c) {selector = 1 : i64, transposedA = false, transposedB = false}
    : (i32, i32, i32, i32, i64, i32, f32, f32, f32, f32) -> (f32, f32, f32, f32)
  %f:2 = tile.wgmma_wait 7, %c, %c : f32, f32
  return
}

!bytesA = !tile.shared<4, 64x32xi8, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [1, 0], [2, 0], [4, 16], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 32>>
!bytesB = !tile.shared<4, 32x16xi8, <offset = [[1, 0], [2, 0], [4, 0], [8, 0], [16, 0], [0, 1], [0, 2], [16, 4], [0, 8]] -> row: 32, column: 16>>
!integers = !tile.registers<64x16xi32, <register = [[0, 1], [8, 0], [0, 8]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 16>>

// CHECK-LABEL: func.func @integers
// CHECK: tile.group_mma %{{.*}}[%{{.*}}], %{{.*}}[%{{.*}}], %{{.*}} : <4, 64x32xi8, {{.*}}>>, <4, 32x16xi8, {{.*}}>>, <64x16xi32, {{.*}}>>
// CHECK: tile.group_wait %{{.*}} pending 0 : <64x16xi32,
func.func @integers(%a: !bytesA, %b: !bytesB, %c: !integers, %i: index) -> !integers {
  %d = tile.group_mma %a[%i], %b[%i], %c : !bytesA, !bytesB, !integers
  %e = tile.group_wait %d pending 0 : !integers
  return %e : !integers
}
