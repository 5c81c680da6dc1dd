// RUN: dither-opt %s --dither-build-training-step --verify-diagnostics

dither.model @uneven {
  dither.param @w : tensor<4x3xf32> init #dither.kaiming_uniform
  func.func @loss(%x: tensor<8x3xf32>) -> tensor<f32> {
    %w = dither.read @w : tensor<4x3xf32>
    %quarters = dither.reshape %x : tensor<8x3xf32> to tensor<6x4xf32>
    // expected-error@+1 {{(C3) has 6 rows for 8 samples; #dither.wta_crs<ratio = 2.500000e-01 : f64, samples = 100> remembers the same number for each}}
    %y = dither.linear %quarters, %w {backward = #dither.wta_crs<ratio = 0.25, samples = 100>} : tensor<6x4xf32>, tensor<4x3xf32>
    %l = dither.mean %y : tensor<6x3xf32>
    return %l : tensor<f32>
  }
  dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.1> {batch = 8 : i64, epochs = 1 : i64}
}
