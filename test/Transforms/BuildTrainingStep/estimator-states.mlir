// RUN: dither-opt %s --dither-build-training-step | FileCheck %s

// An estimator remembers by samples, whose numbers are an input; others of the model remember nothing. Two rows belong to each sample.
dither.model @twice {
  dither.param @w : tensor<4x3xf32> init #dither.kaiming_uniform
  func.func @loss(%x: tensor<8x8xf32> {dither.name = "x"}) -> tensor<f32> {
    %w = dither.read @w : tensor<4x3xf32>
    %halves = dither.reshape %x : tensor<8x8xf32> to tensor<16x4xf32>
    %y = dither.linear %halves, %w {backward = #dither.wta_crs<ratio = 0.25>} : tensor<16x4xf32>, tensor<4x3xf32>
    %z = dither.linear %halves, %w {backward = #dither.wta_crs<ratio = 0.25, samples = 100>} : tensor<16x4xf32>, tensor<4x3xf32>
    %p = dither.mul %y, %z : tensor<16x3xf32>, tensor<16x3xf32>
    %l = dither.mean %p : tensor<16x3xf32>
    return %l : tensor<f32>
  }
  dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.1> {batch = 8 : i64, epochs = 1 : i64}
}

// CHECK: func.func @fit.step(%{{.*}}: tensor<8x8xf32> {dither.kind = "input", dither.name = "x"},
// CHECK-SAME: %{{.*}}: tensor<f32> {dither.kind = "input", dither.name = "rate"},
// CHECK-SAME: %[[SAMPLES:.*]]: tensor<8xi32> {dither.kind = "input", dither.name = "samples"},
// CHECK-SAME: %{{.*}}: tensor<4x3xf32> {dither.kind = "state", dither.name = "w"},
// CHECK-SAME: %[[NORMS:.*]]: tensor<100x2xf32> {dither.kind = "state", dither.name = "estimator1.norms"},
// CHECK-SAME: -> (tensor<f32> {dither.name = "loss"}, tensor<4x3xf32> {dither.updates = "w"}, tensor<100x2xf32> {dither.updates = "estimator1.norms"})
// CHECK: dither.gather %[[NORMS]], %{{.*}} : tensor<100x2xf32>, tensor<8xi32>
// Of each layer 4 of 16 rows are kept.
// CHECK: dither.gather %{{.*}} : tensor<16x4xf32>, tensor<4xi32>
// CHECK: dither.scatter %{{.*}} into %[[NORMS]]
