// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @rank(%x: tensor<3xf32>, %a: tensor<3x2xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{(C1) needs `x` [..., steps, channels], static but for a first dimension in front of these, got 'tensor<3xf32>'}}
  %y:3 = dither.selective_scan %x, %x, %a, %b, %b : tensor<3xf32>, tensor<3x2xf32>, tensor<2xf32>
  return
}

// -----

func.func @steps(%x: tensor<?x3xf32>, %a: tensor<3x2xf32>, %b: tensor<?x2xf32>) {
  // expected-error@+1 {{(C1) needs `x` [..., steps, channels], static but for a first dimension in front of these, got 'tensor<?x3xf32>'}}
  %y:3 = dither.selective_scan %x, %x, %a, %b, %b : tensor<?x3xf32>, tensor<3x2xf32>, tensor<?x2xf32>
  return
}

// -----

func.func @rates(%x: tensor<4x3xf32>, %a: tensor<2x3xf32>, %b: tensor<4x3xf32>) {
  // expected-error@+1 {{(C2) needs `a` of the shape of 'tensor<3x3xf32>', got 'tensor<2x3xf32>'}}
  %y:3 = dither.selective_scan %x, %x, %a, %b, %b : tensor<4x3xf32>, tensor<2x3xf32>, tensor<4x3xf32>
  return
}

// -----

func.func @projected(%x: tensor<?x4x3xf32>, %a: tensor<3x2xf32>, %b: tensor<4x2xf32>) {
  // expected-error@+1 {{(C2) needs `b` of the shape of 'tensor<?x4x2xf32>', got 'tensor<4x2xf32>'}}
  %y:3 = dither.selective_scan %x, %x, %a, %b, %b : tensor<?x4x3xf32>, tensor<3x2xf32>, tensor<4x2xf32>
  return
}

// -----

func.func @skip(%x: tensor<4x3xf32>, %a: tensor<3x2xf32>, %b: tensor<4x2xf32>, %d: tensor<2xf32>) {
  // expected-error@+1 {{(C3) needs `skip` of the shape of 'tensor<3xf32>', got 'tensor<2xf32>'}}
  %y:3 = dither.selective_scan %x, %x, %a, %b, %b skip %d : tensor<4x3xf32>, tensor<3x2xf32>, tensor<4x2xf32> skip tensor<2xf32>
  return
}

// -----

func.func @initial(%x: tensor<4x3xbf16>, %a: tensor<3x2xbf16>, %b: tensor<4x2xbf16>, %h: tensor<3x2xbf16>) {
  // expected-error@+1 {{(C4) needs `initial` of 'f32', got 'tensor<3x2xbf16>'; convert it with dither.cast}}
  %y:3 = dither.selective_scan %x, %x, %a, %b, %b from %h : tensor<4x3xbf16>, tensor<3x2xbf16>, tensor<4x2xbf16> from tensor<3x2xbf16>
  return
}

// -----

func.func @block(%x: tensor<4x3xf32>, %a: tensor<3x2xf32>, %b: tensor<4x2xf32>) {
  // expected-error@+1 {{(C5) needs a positive `block`, got 0}}
  %y:3 = dither.selective_scan %x, %x, %a, %b, %b {block = 0 : i64} : tensor<4x3xf32>, tensor<3x2xf32>, tensor<4x2xf32>
  return
}
