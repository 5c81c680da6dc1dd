// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @c1(%x: tensor<20x4xf32>) {
  // expected-error@+1 {{(C1) needs a matrix of f32 and static shape with a multiple of 8 rows, not 'tensor<20x4xf32>'}}
  %y = dither.represent %x {format = #dither.codebook<books = 2, index_bits = 8>} : tensor<20x4xf32>
  return
}

// -----

// expected-error@+1 {{(C2) there are 2 books with indices of 16 bits; it must be 1 with 8 or 16, or 2 with 8}}
module attributes {test.a = #dither.codebook<books = 2, index_bits = 16>} {}

// -----

// expected-error@+1 {{(C3) means have f32 or f16 scales, not e8m0}}
module attributes {test.a = #dither.codebook<books = 2, index_bits = 8, scale = e8m0>} {}

// -----

dither.model @m {
  // expected-error@+1 {{(C3) #dither.codebook<books = 2, index_bits = 8> codes 8 elements together, of which #dither.nm<2 : 4> takes out some}}
  dither.param @w : tensor<64x64xf32> init #dither.kaiming_uniform frozen {pattern = #dither.nm<2 : 4>, format = #dither.codebook<books = 2, index_bits = 8>}
}

// -----

func.func @codes(%x: tensor<16x4xf32>) {
  // expected-error@+1 {{(C2) gives codes of 'tensor<4x4xi8>'}}
  %codes, %scales, %book = dither.quantize #dither.codebook<books = 2, index_bits = 8> %x
    : tensor<16x4xf32> -> tensor<16x4xi8>, tensor<1x4xf32>, tensor<512x8xi8>
  return
}
