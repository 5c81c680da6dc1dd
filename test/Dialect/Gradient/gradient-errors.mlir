// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @surrogate(%x: tensor<4xi32>) {
  // expected-error@+1 {{operand #0 must be ranked tensor of floating-point values}}
  %0 = dither.surrogate %x for %x : tensor<4xi32>
  return
}

// -----

func.func @types(%x: tensor<4xf32>, %y: tensor<5xf32>) {
  // expected-error@+1 {{failed to verify that all of {value, proxy, y} have same type}}
  %0 = "dither.surrogate"(%x, %y) : (tensor<4xf32>, tensor<5xf32>) -> tensor<4xf32>
  return
}
