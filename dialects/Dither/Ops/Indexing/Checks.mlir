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
}
