// RUN: dither-opt %s --dither-build-training-step | FileCheck %s

// The gradient that is given is taken, not that of the function, and both know the batch.
// CHECK-LABEL: func.func @fit.step
// CHECK: dither.sin %{{.*}} : tensor<8x4xf32>
// CHECK-NOT: dither.cos
// CHECK: %[[E:.*]] = dither.exp %{{.*}} : tensor<8x4xf32>
// CHECK: dither.mul %[[E]], %{{.*}} : tensor<8x4xf32>
// CHECK-NOT: dither.cos
// CHECK: return
dither.model @m {
  dither.param @w : tensor<6x4xf32> init #dither.kaiming_uniform
  func.func @wave(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %y = dither.sin %x : tensor<?x4xf32>
    return %y : tensor<?x4xf32>
  }
  func.func @wave_gradient(%x: tensor<?x4xf32>, %dy: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %e = dither.exp %dy : tensor<?x4xf32>
    %dx = dither.mul %e, %x : tensor<?x4xf32>, tensor<?x4xf32>
    return %dx : tensor<?x4xf32>
  }
  func.func @loss(%x: tensor<?x6xf32>) -> tensor<f32> {
    %w = dither.read @w : tensor<6x4xf32>
    %z = dither.linear %x, %w : tensor<?x6xf32>, tensor<6x4xf32>
    %y = dither.custom_vjp @wave backward @wave_gradient(%z) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    %l = dither.mean %y : tensor<?x4xf32>
    return %l : tensor<f32>
  }
  dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.1> {batch = 8 : i64, epochs = 1 : i64}
}
