// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @pack_bits_c1(%x: tensor<8xi8>) {
  // expected-error@+1 {{(C1) packs fields of 1 to 8 bits, not 9}}
  %0 = dither.pack_bits %x {bits = 9 : i64, dim = 0 : i64} : tensor<8xi8> -> tensor<9xi8>
  return
}

// -----

func.func @pack_bits_c2(%x: tensor<?x8xi8>) {
  // expected-error@+1 {{(C2) has no static dimension 0}}
  %0 = dither.pack_bits %x {bits = 4 : i64, dim = 0 : i64} : tensor<?x8xi8> -> tensor<?x8xi8>
  return
}

// -----

func.func @unpack_bits_c3(%x: tensor<4xi8>) {
  // expected-error@+1 {{(C3) packs 'tensor<9xi8>' into 'tensor<5xi8>', not 'tensor<4xi8>'}}
  %0 = dither.unpack_bits %x {bits = 4 : i64, dim = 0 : i64} : tensor<4xi8> -> tensor<9xi8>
  return
}

// -----

func.func @pack_c1(%x: tensor<8x3xf32>) {
  // expected-error@+1 {{(C1) needs a pattern or a format}}
  %0 = dither.pack %x : tensor<8x3xf32> -> tensor<8x3xf32>
  return
}

// -----

func.func @pack_c1_mask(%x: tensor<8x3xf32>) {
  // expected-error@+1 {{(C1)}}
  %0, %1 = dither.pack %x {pattern = #dither.nm<2 : 4>} : tensor<8x3xf32> -> tensor<4x3xf32>, tensor<1x3xi8>
  return
}

// -----

func.func @unpack_c2(%v: tensor<3x3xf32>, %i: tensor<1x3xi8>) {
  // expected-error@+1 {{(C2)}}
  %0 = dither.unpack %v, %i {pattern = #dither.nm<2 : 4>} : tensor<3x3xf32>, tensor<1x3xi8> -> tensor<6x3xf32>
  return
}

// -----

func.func @unpack_c3(%v: tensor<4x3xf32>, %i: tensor<2x3xi8>) {
  // expected-error@+1 {{(C3) has the parts values: 'tensor<4x3xf32>', indices: 'tensor<1x3xi8>'}}
  %0 = dither.unpack %v, %i {pattern = #dither.nm<2 : 4>} : tensor<4x3xf32>, tensor<2x3xi8> -> tensor<8x3xf32>
  return
}

// -----

func.func @pack_c2_dynamic(%x: tensor<?x3xf32>) {
  // expected-error@+1 {{(C2) packs tensors of static shape, not 'tensor<?x3xf32>'}}
  %0, %1 = dither.pack %x {format = #dither.int<bits = 4>} : tensor<?x3xf32> -> tensor<4x3xi8>, tensor<1x3xf32>
  return
}

// -----

func.func @pack_c1_needless_mask(%x: tensor<8x3xf32>, %m: tensor<8x3xi1>) {
  // expected-error@+1 {{(C1) needs a mask if and only if it has a pattern}}
  %0, %1 = dither.pack %x, %m {format = #dither.int<bits = 4>} : tensor<8x3xf32>, tensor<8x3xi1> -> tensor<4x3xi8>, tensor<1x3xf32>
  return
}

// -----

func.func @unpack_not_a_pattern(%v: tensor<4x3xf32>) {
  // expected-error@+1 {{3 : i64 is not a pattern such as #dither.nm<2 : 4>}}
  %0 = dither.unpack %v {pattern = 3 : i64} : tensor<4x3xf32> -> tensor<8x3xf32>
  return
}

// -----

func.func @unpack_not_a_format(%v: tensor<4x3xf32>) {
  // expected-error@+1 {{#dither.nm<2 : 4> is not a format such as #dither.int<bits = 4>}}
  %0 = dither.unpack %v {format = #dither.nm<2 : 4>} : tensor<4x3xf32> -> tensor<8x3xf32>
  return
}

// -----

func.func @packed_matmul_c4(%x: tensor<2x6xf32>, %codes: tensor<4x3xi8>, %scales: tensor<1x3xf32>) {
  // expected-error@+1 {{(C4) is no product: 'tensor<2x6xf32>' times 'tensor<8x3xf32>' to 'tensor<2x3xf32>'}}
  %0 = dither.packed_matmul %x, %codes, %scales {dense = tensor<8x3xf32>, format = #dither.int<bits = 4>}
    : tensor<2x6xf32>, tensor<4x3xi8>, tensor<1x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @c5_values_have_no_parts(%x: tensor<2x8xf32>, %p: tensor<2x1xf32>, %w: tensor<4x3xi8>, %s: tensor<1x3xf32>) {
  // expected-error@+1 {{(C5) needs 0 parts of x}}
  %y = dither.packed_matmul %x, %w, %s activations(%p : tensor<2x1xf32>) {dense = tensor<8x3xf32>, format = #dither.int<bits = 4>}
    : tensor<2x8xf32>, tensor<4x3xi8>, tensor<1x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @c5_other_elements(%x: tensor<2x8xf64>, %w: tensor<4x3xi8>, %s: tensor<1x3xf32>) {
  // expected-error@+1 {{(C5) multiplies f32, bf16, f16 or codes, not}}
  %y = dither.packed_matmul %x, %w, %s {dense = tensor<8x3xf32>, format = #dither.int<bits = 4>}
    : tensor<2x8xf64>, tensor<4x3xi8>, tensor<1x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @transposed_codes(%x: tensor<2x64xi8>, %xs: tensor<2x1xf32>, %starts: tensor<2x1xi32>, %w: tensor<4x64xi8>, %s: tensor<1x64xf32>) -> tensor<2x8xf32> {
  // expected-error@+1 {{(C6) multiplies codes of x with a matrix as it is, not with its transpose}}
  %y = dither.packed_matmul %x, %w, %s activations(%xs, %starts : tensor<2x1xf32>, tensor<2x1xi32>)
    {dense = tensor<8x64xf32>, format = #dither.int<bits = 4>, transpose_w} : tensor<2x64xi8>, tensor<4x64xi8>, tensor<1x64xf32> -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}
