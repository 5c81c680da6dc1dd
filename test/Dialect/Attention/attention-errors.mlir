// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @rank(%q: tensor<4x3x2xf32>, %k: tensor<1x4x3x2xf32>) {
  // expected-error@+1 {{(C1) needs tensors [batch, heads, length, width], static but for the batch, got 'tensor<4x3x2xf32>'}}
  %y, %l = dither.attention %q, %k, %k : tensor<4x3x2xf32>, tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>
  return
}

// -----

func.func @dynamic(%q: tensor<1x4x?x2xf32>) {
  // expected-error@+1 {{(C1) needs tensors [batch, heads, length, width], static but for the batch, got 'tensor<1x4x?x2xf32>'}}
  %y, %l = dither.attention %q, %q, %q : tensor<1x4x?x2xf32>, tensor<1x4x?x2xf32>, tensor<1x4x?x2xf32>
  return
}

// -----

func.func @width(%q: tensor<1x4x3x2xf32>, %k: tensor<1x4x3x5xf32>) {
  // expected-error@+1 {{(C2) has queries 'tensor<1x4x3x2xf32>', keys 'tensor<1x4x3x5xf32>' and values 'tensor<1x4x3x5xf32>', which do not fit}}
  %y, %l = dither.attention %q, %k, %k : tensor<1x4x3x2xf32>, tensor<1x4x3x5xf32>, tensor<1x4x3x5xf32>
  return
}

// -----

func.func @groups(%q: tensor<1x4x3x2xf32>, %k: tensor<1x3x3x2xf32>) {
  // expected-error@+1 {{(C2) cannot share 3 groups of keys among 4 heads}}
  %y, %l = dither.attention %q, %k, %k : tensor<1x4x3x2xf32>, tensor<1x3x3x2xf32>, tensor<1x3x3x2xf32>
  return
}

// -----

func.func @bias(%q: tensor<1x4x3x2xf32>, %b: tensor<2x3x3xf32>) {
  // expected-error@+1 {{(C3) needs a bias [4 or 1, 3, 3], got 'tensor<2x3x3xf32>'}}
  %y, %l = dither.attention %q, %q, %q bias %b : tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>, tensor<2x3x3xf32>
  return
}

// -----

func.func @elements(%q: tensor<1x4x3x2xf32>, %k: tensor<1x4x3x2xbf16>) {
  // expected-error@+1 {{(C4) element types differ; convert with dither.cast}}
  %y, %l = dither.attention %q, %k, %k : tensor<1x4x3x2xf32>, tensor<1x4x3x2xbf16>, tensor<1x4x3x2xbf16>
  return
}
