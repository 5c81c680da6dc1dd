// RUN: dither-opt %s --verify-diagnostics --split-input-file

dither.model @m {
  func.func @f() {
    // expected-error@+1 {{(C1) finds no parameter @w}}
    %w = dither.read @w : tensor<4xf32>
    return
  }
}

// -----

dither.model @m {
  dither.param @w : tensor<8xf32> init #dither.fill<0.0>
  func.func @f() {
    // expected-error@+1 {{(C2) has type 'tensor<4xf32>', but the parameter is 'tensor<8xf32>'}}
    %w = dither.read @w : tensor<4xf32>
    return
  }
}

// -----

func.func @outside() {
  // expected-error@+1 {{(C1) stands outside of a model}}
  %w = dither.read @w : tensor<4xf32>
  return
}
