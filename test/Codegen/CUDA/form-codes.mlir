// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s

// Codes of x are multiplied as floats, and the scale of a row multiplies its sums; the starts of sums serve kernels of integers alone.
// CHECK-LABEL: @codes
// CHECK-SAME: (%[[X:[^:]*]]: memref<8x64xi8>, %[[SCALES:[^:]*]]: memref<8x1xf32>, %{{[^:]*}}: memref<8x2xi32>,
// CHECK: %[[CODE:.*]] = memref.load %[[X]]
// CHECK: arith.sitofp %[[CODE]] : i8 to f32
// CHECK-NOT: memref<8x2xi32>
// CHECK: gpu.barrier
// CHECK: vector.fma
// CHECK: gpu.barrier
// CHECK: %[[SCALE:.*]] = memref.load %[[SCALES]][%{{.*}}, %c0]
// CHECK: %[[WIDE:.*]] = vector.broadcast %[[SCALE]] : f32 to vector<4xf32>
// CHECK: %[[SUM:.*]] = arith.mulf %{{.*}}, %[[WIDE]]
// CHECK: vector.store %[[SUM]], %{{.*}} : memref<8x64xf32>
func.func @codes(%x: memref<8x64xi8>, %xscales: memref<8x1xf32>, %xstarts: memref<8x2xi32>, %codes: memref<32x64xi8>, %scales: memref<2x64xf32>,
                 %y: memref<8x64xf32>) {
  dither.contract x(%x : memref<8x64xi8>) activations(%xscales, %xstarts : memref<8x1xf32>, memref<8x2xi32>)
    w(%codes, %scales : memref<32x64xi8>, memref<2x64xf32>) into(%y : memref<8x64xf32>)
    {dense = tensor<64x64xf32>, format = #dither.int<bits = 4, group = 32>}
  return
}
