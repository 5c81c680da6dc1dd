// RUN: dither-opt %s --pass-pipeline="builtin.module(func.func(dither-form-kernels{chip=sm_90a}),canonicalize,cse)" | FileCheck %s

// Of 2:4, producers decode what there is of the weights, half of the elements, and their positions. The weights come first.
// CHECK-LABEL: @sparse
// CHECK: %[[X:.*]] = tile.place %{{.*}} as <4, 64x128xbf16,
// CHECK: %[[W:.*]] = tile.place %{{.*}} as <4, 128x32xbf16,
// CHECK: %[[POSITIONS:.*]] = tile.place %{{.*}} as <4, 8x64xi16,
// CHECK: tile.init_barriers %[[FULL:.*]], 5 :
// CHECK: tile.role first 0 warps 4 {
// CHECK: tile.fetch %{{.*}} to %[[X]]
// CHECK: tile.write %{{.*}}, %[[W]]
// CHECK: tile.write %{{.*}}, %[[POSITIONS]]
// CHECK: tile.publish
// CHECK-NEXT: tile.arrive %[[FULL]]
// CHECK: tile.role first 4 warps 8 {
// CHECK: tile.wait %[[FULL]]
// CHECK: %[[M:.*]] = tile.load %[[POSITIONS]]
// CHECK: tile.group_mma %[[W]][%{{.*}}] metadata %[[M]] : !tile.registers<8x64xi16, {{.*}} -> row: 8, column: 64>>, %[[X]][
func.func @sparse(%x: memref<70x256xbf16>, %codes: memref<64x128xi8>, %indices: memref<32x128xi8>, %scales: memref<8x128xf32>, %y: memref<70x128xf32>) {
  dither.contract x(%x : memref<70x256xbf16>) w(%codes, %indices, %scales : memref<64x128xi8>, memref<32x128xi8>, memref<8x128xf32>)
    into(%y : memref<70x128xf32>)
    {dense = tensor<256x128xf32>, pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4, group = 32>}
  return
}
