dither.model @indexing {
  func.func @gather(%a: tensor<7x5xf32>, %b: tensor<?xi32> {dither.range = [-2, 9]}) -> tensor<?x5xf32> {
    %y = dither.gather %a, %b : tensor<7x5xf32>, tensor<?xi32>
    return %y : tensor<?x5xf32>
  }

  func.func @gather_integers(%a: tensor<7x2x3xi32>, %b: tensor<3xi32> {dither.range = [-2, 9]}) -> tensor<3x2x3xi32> {
    %y = dither.gather %a, %b : tensor<7x2x3xi32>, tensor<3xi32>
    return %y : tensor<3x2x3xi32>
  }

  func.func @scatter(%a: tensor<3x5xf32>, %b: tensor<7x5xf32>, %c: tensor<3xi32> {dither.range = [-2, 9]}) -> tensor<7x5xf32> {
    %y = dither.scatter %a into %b at %c : tensor<3x5xf32>, tensor<7x5xf32>, tensor<3xi32>
    return %y : tensor<7x5xf32>
  }

  func.func @gather_sequences(%a: tensor<7x2xf64>, %b: tensor<?x4xi32> {dither.range = [-2, 9]}) -> tensor<?x4x2xf64> {
    %y = dither.gather %a, %b : tensor<7x2xf64>, tensor<?x4xi32>
    return %y : tensor<?x4x2xf64>
  }

  func.func @gather_one(%a: tensor<7x?xf64>, %b: tensor<i32> {dither.range = [-2, 9]}) -> tensor<?xf64> {
    %y = dither.gather %a, %b : tensor<7x?xf64>, tensor<i32>
    return %y : tensor<?xf64>
  }

  func.func @scatter_add(%a: tensor<?x4x2xf64>, %b: tensor<7x2xf64>, %c: tensor<?x4xi32> {dither.range = [-2, 9]}) -> tensor<7x2xf64> {
    %y = dither.scatter_add %a into %b at %c : tensor<?x4x2xf64>, tensor<7x2xf64>, tensor<?x4xi32>
    return %y : tensor<7x2xf64>
  }

  func.func @scatter_add_one(%a: tensor<f64>, %b: tensor<3xf64>, %c: tensor<i32>) -> tensor<3xf64> {
    %y = dither.scatter_add %a into %b at %c : tensor<f64>, tensor<3xf64>, tensor<i32>
    return %y : tensor<3xf64>
  }

  func.func @scatter_add_known(%a: tensor<5x3xf32>, %b: tensor<2x3xf32>, %c: tensor<5xi32>) -> tensor<2x3xf32> {
    %y = dither.scatter_add %a into %b at %c : tensor<5x3xf32>, tensor<2x3xf32>, tensor<5xi32>
    return %y : tensor<2x3xf32>
  }

  func.func @scatter_add_short(%a: tensor<?x3xf16>, %b: tensor<2x3xf16>, %c: tensor<?xi32>) -> tensor<2x3xf16> {
    %y = dither.scatter_add %a into %b at %c : tensor<?x3xf16>, tensor<2x3xf16>, tensor<?xi32>
    return %y : tensor<2x3xf16>
  }

  func.func @segment_sum(%a: tensor<?x4x2xf64>, %b: tensor<?x4xi32>) -> tensor<3x2xf64> {
    %y = dither.segment_sum %a, %b {count = 3 : i64} : tensor<?x4x2xf64>, tensor<?x4xi32>
    return %y : tensor<3x2xf64>
  }

  func.func @one_hot(%a: tensor<?x3xi8>) -> tensor<?x3x4xf32> {
    %y = dither.one_hot %a : tensor<?x3xi8> to tensor<?x3x4xf32>
    return %y : tensor<?x3x4xf32>
  }
}
