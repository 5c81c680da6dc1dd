// RUN: dither-opt %s --verify-diagnostics --split-input-file --dither-instantiate=import-path=%S/Inputs

dither.model @m {
  // expected-error-re@+1 {{(C2) finds no file "nothing.mlir" in {{.*}}Inputs'; correct the path, or name its folder with --import-path}}
  dither.import @layers "nothing.mlir"
}

// -----

dither.model @m {
  // expected-error@+1 {{(C2) finds no file "/nothing.mlir"}}
  dither.import @layers "/nothing.mlir"
}

// -----

dither.model @m {
  dither.import @layers "layers.mlir"
  // expected-error@+1 {{(C1) finds no layer @layers::@dens; the layers of "layers.mlir" are: @dense, @block}}
  dither.instance @a of @layers::@dens
}

// -----

dither.model @m {
  dither.import @layers "empty.mlir"
  // expected-error@+1 {{(C1) finds no layer @layers::@dense; the layers of "empty.mlir" are: none}}
  dither.instance @a of @layers::@dense
}

// -----

dither.model @m {
  // expected-note@+1 {{this is the layer}}
  dither.model @inner {
    dither.instance @o of @outer
  }
  dither.model @outer {
    // expected-error@+1 {{(C2) is of @inner, which would hold itself without end}}
    dither.instance @i of @inner
  }
  dither.instance @a of @outer
}

// -----

dither.model @m {
  dither.import @layers "layers.mlir"
  // expected-note@+1 {{the other one is here}}
  dither.param @a.w : tensor<4xf32> init #dither.fill<0.0>
  // expected-error@+1 {{(C3) brings @a.w, a name that is taken; give one of the two another}}
  dither.instance @a of @layers::@dense
}

// -----

dither.model @m {
  dither.import @layers "layers.mlir"
  dither.instance @a of @layers::@block
  func.func @f(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    // expected-error@+1 {{(C1) finds no function @a::@backward; those of @layers::@block are: @inner.forward, @forward}}
    %y = dither.call @a::@backward(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    return %y : tensor<?x4xf32>
  }
}

// -----

dither.model @m {
  dither.import @layers "layers.mlir"
  func.func @f(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    // expected-error@+1 {{(C1) finds no function @layers::@dense; it is a layer: call a function of a dither.instance of it}}
    %y = dither.call @layers::@dense(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    return %y : tensor<?x4xf32>
  }
}

// -----

dither.model @m {
  dither.import @layers "layers.mlir"
  func.func @f(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    // expected-error@+1 {{(C1) finds no function @layers::@half; the functions of "layers.mlir" are: @double, @quadruple, @unused}}
    %y = dither.call @layers::@half(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    return %y : tensor<?x4xf32>
  }
}

// -----

dither.model @m {
  dither.model @id {
    // expected-note@+1 {{this is the function}}
    func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
      return %x : tensor<?x4xf32>
    }
  }
  dither.instance @a of @id
  func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
    // expected-error@+1 {{(C2) calls @a::@forward as '(tensor<?x8xf32>) -> tensor<?x8xf32>', but it is '(tensor<?x4xf32>) -> tensor<?x4xf32>'}}
    %y = dither.call @a::@forward(%x) : (tensor<?x8xf32>) -> tensor<?x8xf32>
    return %y : tensor<?x8xf32>
  }
}
