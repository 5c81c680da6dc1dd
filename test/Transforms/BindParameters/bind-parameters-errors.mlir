// RUN: dither-opt %s --dither-bind-parameters --verify-diagnostics --split-input-file

dither.model @m {
  dither.param @x : tensor<4xf32> init #dither.fill<0.0>
  // expected-error@+1 {{has the name "x" for its arguments 0 and 1; give the input another dither.name}}
  func.func @f(%x: tensor<4xf32> {dither.name = "x"}) -> tensor<4xf32> {
    %p = dither.read @x : tensor<4xf32>
    %y = dither.add %x, %p : tensor<4xf32>, tensor<4xf32>
    return %y : tensor<4xf32>
  }
}

// -----

dither.model @m {
  // expected-error@+1 {{needs a body}}
  func.func private @f(tensor<4xf32>)
}
