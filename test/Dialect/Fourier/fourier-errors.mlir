// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @rfft_c1(%x: tensor<f32>) {
  // expected-error@+1 {{(C1) needs numbers [..., n], static but for the first dimension, got 'tensor<f32>'}}
  %0 = dither.rfft %x : tensor<f32>
  return
}

// -----

func.func @fft_c1(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{(C1) needs pairs [..., n, 2], static but for the first dimension, got 'tensor<4x3xf32>'}}
  %0 = dither.fft %x : tensor<4x3xf32>
  return
}

// -----

func.func @ifft_c1(%x: tensor<4x?x2xf32>) {
  // expected-error@+1 {{(C1) needs pairs [..., n, 2], static but for the first dimension, got 'tensor<4x?x2xf32>'}}
  %0 = dither.ifft %x : tensor<4x?x2xf32>
  return
}

// -----

func.func @rfft_c2(%x: tensor<?xf32>) {
  // expected-error@+1 {{(C2) needs a known extent of what is transformed, got 'tensor<?xf32>'}}
  %0 = dither.rfft %x {length = 4 : i64} : tensor<?xf32>
  return
}

// -----

func.func @rfft_c2_empty(%x: tensor<3x0xf32>) {
  // expected-error@+1 {{(C2) cannot transform 0 numbers; a length is from 1 to 2^24 - 1, and `length` may say it}}
  %0 = dither.rfft %x : tensor<3x0xf32>
  return
}

// -----

func.func @irfft_c2_one(%x: tensor<1x2xf32>) {
  // expected-error@+1 {{(C2) cannot transform 0 numbers; a length is from 1 to 2^24 - 1, and `length` may say it}}
  %0 = dither.irfft %x : tensor<1x2xf32>
  return
}

// -----

func.func @ifft_c2_negative(%x: tensor<3x2xf32>) {
  // expected-error@+1 {{(C2) cannot transform -1 numbers; a length is from 1 to 2^24 - 1}}
  %0 = dither.ifft %x {length = -1 : i64} : tensor<3x2xf32>
  return
}

// -----

func.func @rfft_c2_large(%x: tensor<16777216xf32>) {
  // expected-error@+1 {{(C2) cannot transform 16777216 numbers; a length is from 1 to 2^24 - 1, and `length` may say it}}
  %0 = dither.rfft %x : tensor<16777216xf32>
  return
}
