// RUN: dither-opt %s -split-input-file -verify-diagnostics

func.func @order(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C1) needs an order in [1, 20], got 0}}
  %0 = dither.polygamma %x {order = 0 : i64} : tensor<4xf32>
  return
}

// -----

func.func @slope_order(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C3) needs an order in [1, 8], got 9}}
  %0 = dither.gamma_slope %x, %x {order = 9 : i64} : tensor<4xf32>, tensor<4xf32>
  return
}

// -----

func.func @elements(%x: tensor<4xf32>, %y: tensor<4xf64>) {
  // expected-error@+1 {{(C1) element types differ}}
  %0 = dither.gamma_p %x, %y : tensor<4xf32>, tensor<4xf64>
  return
}
