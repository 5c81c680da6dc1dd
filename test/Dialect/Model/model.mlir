// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK: dither.model @line {
dither.model @line {
  // CHECK: dither.param @w : tensor<64x1xf32> init #dither.kaiming_uniform
  // CHECK-SAME: estimator = #dither.straight_through
  // CHECK-SAME: pattern = #dither.nm<2 : 4>
  // CHECK-SAME: recipe = #dither.sr_ste
  dither.param @w : tensor<64x1xf32> init #dither.kaiming_uniform {
    pattern = #dither.nm<2 : 4>, recipe = #dither.sr_ste<decay = 2.0e-4>, estimator = #dither.straight_through}
  // CHECK: dither.param @b : tensor<1xf32> init #dither.fill<0.000000e+00 : f64> frozen
  dither.param @b : tensor<1xf32> init #dither.fill<0.0> frozen
  func.func @error(%x: tensor<?x64xf32>) -> tensor<f32> {
    // CHECK: dither.read @w : tensor<64x1xf32>
    %w = dither.read @w : tensor<64x1xf32>
    %b = dither.read @b : tensor<1xf32>
    %y = dither.linear %x, %w, %b : tensor<?x64xf32>, tensor<64x1xf32>, tensor<1xf32>
    %l = dither.mean %y : tensor<?x1xf32>
    return %l : tensor<f32>
  }
  // CHECK: dither.train @fit loss @error optimizer #dither.sgd<{{.*}}> {batch = 8 : i64, epochs = 2 : i64, schedule = #dither.linear_decay
  dither.train @fit loss @error optimizer #dither.sgd<rate = 0.1> {
    batch = 8 : i64, epochs = 2 : i64, schedule = #dither.linear_decay<to = 0.0>}
}
