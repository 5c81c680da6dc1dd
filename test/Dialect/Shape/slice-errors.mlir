// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @slice_c1(%x: tensor<4x8xf32>) {
  // expected-error@+1 {{(C1) needs one offset, size and stride for each of the 2 dimensions}}
  %0 = dither.slice %x {offsets = array<i64: 0>, sizes = array<i64: 4>, strides = array<i64: 1>} : tensor<4x8xf32>
  return
}

// -----

func.func @slice_c1_stride(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C1) dimension 0 needs offset and size >= 0, stride >= 1}}
  %0 = dither.slice %x {offsets = array<i64: 0>, sizes = array<i64: 4>, strides = array<i64: 0>} : tensor<4xf32>
  return
}

// -----

func.func @slice_c2(%x: tensor<8xf32>) {
  // expected-error@+1 {{(C2) the box leaves dimension 0 of extent 8}}
  %0 = dither.slice %x {offsets = array<i64: 2>, sizes = array<i64: 4>, strides = array<i64: 2>} : tensor<8xf32>
  return
}

// -----

func.func @slice_c3(%x: tensor<?xf32>) {
  // expected-error@+1 {{(C3) takes dynamic dimension 0 whole}}
  %0 = dither.slice %x {offsets = array<i64: 0>, sizes = array<i64: 4>, strides = array<i64: 1>} : tensor<?xf32>
  return
}

// -----

func.func @embed_c1(%x: tensor<4xf32>, %y: tensor<4x8xf32>) {
  // expected-error@+1 {{(C1) needs one offset and stride for each of the 2 dimensions}}
  %0 = dither.embed %x like %y {offsets = array<i64: 0>, strides = array<i64: 1>} : tensor<4xf32>, tensor<4x8xf32>
  return
}

// -----

func.func @embed_c2(%x: tensor<4xf32>, %y: tensor<8xf32>) {
  // expected-error@+1 {{(C2) the box leaves dimension 0}}
  %0 = dither.embed %x like %y {offsets = array<i64: 5>, strides = array<i64: 1>} : tensor<4xf32>, tensor<8xf32>
  return
}
