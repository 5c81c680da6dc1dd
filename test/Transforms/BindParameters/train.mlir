// RUN: dither-opt %s --dither-bind-parameters=mode=train | FileCheck %s

dither.model @m {
  dither.param @unused : tensor<4xf32> init #dither.fill<0.0>
  dither.param @w : tensor<8x4xf32> init #dither.fill<1.0> {
    pattern = #dither.nm<2 : 4>, recipe = #dither.asp<start = 5>, estimator = #dither.straight_through}
  dither.param @b : tensor<4xf32> init #dither.fill<0.0>
  // CHECK: func.func @f(%[[X:.*]]: tensor<?x8xf32> {dither.kind = "input", dither.name = "x"},
  // CHECK-SAME: %[[W:.*]]: tensor<8x4xf32> {dither.kind = "state", dither.name = "w"},
  // CHECK-SAME: %{{.*}}: tensor<8x4xi8> {dither.kind = "state", dither.name = "w.mask"},
  // CHECK-SAME: %[[B:.*]]: tensor<4xf32> {dither.kind = "state", dither.name = "b"},
  // CHECK-SAME: %{{.*}}: tensor<2xi64> {dither.kind = "rng"})
  // CHECK-SAME: -> (tensor<?x4xf32> {dither.name = "0"})
  func.func @f(%x: tensor<?x8xf32> {dither.name = "x"}) -> tensor<?x4xf32> {
    %b = dither.read @b : tensor<4xf32>
    %w = dither.read @w : tensor<8x4xf32>
    // CHECK: %[[V:.*]] = dither.represent %[[W]], %{{.*}} {estimator = #dither.straight_through}
    // CHECK: dither.linear %[[X]], %[[V]], %[[B]]
    // CHECK-NOT: dither.read
    %y = dither.linear %x, %w, %b : tensor<?x8xf32>, tensor<8x4xf32>, tensor<4xf32>
    return %y : tensor<?x4xf32>
  }
  // An argument without a name is named by its position; calls are inlined.
  // CHECK: func.func @g(%{{.*}}: tensor<?x8xf32> {dither.kind = "input", dither.name = "arg0"}, %{{.*}} {dither.kind = "state", dither.name = "w"}
  // CHECK-NOT: call
  func.func @g(%x: tensor<?x8xf32>) -> tensor<?x4xf32> {
    %y = func.call @f(%x) : (tensor<?x8xf32>) -> tensor<?x4xf32>
    return %y : tensor<?x4xf32>
  }
}
