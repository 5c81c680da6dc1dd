dither.model @corners {
  func.func @exponential(%x: tensor<?x7xf32>) -> tensor<?x7xf32> {
    %y = dither.exp %x : tensor<?x7xf32>
    return %y : tensor<?x7xf32>
  }
  func.func @sine(%x: tensor<?xf32>) -> tensor<?xf32> {
    %y = dither.sin %x : tensor<?xf32>
    return %y : tensor<?xf32>
  }
  // A constant NaN, which LLVM folds through the polynomial.
  func.func @nan(%x: tensor<0xf32>) -> tensor<1xf32> {
    %mean = dither.mean %x {dims = array<i64: 0>, keep} : tensor<0xf32>
    %y = dither.exp %mean : tensor<1xf32>
    return %y : tensor<1xf32>
  }
  // A product over nothing.
  func.func @empty(%x: tensor<2x0xf32>, %w: tensor<3x0xf32>) -> tensor<2x3xf32> {
    %y = dither.matmul %x, %w {transpose_y} : tensor<2x0xf32>, tensor<3x0xf32>
    return %y : tensor<2x3xf32>
  }
  // An integer that is a bfloat16 right away.
  func.func @integer(%x: tensor<?xi32>) -> tensor<?xf32> {
    %y = dither.cast %x : tensor<?xi32> to tensor<?xbf16>
    %z = dither.cast %y : tensor<?xbf16> to tensor<?xf32>
    return %z : tensor<?xf32>
  }
  // One row, into an input that stays as it is; some of the rows do not exist.
  func.func @row(%x: tensor<3x13xi32>, %rows: tensor<1x13xi32>, %at: tensor<1xi32>) -> tensor<3x13xi32> {
    %y = dither.scatter %rows into %x at %at : tensor<1x13xi32>, tensor<3x13xi32>, tensor<1xi32>
    return %y : tensor<3x13xi32>
  }

  // Truth values are 0 and 1, not 0 and -1.
  func.func @truths(%a: tensor<?x7xf32>, %b: tensor<?x7xf32>) -> (tensor<?x7xi32>, tensor<?x7xi32>, tensor<?x7xi32>, tensor<?xi32>, tensor<?xi32>) {
    %zero = dither.constant dense<0.0> : tensor<f32>
    %p = dither.compare gt %a, %zero : tensor<?x7xf32>, tensor<f32>
    %q = dither.compare gt %b, %zero : tensor<?x7xf32>, tensor<f32>
    %lt = dither.compare lt %p, %q : tensor<?x7xi1>, tensor<?x7xi1>
    %max = dither.max %p, %q : tensor<?x7xi1>, tensor<?x7xi1>
    %min = dither.min %p, %q : tensor<?x7xi1>, tensor<?x7xi1>
    %first = dither.argmax %p : tensor<?x7xi1>
    %last = dither.argmin %p : tensor<?x7xi1>
    %0 = dither.cast %lt : tensor<?x7xi1> to tensor<?x7xi32>
    %1 = dither.cast %max : tensor<?x7xi1> to tensor<?x7xi32>
    %2 = dither.cast %min : tensor<?x7xi1> to tensor<?x7xi32>
    return %0, %1, %2, %first, %last : tensor<?x7xi32>, tensor<?x7xi32>, tensor<?x7xi32>, tensor<?xi32>, tensor<?xi32>
  }

  // Amounts that are drawn are mostly beyond the width, or negative.
  func.func @shifts(%a: tensor<?x7xi32>, %b: tensor<?x7xi32>) -> (tensor<?x7xi32>, tensor<?x7xi32>) {
    %mask = dither.constant dense<63> : tensor<i32>
    %few = dither.and %b, %mask : tensor<?x7xi32>, tensor<i32>
    %0 = dither.shl %a, %few : tensor<?x7xi32>, tensor<?x7xi32>
    %1 = dither.shr %a, %b : tensor<?x7xi32>, tensor<?x7xi32>
    return %0, %1 : tensor<?x7xi32>, tensor<?x7xi32>
  }
}
