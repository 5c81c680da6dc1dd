// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @dim(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C1) has no dimension 1 in 'tensor<4xf32>'}}
  %y = dither.associative_scan %x {dim = 1 : i64} : tensor<4xf32> {
  ^bb0(%l: tensor<4xf32>, %r: tensor<4xf32>):
    dither.yield %l : tensor<4xf32>
  }
  return
}

// -----

func.func @dynamic(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{(C2) goes along a static dimension of tensors of which at most the first one is dynamic, got 'tensor<?x4xf32>'}}
  %y = dither.associative_scan %x {dim = 0 : i64} : tensor<?x4xf32> {
  ^bb0(%l: tensor<4xf32>, %r: tensor<4xf32>):
    dither.yield %l : tensor<4xf32>
  }
  return
}

// -----

func.func @extents(%x: tensor<4xf32>, %y: tensor<5xf32>) {
  // expected-error@+1 {{(C2) needs equal extents along dimension 0, got 4 and 5}}
  %z:2 = dither.associative_scan %x, %y {dim = 0 : i64} : tensor<4xf32>, tensor<5xf32> {
  ^bb0(%a: tensor<f32>, %b: tensor<f32>, %c: tensor<f32>, %d: tensor<f32>):
    dither.yield %a, %b : tensor<f32>, tensor<f32>
  }
  return
}

// -----

func.func @arguments(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{(C3) has a region that takes 'tensor<3xf32>', 'tensor<3xf32>'}}
  %y = dither.associative_scan %x {dim = 0 : i64} : tensor<4x3xf32> {
  ^bb0(%l: tensor<3xf32>):
    dither.yield %l : tensor<3xf32>
  }
  return
}

// -----

func.func @yields(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{(C4) has a region that yields 'tensor<3xf32>'}}
  %y = dither.associative_scan %x {dim = 0 : i64} : tensor<4x3xf32> {
  ^bb0(%l: tensor<3xf32>, %r: tensor<3xf32>):
    dither.yield %l, %r : tensor<3xf32>, tensor<3xf32>
  }
  return
}
