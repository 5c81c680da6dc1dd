dither.model @einsum {
  func.func @einsum_product(%a: tensor<?x5xf64>, %b: tensor<5x3xf64>) -> tensor<3x?xf64> {
    %y = dither.einsum "ik,kj->ji" %a, %b : tensor<?x5xf64>, tensor<5x3xf64>
    return %y : tensor<3x?xf64>
  }

  // The batch is summed over.
  func.func @einsum_batch(%a: tensor<?x2x3xf64>, %b: tensor<?x4xf64>) -> tensor<2x4x3xf64> {
    %y = dither.einsum "bij,bk->ikj" %a, %b : tensor<?x2x3xf64>, tensor<?x4xf64>
    return %y : tensor<2x4x3xf64>
  }

  // A product for each value of two letters.
  func.func @einsum_scores(%a: tensor<?x2x3x4xf64>, %b: tensor<?x2x5x4xf64>) -> tensor<?x2x3x5xf64> {
    %y = dither.einsum "bhid,bhjd->bhij" %a, %b : tensor<?x2x3x4xf64>, tensor<?x2x5x4xf64>
    return %y : tensor<?x2x3x5xf64>
  }

  // Nothing is summed; the dynamic extent is that of the second operand.
  func.func @einsum_outer(%a: tensor<3xf64>, %b: tensor<?xf64>) -> tensor<3x?xf64> {
    %y = dither.einsum "i,j->ij" %a, %b : tensor<3xf64>, tensor<?xf64>
    return %y : tensor<3x?xf64>
  }

  // Elements of one row each, and a letter of one operand alone that is summed over.
  func.func @einsum_rows(%a: tensor<?x3x2xf64>, %b: tensor<?x3x4xf64>) -> tensor<?xf64> {
    %y = dither.einsum "bij,bik->b" %a, %b : tensor<?x3x2xf64>, tensor<?x3x4xf64>
    return %y : tensor<?xf64>
  }

  func.func @einsum_trace(%a: tensor<4x3xf64>, %b: tensor<3x4xf64>) -> tensor<f64> {
    %y = dither.einsum "ij,ji->" %a, %b : tensor<4x3xf64>, tensor<3x4xf64>
    return %y : tensor<f64>
  }

  func.func @einsum_three(%a: tensor<?x2x3xf64>, %b: tensor<3x4xf64>, %c: tensor<2x4x2xf64>) -> tensor<?x2x2xf64> {
    %y = dither.einsum "bij,jk,ikl->bli" %a, %b, %c : tensor<?x2x3xf64>, tensor<3x4xf64>, tensor<2x4x2xf64>
    return %y : tensor<?x2x2xf64>
  }

  func.func @einsum_one(%a: tensor<4x3x2xf64>) -> tensor<2x4xf64> {
    %y = dither.einsum "abc->ca" %a : tensor<4x3x2xf64>
    return %y : tensor<2x4xf64>
  }
}
