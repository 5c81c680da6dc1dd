// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s

// An epilogue is done where sums are, before they are stored, and narrows them.
// CHECK-LABEL: @narrowed
// CHECK-SAME: %[[BIAS:[^:]*]]: memref<64xf32>)
// CHECK: gpu.launch
// CHECK-COUNT-2: gpu.barrier
// CHECK: %[[B:.*]] = vector.load %[[BIAS]][%{{.*}}] : memref<64xf32>, vector<4xf32>
// CHECK: %[[BIASED:.*]] = arith.addf %{{.*}}, %[[B]] : vector<4xf32>
// CHECK: %[[NARROW:.*]] = arith.truncf %[[BIASED]] : vector<4xf32> to vector<4xbf16>
// CHECK: vector.store %[[NARROW]], %{{.*}} : memref<8x64xbf16>
func.func @narrowed(%x: memref<8x32xf32>, %w: memref<32x64xf32>, %y: memref<8x64xbf16>, %bias: memref<64xf32>) {
  dither.contract x(%x : memref<8x32xf32>) w(%w : memref<32x64xf32>) into(%y : memref<8x64xbf16>) fused(%bias : memref<64xf32>)
    {fused_maps = [affine_map<(row, column) -> (column)>]} epilogue {
    ^bb0(%sum: f32, %b: f32):
      %biased = arith.addf %sum, %b : f32
      %narrow = arith.truncf %biased : f32 to bf16
      dither.yield %narrow : bf16
    }
  return
}
