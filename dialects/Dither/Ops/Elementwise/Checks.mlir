dither.model @elementwise {
  func.func @neg(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.neg %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @abs(%a: tensor<?x5xf64>) -> tensor<?x5xf64> attributes {dither.first_order} {
    %y = dither.abs %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @exp(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.exp %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @log(%a: tensor<?x5xf64> {dither.range = [0.1, 3.0]}) -> tensor<?x5xf64> {
    %y = dither.log %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @sqrt(%a: tensor<?x5xf64> {dither.range = [0.1, 3.0]}) -> tensor<?x5xf64> {
    %y = dither.sqrt %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @rsqrt(%a: tensor<?x5xf64> {dither.range = [0.1, 3.0]}) -> tensor<?x5xf64> {
    %y = dither.rsqrt %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @tanh(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.tanh %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @erf(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.erf %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @sin(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.sin %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @atan(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.atan %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @cos(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.cos %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @add_equal(%a: tensor<?x5xf64>, %b: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.add %a, %b : tensor<?x5xf64>, tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @add_row(%a: tensor<?x5xf64>, %b: tensor<5xf64>) -> tensor<?x5xf64> {
    %y = dither.add %a, %b : tensor<?x5xf64>, tensor<5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @add_column(%a: tensor<1x5x1xf64>, %b: tensor<?x1x3xf64>) -> tensor<?x5x3xf64> {
    %y = dither.add %a, %b : tensor<1x5x1xf64>, tensor<?x1x3xf64>
    return %y : tensor<?x5x3xf64>
  }

  func.func @add_scalar(%a: tensor<f64>, %b: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.add %a, %b : tensor<f64>, tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @sub_equal(%a: tensor<?x5xf64>, %b: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.sub %a, %b : tensor<?x5xf64>, tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @sub_row(%a: tensor<?x5xf64>, %b: tensor<5xf64>) -> tensor<?x5xf64> {
    %y = dither.sub %a, %b : tensor<?x5xf64>, tensor<5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @sub_column(%a: tensor<1x5x1xf64>, %b: tensor<?x1x3xf64>) -> tensor<?x5x3xf64> {
    %y = dither.sub %a, %b : tensor<1x5x1xf64>, tensor<?x1x3xf64>
    return %y : tensor<?x5x3xf64>
  }

  func.func @sub_scalar(%a: tensor<f64>, %b: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.sub %a, %b : tensor<f64>, tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @mul_equal(%a: tensor<?x5xf64>, %b: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.mul %a, %b : tensor<?x5xf64>, tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @mul_row(%a: tensor<?x5xf64>, %b: tensor<5xf64>) -> tensor<?x5xf64> {
    %y = dither.mul %a, %b : tensor<?x5xf64>, tensor<5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @mul_column(%a: tensor<1x5x1xf64>, %b: tensor<?x1x3xf64>) -> tensor<?x5x3xf64> {
    %y = dither.mul %a, %b : tensor<1x5x1xf64>, tensor<?x1x3xf64>
    return %y : tensor<?x5x3xf64>
  }

  func.func @mul_scalar(%a: tensor<f64>, %b: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.mul %a, %b : tensor<f64>, tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @max_equal(%a: tensor<?x5xf64>, %b: tensor<?x5xf64>) -> tensor<?x5xf64> attributes {dither.first_order} {
    %y = dither.max %a, %b : tensor<?x5xf64>, tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @max_row(%a: tensor<?x5xf64>, %b: tensor<5xf64>) -> tensor<?x5xf64> attributes {dither.first_order} {
    %y = dither.max %a, %b : tensor<?x5xf64>, tensor<5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @max_column(%a: tensor<1x5x1xf64>, %b: tensor<?x1x3xf64>) -> tensor<?x5x3xf64> attributes {dither.first_order} {
    %y = dither.max %a, %b : tensor<1x5x1xf64>, tensor<?x1x3xf64>
    return %y : tensor<?x5x3xf64>
  }

  func.func @max_scalar(%a: tensor<f64>, %b: tensor<?x5xf64>) -> tensor<?x5xf64> attributes {dither.first_order} {
    %y = dither.max %a, %b : tensor<f64>, tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @min_equal(%a: tensor<?x5xf64>, %b: tensor<?x5xf64>) -> tensor<?x5xf64> attributes {dither.first_order} {
    %y = dither.min %a, %b : tensor<?x5xf64>, tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @min_row(%a: tensor<?x5xf64>, %b: tensor<5xf64>) -> tensor<?x5xf64> attributes {dither.first_order} {
    %y = dither.min %a, %b : tensor<?x5xf64>, tensor<5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @min_column(%a: tensor<1x5x1xf64>, %b: tensor<?x1x3xf64>) -> tensor<?x5x3xf64> attributes {dither.first_order} {
    %y = dither.min %a, %b : tensor<1x5x1xf64>, tensor<?x1x3xf64>
    return %y : tensor<?x5x3xf64>
  }

  func.func @min_scalar(%a: tensor<f64>, %b: tensor<?x5xf64>) -> tensor<?x5xf64> attributes {dither.first_order} {
    %y = dither.min %a, %b : tensor<f64>, tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @div_equal(%a: tensor<?x5xf64> {dither.range = [0.2, 3.0]}, %b: tensor<?x5xf64> {dither.range = [0.2, 3.0]}) -> tensor<?x5xf64> {
    %y = dither.div %a, %b : tensor<?x5xf64>, tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @div_row(%a: tensor<?x5xf64> {dither.range = [0.2, 3.0]}, %b: tensor<5xf64> {dither.range = [0.2, 3.0]}) -> tensor<?x5xf64> {
    %y = dither.div %a, %b : tensor<?x5xf64>, tensor<5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @div_column(%a: tensor<1x5x1xf64> {dither.range = [0.2, 3.0]}, %b: tensor<?x1x3xf64> {dither.range = [0.2, 3.0]}) -> tensor<?x5x3xf64> {
    %y = dither.div %a, %b : tensor<1x5x1xf64>, tensor<?x1x3xf64>
    return %y : tensor<?x5x3xf64>
  }

  func.func @div_scalar(%a: tensor<f64> {dither.range = [0.2, 3.0]}, %b: tensor<?x5xf64> {dither.range = [0.2, 3.0]}) -> tensor<?x5xf64> {
    %y = dither.div %a, %b : tensor<f64>, tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @select(%a: tensor<?x5xi1>, %b: tensor<?x5xf64>, %c: tensor<5xf64>) -> tensor<?x5xf64> {
    %y = dither.select %a, %b, %c : tensor<?x5xi1>, tensor<?x5xf64>, tensor<5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @cast(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.cast %a : tensor<?x5xf64> to tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @floor(%a: tensor<?x5xf32>) -> tensor<?x5xf32> {
    %y = dither.floor %a : tensor<?x5xf32>
    return %y : tensor<?x5xf32>
  }

  func.func @ceil(%a: tensor<?x5xf32>) -> tensor<?x5xf32> {
    %y = dither.ceil %a : tensor<?x5xf32>
    return %y : tensor<?x5xf32>
  }

  func.func @round(%a: tensor<?x5xf32>) -> tensor<?x5xf32> {
    %y = dither.round %a : tensor<?x5xf32>
    return %y : tensor<?x5xf32>
  }

  func.func @sign(%a: tensor<?x5xf32>) -> tensor<?x5xf32> {
    %y = dither.sign %a : tensor<?x5xf32>
    return %y : tensor<?x5xf32>
  }

  func.func @not(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}) -> tensor<?x5xi32> {
    %y = dither.not %a : tensor<?x5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @add_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}, %b: tensor<5xi32> {dither.range = [-1000, 1000]}) -> tensor<?x5xi32> {
    %y = dither.add %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @sub_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}, %b: tensor<5xi32> {dither.range = [-1000, 1000]}) -> tensor<?x5xi32> {
    %y = dither.sub %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @mul_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}, %b: tensor<5xi32> {dither.range = [-1000, 1000]}) -> tensor<?x5xi32> {
    %y = dither.mul %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @div_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}, %b: tensor<5xi32> {dither.range = [1, 9]}) -> tensor<?x5xi32> {
    %y = dither.div %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @max_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}, %b: tensor<5xi32> {dither.range = [-1000, 1000]}) -> tensor<?x5xi32> {
    %y = dither.max %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @min_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}, %b: tensor<5xi32> {dither.range = [-1000, 1000]}) -> tensor<?x5xi32> {
    %y = dither.min %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @and_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}, %b: tensor<5xi32> {dither.range = [-1000, 1000]}) -> tensor<?x5xi32> {
    %y = dither.and %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @or_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}, %b: tensor<5xi32> {dither.range = [-1000, 1000]}) -> tensor<?x5xi32> {
    %y = dither.or %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @xor_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}, %b: tensor<5xi32> {dither.range = [-1000, 1000]}) -> tensor<?x5xi32> {
    %y = dither.xor %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @shl(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}, %b: tensor<5xi32> {dither.range = [0, 31]}) -> tensor<?x5xi32> {
    %y = dither.shl %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @shr(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}, %b: tensor<5xi32> {dither.range = [0, 31]}) -> tensor<?x5xi32> {
    %y = dither.shr %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @compare_eq(%a: tensor<?x5xi32>, %b: tensor<5xi32>) -> tensor<?x5xi1> {
    %y = dither.compare eq %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi1>
  }

  func.func @compare_ne(%a: tensor<?x5xi32>, %b: tensor<5xi32>) -> tensor<?x5xi1> {
    %y = dither.compare ne %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi1>
  }

  func.func @compare_lt(%a: tensor<?x5xi32>, %b: tensor<5xi32>) -> tensor<?x5xi1> {
    %y = dither.compare lt %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi1>
  }

  func.func @compare_le(%a: tensor<?x5xi32>, %b: tensor<5xi32>) -> tensor<?x5xi1> {
    %y = dither.compare le %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi1>
  }

  func.func @compare_gt(%a: tensor<?x5xi32>, %b: tensor<5xi32>) -> tensor<?x5xi1> {
    %y = dither.compare gt %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi1>
  }

  func.func @compare_ge(%a: tensor<?x5xi32>, %b: tensor<5xi32>) -> tensor<?x5xi1> {
    %y = dither.compare ge %a, %b : tensor<?x5xi32>, tensor<5xi32>
    return %y : tensor<?x5xi1>
  }

  func.func @compare_floats(%a: tensor<?x5xf32>, %b: tensor<f32>) -> tensor<?x5xi1> {
    %y = dither.compare gt %a, %b : tensor<?x5xf32>, tensor<f32>
    return %y : tensor<?x5xi1>
  }

  func.func @bitcast(%a: tensor<?x5xf32>) -> tensor<?x5xi32> {
    %y = dither.bitcast %a : tensor<?x5xf32> to tensor<?x5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @cast_f32_to_i32(%a: tensor<?x5xf32>) -> tensor<?x5xi32> {
    %y = dither.cast %a : tensor<?x5xf32> to tensor<?x5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @cast_i32_to_f32(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}) -> tensor<?x5xf32> {
    %y = dither.cast %a : tensor<?x5xi32> to tensor<?x5xf32>
    return %y : tensor<?x5xf32>
  }

  func.func @cast_f32_to_i1(%a: tensor<?x5xf32>) -> tensor<?x5xi1> {
    %y = dither.cast %a : tensor<?x5xf32> to tensor<?x5xi1>
    return %y : tensor<?x5xi1>
  }

  func.func @cast_i32_to_i8(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}) -> tensor<?x5xi8> {
    %y = dither.cast %a : tensor<?x5xi32> to tensor<?x5xi8>
    return %y : tensor<?x5xi8>
  }

  func.func @cast_f32_to_f16(%a: tensor<?x5xf32>) -> tensor<?x5xf16> {
    %y = dither.cast %a : tensor<?x5xf32> to tensor<?x5xf16>
    return %y : tensor<?x5xf16>
  }
}
