// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @top_c1(%x: tensor<?xf32>) {
  // expected-error@+1 {{(C1) needs a static shape of rank 1 or more}}
  %m = dither.top_mask %x {count = 1 : i64} : tensor<?xf32>
  return
}

// -----

func.func @top_c2(%x: tensor<2xf64>) {
  // expected-error@+1 {{(C2) needs elements of at most 32 bits, not 'f64'}}
  %m = dither.top_mask %x {count = 1 : i64} : tensor<2xf64>
  return
}

// -----

func.func @top_c3(%x: tensor<2xf32>) {
  // expected-error@+1 {{(C3) `count` is -1; it must not be negative}}
  %m = dither.top_mask %x {count = -1 : i64} : tensor<2xf32>
  return
}

// -----

func.func @list_c1(%m: tensor<4xi1>) {
  // expected-error@+1 {{(C1) needs a matrix of static shape}}
  %r, %o = dither.list_rows %m : tensor<4xi1> -> tensor<2xi8>, tensor<5xi32>
  return
}

// -----

func.func @list_c2(%m: tensor<300x2xi1>) {
  // expected-error@+1 {{(C2) lists elements of 'tensor<300x2xi1>' by 'tensor<7xi16>' and 'tensor<3xi32>', not by 'tensor<7xi8>'}}
  %r, %o = dither.list_rows %m : tensor<300x2xi1> -> tensor<7xi8>, tensor<3xi32>
  return
}

// -----

func.func @gather_c1(%x: tensor<4x2xf32>, %r: tensor<3xi8>, %o: tensor<3xi32>) {
  // expected-error@+1 {{(C1) has as many elements of the matrix as rows, not 'tensor<2xf32>'}}
  %v = dither.gather_listed %x, %r, %o : tensor<4x2xf32>, tensor<3xi8>, tensor<3xi32> -> tensor<2xf32>
  return
}

// -----

func.func @scatter_c2(%v: tensor<3xf32>, %r: tensor<3xi8>, %o: tensor<4xi32>) {
  // expected-error@+1 {{(C2) lists elements of 'tensor<4x2xf32>'}}
  %x = dither.scatter_listed %v, %r, %o : tensor<3xf32>, tensor<3xi8>, tensor<4xi32> -> tensor<4x2xf32>
  return
}

// -----

func.func @sample_c1(%x: tensor<6x2xf32>, %i: tensor<1x2xi8>) {
  // expected-error@+1 {{(C1) (C4) needs an extent along dimension 0 that is a multiple of 4}}
  %v = dither.sample %x, %i {pattern = #dither.nm<2 : 4>} : tensor<6x2xf32>, tensor<1x2xi8> -> tensor<3x2xf32>
  return
}

// -----

func.func @sample_c2(%x: tensor<8x2xf32>, %i: tensor<1x2xi8>) {
  // expected-error@+1 {{(C2) has the parts values: 'tensor<4x2xf32>', indices: 'tensor<1x2xi8>'}}
  %v = dither.sample %x, %i {pattern = #dither.nm<2 : 4>} : tensor<8x2xf32>, tensor<1x2xi8> -> tensor<3x2xf32>
  return
}

// -----

func.func @sampled_c1(%x: tensor<3x4xf32>, %y: tensor<2x2xf32>, %r: tensor<4xi8>, %o: tensor<3xi32>) {
  // expected-error@+1 {{(C1) needs matrices with as many rows and known columns}}
  %v = dither.sampled_matmul %x, %y, %r, %o {pattern = #dither.unstructured<sparsity = 0.5>}
    : tensor<3x4xf32>, tensor<2x2xf32>, tensor<4xi8>, tensor<3xi32> -> tensor<4xf32>
  return
}
