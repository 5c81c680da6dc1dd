// RUN: dither-opt %s --pass-pipeline="builtin.module(func.func(dither-form-kernels{chip=sm_90a}),canonicalize,cse)" | FileCheck %s

// Of few rows, whose tile of x is small, who multiplies decodes weights, and keeps them in registers. Producers copy x: two more stages are on their way when one is
// published, and the last two are behind the loop.
// CHECK-LABEL: @packed
// CHECK: %[[X:.*]] = tile.place %{{.*}} as <4, 64x16xbf16,
// CHECK: tile.init_barriers %[[FULL:.*]], 4 :
// CHECK: tile.init_barriers %[[EMPTY:.*]], 4 :
// CHECK: tile.role first 0 warps 4 {
// CHECK: scf.for %[[K:.*]] = %c0 to %c256 step %c64 {
// CHECK: tile.wait %[[EMPTY]]
// CHECK: tile.copy %arg0[%[[K]], %c0] to %[[X]]
// CHECK-NEXT: nvvm.cp.async.commit.group
// CHECK: scf.if
// CHECK: nvvm.cp.async.wait.group 2
// CHECK-NEXT: tile.publish
// CHECK: tile.arrive %[[FULL]]
// CHECK: nvvm.cp.async.wait.group 1
// CHECK-NEXT: tile.publish
// CHECK-NEXT: tile.arrive %[[FULL]][%c2]
// CHECK-NEXT: nvvm.cp.async.wait.group 0
// CHECK-NEXT: tile.publish
// CHECK-NEXT: tile.arrive %[[FULL]][%c3]
// CHECK: tile.role first 4 warps 4 {
// CHECK: scf.for
// CHECK: tile.wait %[[FULL]]
// CHECK: %[[W:.*]] = tile.assemble %{{.*}} : vector<64xbf16> -> <128x64xbf16,
// CHECK: tile.group_mma_registers %[[W]], %[[X]][
// CHECK: tile.arrive %[[EMPTY]]
// CHECK: tile.for_each
func.func @packed(%x: memref<9x256xbf16>, %codes: memref<128x128xi8>, %scales: memref<8x128xf32>, %y: memref<9x128xf32>) {
  dither.contract x(%x : memref<9x256xbf16>) w(%codes, %scales : memref<128x128xi8>, memref<8x128xf32>) into(%y : memref<9x128xf32>)
    {dense = tensor<256x128xf32>, format = #dither.int<bits = 4, group = 32>}
  return
}
