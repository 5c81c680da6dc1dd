dither.model @sorting {
  func.func @argsort(%a: tensor<?x5xf32>) -> tensor<?x5xi32> {
    %y = dither.argsort %a {dim = 1 : i64} : tensor<?x5xf32>
    return %y : tensor<?x5xi32>
  }

  func.func @argsort_ties(%a: tensor<?x7x3xi8>) -> tensor<?x7x3xi32> {
    %y = dither.argsort %a {dim = 1 : i64, descending} : tensor<?x7x3xi8>
    return %y : tensor<?x7x3xi32>
  }

  func.func @argsort_bits(%a: tensor<?x70xi1>) -> tensor<?x70xi32> {
    %y = dither.argsort %a {dim = 1 : i64, descending} : tensor<?x70xi1>
    return %y : tensor<?x70xi32>
  }

  func.func @argsort_long(%a: tensor<?x70xi32> {dither.range = [-300, 300]}) -> tensor<?x70xi32> {
    %y = dither.argsort %a {dim = 1 : i64} : tensor<?x70xi32>
    return %y : tensor<?x70xi32>
  }

  func.func @argsort_long_short(%a: tensor<70x?xf16>) -> tensor<70x?xi32> {
    %y = dither.argsort %a {dim = 0 : i64, descending} : tensor<70x?xf16>
    return %y : tensor<70x?xi32>
  }

  func.func @argsort_long_wide(%a: tensor<2x70xi64> {dither.range = [-20, 20]}) -> tensor<2x30xi32> {
    %y = dither.argsort %a {dim = 1 : i64, count = 30 : i64} : tensor<2x70xi64>
    return %y : tensor<2x30xi32>
  }

  func.func @argsort_few(%a: tensor<?x70xbf16>) -> tensor<?x3xi32> {
    %y = dither.argsort %a {dim = 1 : i64, count = 3 : i64} : tensor<?x70xbf16>
    return %y : tensor<?x3xi32>
  }

  func.func @argsort_none(%a: tensor<?x5xf32>) -> tensor<?x0xi32> {
    %y = dither.argsort %a {dim = 1 : i64, count = 0 : i64} : tensor<?x5xf32>
    return %y : tensor<?x0xi32>
  }

  func.func @argsort_empty(%a: tensor<?x0xf32>) -> tensor<?x0xi32> {
    %y = dither.argsort %a {dim = 1 : i64} : tensor<?x0xf32>
    return %y : tensor<?x0xi32>
  }

  func.func @sort(%a: tensor<?x5xf64>) -> tensor<?x5xf64> attributes {dither.first_order} {
    %y = dither.sort %a {dim = 1 : i64} : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @sort_columns(%a: tensor<3x?xf64>) -> tensor<3x?xf64> attributes {dither.first_order} {
    %y = dither.sort %a {dim = 0 : i64, descending} : tensor<3x?xf64>
    return %y : tensor<3x?xf64>
  }

  func.func @sort_long(%a: tensor<2x70xf64>) -> tensor<2x70xf64> attributes {dither.first_order} {
    %y = dither.sort %a {dim = 1 : i64, descending} : tensor<2x70xf64>
    return %y : tensor<2x70xf64>
  }

  func.func @sort_one(%a: tensor<?x1xbf16>) -> tensor<?x1xbf16> {
    %y = dither.sort %a {dim = 1 : i64} : tensor<?x1xbf16>
    return %y : tensor<?x1xbf16>
  }

  func.func @top_k(%a: tensor<?x5xf64>) -> (tensor<?x2xf64>, tensor<?x2xi32>) attributes {dither.first_order} {
    %y, %i = dither.top_k %a {k = 2 : i64} : tensor<?x5xf64>
    return %y, %i : tensor<?x2xf64>, tensor<?x2xi32>
  }

  func.func @top_k_smallest(%a: tensor<?x2x70xf64>) -> (tensor<?x2x17xf64>, tensor<?x2x17xi32>) attributes {dither.first_order} {
    %y, %i = dither.top_k %a {k = 17 : i64, smallest} : tensor<?x2x70xf64>
    return %y, %i : tensor<?x2x17xf64>, tensor<?x2x17xi32>
  }

  func.func @top_k_all(%a: tensor<?x5xi16>) -> (tensor<?x5xi16>, tensor<?x5xi32>) {
    %y, %i = dither.top_k %a {k = 5 : i64} : tensor<?x5xi16>
    return %y, %i : tensor<?x5xi16>, tensor<?x5xi32>
  }

  func.func @top_k_none(%a: tensor<?x5xf32>) -> (tensor<?x0xf32>, tensor<?x0xi32>) {
    %y, %i = dither.top_k %a {k = 0 : i64} : tensor<?x5xf32>
    return %y, %i : tensor<?x0xf32>, tensor<?x0xi32>
  }

  func.func @take_along(%a: tensor<?x5xf64>, %b: tensor<?x7xi32> {dither.range = [-2, 7]}) -> tensor<?x7xf64> {
    %y = dither.take_along %a, %b {dim = 1 : i64} : tensor<?x5xf64>, tensor<?x7xi32>
    return %y : tensor<?x7xf64>
  }

  func.func @take_along_middle(%a: tensor<?x5x3xf64>, %b: tensor<?x2x3xi32> {dither.range = [-2, 7]}) -> tensor<?x2x3xf64> {
    %y = dither.take_along %a, %b {dim = 1 : i64} : tensor<?x5x3xf64>, tensor<?x2x3xi32>
    return %y : tensor<?x2x3xf64>
  }

  func.func @take_along_first(%a: tensor<4x3xbf16>, %b: tensor<?x3xi32> {dither.range = [-2, 7]}) -> tensor<?x3xbf16> {
    %y = dither.take_along %a, %b {dim = 0 : i64} : tensor<4x3xbf16>, tensor<?x3xi32>
    return %y : tensor<?x3xbf16>
  }

  func.func @scatter_add_along(%a: tensor<?x7xf64>, %b: tensor<?x5xf64>, %c: tensor<?x7xi32> {dither.range = [-2, 7]}) -> tensor<?x5xf64> {
    %y = dither.scatter_add_along %a into %b at %c {dim = 1 : i64} : tensor<?x7xf64>, tensor<?x5xf64>, tensor<?x7xi32>
    return %y : tensor<?x5xf64>
  }

  func.func @scatter_add_along_first(%a: tensor<?x3xf16>, %b: tensor<4x3xf16>, %c: tensor<?x3xi32> {dither.range = [-2, 7]}) -> tensor<4x3xf16> {
    %y = dither.scatter_add_along %a into %b at %c {dim = 0 : i64} : tensor<?x3xf16>, tensor<4x3xf16>, tensor<?x3xi32>
    return %y : tensor<4x3xf16>
  }

  func.func @scatter_add_along_integers(%a: tensor<?x3x2xi8>, %b: tensor<?x5x2xi8>, %c: tensor<?x3x2xi32> {dither.range = [-2, 7]}) -> tensor<?x5x2xi8> {
    %y = dither.scatter_add_along %a into %b at %c {dim = 1 : i64} : tensor<?x3x2xi8>, tensor<?x5x2xi8>, tensor<?x3x2xi32>
    return %y : tensor<?x5x2xi8>
  }

  func.func @soft_sort(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.soft_sort odd_even logistic %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @soft_sort_cauchy(%a: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.soft_sort odd_even cauchy %a {steepness = 2.0 : f64, descending} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @soft_sort_reciprocal(%a: tensor<?x2x4xf64>) -> tensor<?x2x4xf64> {
    %y = dither.soft_sort bitonic reciprocal %a {steepness = 0.5 : f64} : tensor<?x2x4xf64>
    return %y : tensor<?x2x4xf64>
  }

  func.func @soft_sort_optimal(%a: tensor<?x4xf64>) -> tensor<?x4xf64> attributes {dither.first_order} {
    %y = dither.soft_sort bitonic optimal %a : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @soft_sort_pair(%a: tensor<?x2xf16>) -> tensor<?x2xf16> {
    %y = dither.soft_sort odd_even optimal %a : tensor<?x2xf16>
    return %y : tensor<?x2xf16>
  }

  func.func @soft_sort_one(%a: tensor<?x1xf32>) -> tensor<?x1xf32> {
    %y = dither.soft_sort bitonic cauchy %a : tensor<?x1xf32>
    return %y : tensor<?x1xf32>
  }

  func.func @soft_permutation(%a: tensor<?x3xf64>) -> tensor<?x3x3xf64> {
    %y = dither.soft_permutation odd_even cauchy %a : tensor<?x3xf64>
    return %y : tensor<?x3x3xf64>
  }

  func.func @soft_permutation_bitonic(%a: tensor<2x4xf64>) -> tensor<2x4x4xf64> {
    %y = dither.soft_permutation bitonic logistic %a {steepness = 3.0 : f64, descending} : tensor<2x4xf64>
    return %y : tensor<2x4x4xf64>
  }

  func.func @soft_permutation_empty(%a: tensor<?x0xf32>) -> tensor<?x0x0xf32> {
    %y = dither.soft_permutation odd_even optimal %a : tensor<?x0xf32>
    return %y : tensor<?x0x0xf32>
  }
}
