// RUN: dither-opt %s --dither-build-training-step --dither-bind-parameters | FileCheck %s

// A step is bound already; to bind the rest leaves it as it is, with a seed that nothing reads.
dither.model @line {
  dither.param @w : tensor<4x1xf32> init #dither.fill<0.0>
  // CHECK: func.func @loss(%{{.*}} {dither.kind = "input", dither.name = "arg0"}, %{{.*}} {dither.kind = "state", dither.name = "w"})
  func.func @loss(%x: tensor<?x4xf32>) -> tensor<f32> {
    %w = dither.read @w : tensor<4x1xf32>
    %y = dither.matmul %x, %w : tensor<?x4xf32>, tensor<4x1xf32>
    %l = dither.mean %y : tensor<?x1xf32>
    return %l : tensor<f32>
  }
  // CHECK: dither.train
  // CHECK: func.func @fit.step(
  // CHECK-SAME: dither.kind = "rng"})
  dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.1> {batch = 8 : i64, epochs = 1 : i64}
}
