// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @none(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C1) finds no function @f}}
  %y, %g = dither.vjp @f(%x) along(%x) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  return
}

// -----

func.func @f(%x: tensor<4xf32>, %n: tensor<i32>) -> (tensor<4xf32>, tensor<i32>) {
  return %x, %n : tensor<4xf32>, tensor<i32>
}
func.func @inputs(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C1) has inputs of 'tensor<4xf32>' where they should be 'tensor<4xf32>', 'tensor<i32>'}}
  %y, %m, %g = dither.vjp @f(%x) along(%x) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<i32>, tensor<4xf32>)
  return
}

// -----

func.func @f(%x: tensor<4xf32>, %n: tensor<i32>) -> (tensor<4xf32>, tensor<i32>) {
  return %x, %n : tensor<4xf32>, tensor<i32>
}
func.func @directions(%x: tensor<4xf32>, %n: tensor<i32>) {
  // expected-error@+1 {{(C2) has directions of 'tensor<4xf32>', 'tensor<4xf32>' where they should be 'tensor<4xf32>'}}
  %y, %m, %g = dither.jvp @f(%x, %n) along(%x, %x) : (tensor<4xf32>, tensor<i32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<i32>, tensor<4xf32>)
  return
}

// -----

func.func @f(%x: tensor<4xf32>, %n: tensor<i32>) -> (tensor<4xf32>, tensor<i32>) {
  return %x, %n : tensor<4xf32>, tensor<i32>
}
func.func @results(%x: tensor<4xf32>, %n: tensor<i32>) {
  // expected-error@+1 {{(C3) has results of 'tensor<4xf32>' where they should be 'tensor<4xf32>', 'tensor<i32>', 'tensor<4xf32>'}}
  %y = dither.vjp @f(%x, %n) along(%x) : (tensor<4xf32>, tensor<i32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%x: tensor<4xf32>, %n: tensor<i32>) -> (tensor<4xf32>, tensor<i32>) {
  return %x, %n : tensor<4xf32>, tensor<i32>
}
func.func @backward(%x: tensor<4xf32>, %n: tensor<i32>) {
  // expected-error@+1 {{(C2) has a gradient that takes arguments of 'tensor<4xf32>', 'tensor<i32>' where they should be 'tensor<4xf32>', 'tensor<i32>', 'tensor<4xf32>'}}
  %y, %m = dither.custom_vjp @f backward @f(%x, %n) : (tensor<4xf32>, tensor<i32>) -> (tensor<4xf32>, tensor<i32>)
  return
}

// -----

dither.model @m {
  dither.param @w : tensor<4xf32> init #dither.fill<1.0>
  func.func @scaled(%x: tensor<4xf32>) -> tensor<4xf32> {
    %w = dither.read @w : tensor<4xf32>
    %y = dither.mul %x, %w : tensor<4xf32>, tensor<4xf32>
    return %y : tensor<4xf32>
  }
  func.func @back(%x: tensor<4xf32>, %dy: tensor<4xf32>) -> tensor<4xf32> {
    return %dy : tensor<4xf32>
  }
  func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
    // expected-error@+1 {{(C1) calls @scaled, which reads parameters or draws numbers; make them arguments}}
    %y = dither.custom_vjp @scaled backward @back(%x) : (tensor<4xf32>) -> tensor<4xf32>
    return %y : tensor<4xf32>
  }
}
