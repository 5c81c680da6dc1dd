dither.model @fourier {
  func.func @rfft(%a: tensor<?x3x6xf64>) -> tensor<?x3x4x2xf64> {
    %y = dither.rfft %a : tensor<?x3x6xf64>
    return %y : tensor<?x3x4x2xf64>
  }

  func.func @rfft_padded(%a: tensor<7xf64>) -> tensor<5x2xf64> {
    %y = dither.rfft %a {length = 9 : i64} : tensor<7xf64>
    return %y : tensor<5x2xf64>
  }

  func.func @rfft_cut(%a: tensor<?x7xf64>) -> tensor<?x3x2xf64> {
    %y = dither.rfft %a {length = 4 : i64} : tensor<?x7xf64>
    return %y : tensor<?x3x2xf64>
  }

  func.func @rfft_one(%a: tensor<2x0xf64>, %b: tensor<2x1xf64>) -> (tensor<2x1x2xf64>, tensor<2x1x2xf64>) {
    %y = dither.rfft %a {length = 1 : i64} : tensor<2x0xf64>
    %z = dither.rfft %b : tensor<2x1xf64>
    return %y, %z : tensor<2x1x2xf64>, tensor<2x1x2xf64>
  }

  // Even and odd first radices, two levels and three.
  func.func @rfft_levels(%a: tensor<?x66xf64>) -> tensor<?x34x2xf64> {
    %y = dither.rfft %a : tensor<?x66xf64>
    return %y : tensor<?x34x2xf64>
  }

  func.func @rfft_odd_levels(%a: tensor<?x2x75xf32>) -> tensor<?x2x38x2xf32> {
    %y = dither.rfft %a : tensor<?x2x75xf32>
    return %y : tensor<?x2x38x2xf32>
  }

  func.func @rfft_many_levels(%a: tensor<2500xf32>) -> tensor<1251x2xf32> {
    %y = dither.rfft %a : tensor<2500xf32>
    return %y : tensor<1251x2xf32>
  }

  func.func @rfft_prime(%a: tensor<?x131xf32>) -> tensor<?x66x2xf32> {
    %y = dither.rfft %a : tensor<?x131xf32>
    return %y : tensor<?x66x2xf32>
  }

  func.func @rfft_none(%a: tensor<?x0x80xf64>) -> tensor<?x0x41x2xf64> {
    %y = dither.rfft %a : tensor<?x0x80xf64>
    return %y : tensor<?x0x41x2xf64>
  }

  func.func @rfft_narrow(%a: tensor<?x5xbf16>) -> tensor<?x3x2xbf16> {
    %y = dither.rfft %a : tensor<?x5xbf16>
    return %y : tensor<?x3x2xbf16>
  }

  func.func @irfft(%a: tensor<?x3x4x2xf64>) -> tensor<?x3x6xf64> {
    %y = dither.irfft %a : tensor<?x3x4x2xf64>
    return %y : tensor<?x3x6xf64>
  }

  func.func @irfft_odd(%a: tensor<4x2xf64>) -> tensor<9xf64> {
    %y = dither.irfft %a {length = 9 : i64} : tensor<4x2xf64>
    return %y : tensor<9xf64>
  }

  func.func @irfft_one(%a: tensor<2x3x2xf64>) -> tensor<2x1xf64> {
    %y = dither.irfft %a {length = 1 : i64} : tensor<2x3x2xf64>
    return %y : tensor<2x1xf64>
  }

  func.func @irfft_levels(%a: tensor<?x34x2xf64>) -> tensor<?x66xf64> {
    %y = dither.irfft %a : tensor<?x34x2xf64>
    return %y : tensor<?x66xf64>
  }

  func.func @irfft_odd_levels(%a: tensor<?x2x38x2xf32>) -> tensor<?x2x75xf32> {
    %y = dither.irfft %a {length = 75 : i64} : tensor<?x2x38x2xf32>
    return %y : tensor<?x2x75xf32>
  }

  func.func @irfft_many_levels(%a: tensor<1251x2xf32>) -> tensor<2500xf32> {
    %y = dither.irfft %a : tensor<1251x2xf32>
    return %y : tensor<2500xf32>
  }

  func.func @irfft_prime(%a: tensor<?x66x2xf32>) -> tensor<?x131xf32> {
    %y = dither.irfft %a {length = 131 : i64} : tensor<?x66x2xf32>
    return %y : tensor<?x131xf32>
  }

  func.func @fft(%a: tensor<?x2x5x2xf64>) -> tensor<?x2x6x2xf64> {
    %y = dither.fft %a {length = 6 : i64} : tensor<?x2x5x2xf64>
    return %y : tensor<?x2x6x2xf64>
  }

  func.func @fft_levels(%a: tensor<?x2x70x2xf64>) -> tensor<?x2x70x2xf64> {
    %y = dither.fft %a : tensor<?x2x70x2xf64>
    return %y : tensor<?x2x70x2xf64>
  }

  func.func @fft_two_primes(%a: tensor<262x2xf32>) -> tensor<262x2xf32> {
    %y = dither.fft %a : tensor<262x2xf32>
    return %y : tensor<262x2xf32>
  }

  func.func @ifft(%a: tensor<?x2x7x2xf64>) -> tensor<?x2x6x2xf64> {
    %y = dither.ifft %a {length = 6 : i64} : tensor<?x2x7x2xf64>
    return %y : tensor<?x2x6x2xf64>
  }

  func.func @fft_conv(%a: tensor<?x5x3xf64>, %k: tensor<5x3xf64>) -> tensor<?x5x3xf64> {
    %y = dither.fft_conv %a, %k : tensor<?x5x3xf64>, tensor<5x3xf64>
    return %y : tensor<?x5x3xf64>
  }

  func.func @fft_conv_short(%a: tensor<?x2x7x1xf64>, %k: tensor<2x1xf64>) -> tensor<?x2x7x1xf64> {
    %y = dither.fft_conv %a, %k : tensor<?x2x7x1xf64>, tensor<2x1xf64>
    return %y : tensor<?x2x7x1xf64>
  }

  func.func @fft_conv_long(%a: tensor<3x2xf64>, %k: tensor<6x2xf64>) -> tensor<3x2xf64> {
    %y = dither.fft_conv %a, %k : tensor<3x2xf64>, tensor<6x2xf64>
    return %y : tensor<3x2xf64>
  }

  func.func @fft_conv_narrow(%a: tensor<?x5x3xf16>, %k: tensor<4x3xf16>) -> tensor<?x5x3xf16> {
    %y = dither.fft_conv %a, %k : tensor<?x5x3xf16>, tensor<4x3xf16>
    return %y : tensor<?x5x3xf16>
  }
}
