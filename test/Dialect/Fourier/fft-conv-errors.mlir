// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @fft_conv_c1(%x: tensor<?x3xf32>, %k: tensor<2x3xf32>) {
  // expected-error@+1 {{(C1) needs sequences [..., time, channels], static but for a first dimension before time, and a static kernel [steps, channels], got 'tensor<?x3xf32>' and 'tensor<2x3xf32>'}}
  %0 = dither.fft_conv %x, %k : tensor<?x3xf32>, tensor<2x3xf32>
  return
}

// -----

func.func @fft_conv_c2(%x: tensor<8x3xf32>, %k: tensor<2x4xf32>) {
  // expected-error@+1 {{(C2) needs a kernel of at least one step for each of the 3 channels, got 'tensor<2x4xf32>'}}
  %0 = dither.fft_conv %x, %k : tensor<8x3xf32>, tensor<2x4xf32>
  return
}

// -----

func.func @fft_conv_c2_empty(%x: tensor<8x3xf32>, %k: tensor<0x3xf32>) {
  // expected-error@+1 {{(C2) needs a kernel of at least one step for each of the 3 channels, got 'tensor<0x3xf32>'}}
  %0 = dither.fft_conv %x, %k : tensor<8x3xf32>, tensor<0x3xf32>
  return
}

// -----

func.func @fft_conv_c3(%x: tensor<8x3xf32>, %k: tensor<2x3xf64>) {
  // expected-error@+1 {{(C3) element types differ: 'f32' and 'f64'; convert one with dither.cast}}
  %0 = dither.fft_conv %x, %k : tensor<8x3xf32>, tensor<2x3xf64>
  return
}

// -----

func.func @fft_conv_c4(%x: tensor<8388608x1xf32>, %k: tensor<2x1xf32>) {
  // expected-error@+1 {{(C4) needs less than 2^23 steps, got 'tensor<8388608x1xf32>'}}
  %0 = dither.fft_conv %x, %k : tensor<8388608x1xf32>, tensor<2x1xf32>
  return
}
