// RUN: dither-opt %s --dither-build-training-step | FileCheck %s

dither.model @line {
  dither.param @w : tensor<4x1xf32> init #dither.fill<0.0> {
    pattern = #dither.nm<2 : 4>, recipe = #dither.asp<start = 3>, estimator = #dither.straight_through}
  dither.param @scale : tensor<1xf32> init #dither.fill<1.0> frozen
  dither.param @b : tensor<1xf32> init #dither.fill<0.0>
  func.func @loss(%x: tensor<?x4xf32> {dither.name = "x"}) -> tensor<f32> {
    %w = dither.read @w : tensor<4x1xf32>
    %s = dither.read @scale : tensor<1xf32>
    %b = dither.read @b : tensor<1xf32>
    %y = dither.linear %x, %w, %b : tensor<?x4xf32>, tensor<4x1xf32>, tensor<1xf32>
    %z = dither.mul %y, %s : tensor<?x1xf32>, tensor<1xf32>
    %l = dither.mean %z : tensor<?x1xf32>
    return %l : tensor<f32>
  }
  dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.1, momentum = 0.9> {batch = 8 : i64, epochs = 1 : i64}
}

// CHECK: func.func @loss(%{{.*}}: tensor<?x4xf32>
// CHECK: func.func @fit.step(%{{.*}}: tensor<8x4xf32> {dither.kind = "input", dither.name = "x"},
// CHECK-SAME: %{{.*}}: tensor<f32> {dither.kind = "input", dither.name = "rate"},
// CHECK-SAME: %[[W:.*]]: tensor<4x1xf32> {dither.kind = "state", dither.name = "w"},
// CHECK-SAME: %{{.*}}: tensor<4x1xi8> {dither.kind = "state", dither.name = "w.mask"},
// CHECK-SAME: %{{.*}}: tensor<1xf32> {dither.kind = "state", dither.name = "scale"},
// CHECK-SAME: %{{.*}}: tensor<1xf32> {dither.kind = "state", dither.name = "b"},
// CHECK-SAME: %{{.*}}: tensor<4x1xf32> {dither.kind = "state", dither.name = "w.velocity"},
// CHECK-SAME: %{{.*}}: tensor<1xf32> {dither.kind = "state", dither.name = "b.velocity"},
// CHECK-SAME: %{{.*}}: tensor<2xi64> {dither.kind = "rng"})
// CHECK-SAME: -> (tensor<f32> {dither.name = "loss"}, tensor<4x1xf32> {dither.updates = "w"}, tensor<4x1xi8> {dither.updates = "w.mask"},
// CHECK-SAME: tensor<1xf32> {dither.updates = "b"}, tensor<4x1xf32> {dither.updates = "w.velocity"}, tensor<1xf32> {dither.updates = "b.velocity"})
// The mask of the forward pass is that of the recipe, whose gradient it is.
// CHECK: dither.represent %[[W]], %[[MASK:.*]] {estimator
// CHECK: dither.apply_mask %{{.*}}, %[[MASK]]
