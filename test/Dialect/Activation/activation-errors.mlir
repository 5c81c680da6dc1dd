// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @c1_another_op(%x: tensor<4x4xf32>) {
  // expected-error@+1 {{#dither.sketch<ratio = 2.500000e-01 : f64> serves dither.linear}}
  %0 = dither.relu %x {residual = #dither.sketch<ratio = 0.25>} : tensor<4x4xf32>
  return
}

// -----

func.func @c1_not_an_estimator(%x: tensor<4x4xf32>) {
  // expected-error@+1 {{3 : i64 is not an estimator}}
  %0 = dither.relu %x {residual = 3 : i64} : tensor<4x4xf32>
  return
}

// -----

func.func @integers(%x: tensor<4xi32>) {
  // expected-error@+1 {{operand #0 must be ranked tensor of floating-point values}}
  %0 = dither.relu %x : tensor<4xi32>
  return
}
