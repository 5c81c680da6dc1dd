// RUN: dither-opt %s --verify-diagnostics --split-input-file

dither.model @m {
  // expected-error@+1 {{(C1) names no file; a path such as "layers.mlir" is needed}}
  dither.import @layers " "
}

// -----

dither.model @m {
  // expected-error@+1 {{(C1) finds no layer @layers::@dense; declare @layers with dither.model, or with dither.import if it is a library}}
  dither.instance @a of @layers::@dense
}

// -----

dither.model @m {
  dither.import @layers "layers.mlir"
  // expected-error@+1 {{(C1) is of @layers, which is a library; name a layer of it, such as @layers::@layer}}
  dither.instance @a of @layers
}

// -----

dither.model @m {
  // expected-note@+1 {{this is what the name stands for}}
  dither.param @w : tensor<4xf32> init #dither.fill<0.0>
  // expected-error@+1 {{(C1) is of @w, which is no layer: a layer is a dither.model}}
  dither.instance @a of @w
}

// -----

dither.model @m {
  func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
  func.func @g(%x: tensor<4xf32>) -> tensor<4xf32> {
    // expected-error@+1 {{(C1) calls @f, which is not @instance::@function or @import::@function; func.call calls functions of the model itself}}
    %y = dither.call @f(%x) : (tensor<4xf32>) -> tensor<4xf32>
    return %y : tensor<4xf32>
  }
}

// -----

dither.model @m {
  func.func @g(%x: tensor<4xf32>) -> tensor<4xf32> {
    // expected-error@+1 {{(C1) calls @a::@f, but the model has no instance or import @a; declare it with dither.instance or dither.import}}
    %y = dither.call @a::@f(%x) : (tensor<4xf32>) -> tensor<4xf32>
    return %y : tensor<4xf32>
  }
}

// -----

func.func @g(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{(C1) stands outside of a model; instances and imports belong to the dither.model around the function}}
  %y = dither.call @a::@f(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
