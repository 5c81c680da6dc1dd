dither.model @contraction {
  func.func @matmul_plain(%a: tensor<?x5xf64>, %b: tensor<5x3xf64>) -> tensor<?x3xf64> {
    %y = dither.matmul %a, %b : tensor<?x5xf64>, tensor<5x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @matmul_y(%a: tensor<?x5xf64>, %b: tensor<3x5xf64>) -> tensor<?x3xf64> {
    %y = dither.matmul %a, %b {transpose_y} : tensor<?x5xf64>, tensor<3x5xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @matmul_x(%a: tensor<5x?xf64>, %b: tensor<5x3xf64>) -> tensor<?x3xf64> {
    %y = dither.matmul %a, %b {transpose_x} : tensor<5x?xf64>, tensor<5x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @matmul_both(%a: tensor<5x?xf64>, %b: tensor<3x5xf64>) -> tensor<?x3xf64> {
    %y = dither.matmul %a, %b {transpose_x, transpose_y} : tensor<5x?xf64>, tensor<3x5xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @matmul_over_batch(%a: tensor<?x5xf64>, %b: tensor<?x3xf64>) -> tensor<5x3xf64> {
    %y = dither.matmul %a, %b {transpose_x} : tensor<?x5xf64>, tensor<?x3xf64>
    return %y : tensor<5x3xf64>
  }

  func.func @matmul_rows(%a: tensor<?x2x5xf64>, %b: tensor<5x3xf64>) -> tensor<?x2x3xf64> {
    %y = dither.matmul %a, %b : tensor<?x2x5xf64>, tensor<5x3xf64>
    return %y : tensor<?x2x3xf64>
  }

  func.func @matmul_over_rows(%a: tensor<?x2x5xf64>, %b: tensor<?x2x3xf64>) -> tensor<5x3xf64> {
    %y = dither.matmul %a, %b {transpose_x} : tensor<?x2x5xf64>, tensor<?x2x3xf64>
    return %y : tensor<5x3xf64>
  }

  // Columns that do not lie side by side.
  func.func @matmul_of_columns(%a: tensor<?x10xf64>, %b: tensor<5x6xf64>) -> tensor<?x3xf64> {
    %x = dither.slice %a {offsets = array<i64: 0, 1>, sizes = array<i64: -1, 5>, strides = array<i64: 1, 2>} : tensor<?x10xf64>
    %w = dither.slice %b {offsets = array<i64: 0, 0>, sizes = array<i64: 5, 3>, strides = array<i64: 1, 2>} : tensor<5x6xf64>
    %y = dither.matmul %x, %w : tensor<?x5xf64>, tensor<5x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @linear_rows(%a: tensor<?x2x5xf64>, %b: tensor<5x3xf64>, %c: tensor<3xf64>) -> tensor<?x2x3xf64> {
    %y = dither.linear %a, %b, %c : tensor<?x2x5xf64>, tensor<5x3xf64>, tensor<3xf64>
    return %y : tensor<?x2x3xf64>
  }

  func.func @linear(%a: tensor<?x5xf64>, %b: tensor<5x3xf64>) -> tensor<?x3xf64> {
    %y = dither.linear %a, %b : tensor<?x5xf64>, tensor<5x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @linear_bias(%a: tensor<?x5xf64>, %b: tensor<5x3xf64>, %c: tensor<3xf64>) -> tensor<?x3xf64> {
    %y = dither.linear %a, %b, %c : tensor<?x5xf64>, tensor<5x3xf64>, tensor<3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @chain(%a: tensor<?x5xf64>, %b: tensor<5x5xf64>) -> tensor<?x5xf64> {
    // Uses of one value add up, also across ops.
    %h = dither.linear %a, %b : tensor<?x5xf64>, tensor<5x5xf64>
    %t = dither.tanh %h : tensor<?x5xf64>
    %s = dither.add %t, %a : tensor<?x5xf64>, tensor<?x5xf64>
    %y = dither.linear %s, %b : tensor<?x5xf64>, tensor<5x5xf64>
    return %y : tensor<?x5xf64>
  }
}
