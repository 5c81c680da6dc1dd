// RUN: dither-opt %s --dither-bind-parameters=mode=deploy | FileCheck %s

dither.model @m {
  dither.param @w : tensor<32x4xf32> init #dither.fill<1.0> {
    pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>, estimator = #dither.straight_through}
  dither.param @b : tensor<4xf32> init #dither.fill<0.0>
  // CHECK: func.func @f(%{{.*}}: tensor<?x32xf32> {dither.kind = "input", dither.name = "arg0"},
  // CHECK-SAME: %[[C:.*]]: tensor<8x4xi8> {dither.kind = "constant", dither.name = "w.codes"},
  // CHECK-SAME: %[[I:.*]]: tensor<4x4xi8> {dither.kind = "constant", dither.name = "w.indices"},
  // CHECK-SAME: %[[S:.*]]: tensor<1x4xi8> {dither.kind = "constant", dither.name = "w.scales"},
  // CHECK-SAME: %[[B:.*]]: tensor<4xf32> {dither.kind = "constant", dither.name = "b"})
  func.func @f(%x: tensor<?x32xf32>) -> tensor<?x4xf32> {
    // CHECK: %[[W:.*]] = dither.unpack %[[C]], %[[I]], %[[S]]
    // CHECK: dither.linear %{{.*}}, %[[W]], %[[B]]
    %w = dither.read @w : tensor<32x4xf32>
    %b = dither.read @b : tensor<4xf32>
    %y = dither.linear %x, %w, %b : tensor<?x32xf32>, tensor<32x4xf32>, tensor<4xf32>
    return %y : tensor<?x4xf32>
  }
}
