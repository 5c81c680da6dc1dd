// RUN: dither-opt %s --dither-build-training-step --verify-diagnostics --split-input-file

dither.model @frozen {
  dither.param @w : tensor<4xf32> init #dither.fill<0.0> frozen
  func.func @loss(%x: tensor<?x4xf32>) -> tensor<f32> {
    %w = dither.read @w : tensor<4xf32>
    %y = dither.mul %x, %w : tensor<?x4xf32>, tensor<4xf32>
    %l = dither.mean %y : tensor<?x4xf32>
    return %l : tensor<f32>
  }
  // expected-error@+1 {{trains nothing: @loss reads no parameter that is not frozen}}
  dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.1> {batch = 8 : i64, epochs = 1 : i64}
}

// -----

dither.model @batch {
  dither.param @w : tensor<4xf32> init #dither.fill<0.0>
  func.func @loss(%x: tensor<16x4xf32>) -> tensor<f32> {
    %w = dither.read @w : tensor<4xf32>
    %y = dither.mul %x, %w : tensor<16x4xf32>, tensor<4xf32>
    %l = dither.mean %y : tensor<16x4xf32>
    return %l : tensor<f32>
  }
  // expected-error@+1 {{has batch 8, but argument 0 of its loss has the batch 16}}
  dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.1> {batch = 8 : i64, epochs = 1 : i64}
}
