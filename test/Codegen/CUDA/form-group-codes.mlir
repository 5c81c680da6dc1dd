// RUN: dither-opt %s --pass-pipeline="builtin.module(func.func(dither-form-kernels{chip=sm_90a}),canonicalize,cse)" | FileCheck %s

// Of bytes, x comes by TMA, and producers write 16 bytes of a column at a time. Sums of integers become floats when all are there.
// CHECK-LABEL: @codes
// CHECK-SAME: (%[[X:[^:]*]]: memref<?x192xi8>, %[[SCALES:[^:]*]]: memref<?x1xf32>,
// CHECK: gpu.launch {{.*}} = %c384,
// CHECK: %[[A:.*]] = tile.place %{{.*}} as <4, 128x128xi8, <offset = {{\[\[}}0, 1],
// CHECK: %[[W:.*]] = tile.place %{{.*}} as <4, 128x128xi8, <offset = {{\[\[}}1, 0],
// CHECK: %[[MAP:.*]] = tile.describe %[[X]] : memref<?x192xi8> as <128x128xi8, 128>
// CHECK: tile.init_barriers %{{.*}}, 5 : memref<4xi64,
// CHECK: tile.role first 0 warps 4 {
// CHECK: tile.expect %{{.*}}, 16384
// CHECK: tile.fetch %[[MAP]]
// CHECK: tile.write {{.*}} : vector<16xi8>
// CHECK: tile.publish
// CHECK: tile.role first 4 warps 8 {
// CHECK: tile.fill 0.{{.*}} : <128x128xi32,
// CHECK: tile.group_mma %[[A]][%[[STAGE:.*]]], %[[W]][%[[STAGE]]], %{{.*}} : <4, 128x128xi8, {{.*}}, <4, 128x128xi8, {{.*}}, <128x128xi32,
// CHECK: %[[ALL:.*]] = tile.group_wait %{{.*}} pending 0
// CHECK: tile.combine %{{.*}}, %[[ALL]]
// CHECK: tile.for_each
func.func @codes(%x: memref<?x192xi8>, %xscales: memref<?x1xf32>, %xstarts: memref<?x1xi32>, %codes: memref<192x64xi8>, %scales: memref<1x64xf32>,
                 %y: memref<?x64xf32>) {
  dither.contract x(%x : memref<?x192xi8>) activations(%xscales, %xstarts : memref<?x1xf32>, memref<?x1xi32>)
    w(%codes, %scales : memref<192x64xi8>, memref<1x64xf32>) into(%y : memref<?x64xf32>)
    {dense = tensor<192x64xf32>, format = #dither.int<bits = 8>}
  return
}

// Rows that TMA does not read, few of them, and groups: as on other chips.
// CHECK-LABEL: @others
// CHECK-COUNT-3: tile.mma
// CHECK-NOT: tile.group_mma
func.func @others(%x: memref<?x100xi8>, %scales: memref<?x1xf32>, %starts: memref<?x1xi32>, %w: memref<100x64xi8>, %ws: memref<1x64xf32>,
                  %few: memref<9x192xi8>, %fewScales: memref<9x1xf32>, %fewStarts: memref<9x1xi32>, %v: memref<192x64xi8>, %vs: memref<1x64xf32>,
                  %z: memref<?x192xi8>, %zStarts: memref<?x3xi32>, %gs: memref<3x64xf32>, %y: memref<?x64xf32>, %u: memref<9x64xf32>) {
  dither.contract x(%x : memref<?x100xi8>) activations(%scales, %starts : memref<?x1xf32>, memref<?x1xi32>)
    w(%w, %ws : memref<100x64xi8>, memref<1x64xf32>) into(%y : memref<?x64xf32>) {dense = tensor<100x64xf32>, format = #dither.int<bits = 8>}
  dither.contract x(%few : memref<9x192xi8>) activations(%fewScales, %fewStarts : memref<9x1xf32>, memref<9x1xi32>)
    w(%v, %vs : memref<192x64xi8>, memref<1x64xf32>) into(%u : memref<9x64xf32>) {dense = tensor<192x64xf32>, format = #dither.int<bits = 8>}
  dither.contract x(%z : memref<?x192xi8>) activations(%scales, %zStarts : memref<?x1xf32>, memref<?x3xi32>)
    w(%v, %gs : memref<192x64xi8>, memref<3x64xf32>) into(%y : memref<?x64xf32>) {dense = tensor<192x64xf32>, format = #dither.int<bits = 8, group = 64>}
  return
}
