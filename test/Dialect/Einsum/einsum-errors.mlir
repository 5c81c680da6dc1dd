// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @arrow(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{(C1) needs an equation such as "ij,jk->ik", with letters for each operand, got "ij"}}
  %y = dither.einsum "ij" %x : tensor<4x3xf32>
  return
}

// -----

func.func @operands(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{(C1) needs an equation}}
  %y = dither.einsum "ij,jk->ik" %x : tensor<4x3xf32>
  return
}

// -----

func.func @rank(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{(C2) needs a letter of its own for each dimension of 'tensor<4x3xf32>', got "ijk"}}
  %y = dither.einsum "ijk->ik" %x : tensor<4x3xf32>
  return
}

// -----

func.func @diagonal(%x: tensor<4x4xf32>) {
  // expected-error@+1 {{(C2) needs a letter of its own for each dimension of 'tensor<4x4xf32>', got "ii"}}
  %y = dither.einsum "ii->i" %x : tensor<4x4xf32>
  return
}

// -----

func.func @twice(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{(C2) has a result with a letter twice: "ii"}}
  %y = dither.einsum "ij->ii" %x : tensor<4x3xf32>
  return
}

// -----

func.func @unknown(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{(C3) finds 'k' in no operand}}
  %y = dither.einsum "ij->ik" %x : tensor<4x3xf32>
  return
}

// -----

func.func @extents(%x: tensor<4x3xf32>, %y: tensor<4x3xf32>) {
  // expected-error@+1 {{(C4) has different extents for 'j'}}
  %z = dither.einsum "ij,jk->ik" %x, %y : tensor<4x3xf32>, tensor<4x3xf32>
  return
}

// -----

func.func @elements(%x: tensor<4x3xf32>, %y: tensor<3x2xf64>) {
  // expected-error@+1 {{(C5) element types differ; convert with dither.cast}}
  %z = dither.einsum "ij,jk->ik" %x, %y : tensor<4x3xf32>, tensor<3x2xf64>
  return
}
