dither.model @sparse {
  func.func @gather_listed(%a: tensor<4x3xf64>) -> tensor<5xf64> {
    %r = dither.constant dense<[1, 3, 0, 2, 3]> : tensor<5xi8>
    %o = dither.constant dense<[0, 2, 2, 5]> : tensor<4xi32>
    %y = dither.gather_listed %a, %r, %o : tensor<4x3xf64>, tensor<5xi8>, tensor<4xi32> -> tensor<5xf64>
    return %y : tensor<5xf64>
  }

  func.func @scatter_listed(%a: tensor<5xf64>) -> tensor<4x3xf64> {
    %r = dither.constant dense<[1, 3, 0, 2, 3]> : tensor<5xi8>
    %o = dither.constant dense<[0, 2, 2, 5]> : tensor<4xi32>
    %y = dither.scatter_listed %a, %r, %o : tensor<5xf64>, tensor<5xi8>, tensor<4xi32> -> tensor<4x3xf64>
    return %y : tensor<4x3xf64>
  }

  func.func @sample(%a: tensor<4x3xf64>) -> tensor<5xf64> {
    %r = dither.constant dense<[1, 3, 0, 2, 3]> : tensor<5xi8>
    %o = dither.constant dense<[0, 2, 2, 5]> : tensor<4xi32>
    %y = dither.sample %a, %r, %o {pattern = #dither.unstructured<sparsity = 0.6>} : tensor<4x3xf64>, tensor<5xi8>, tensor<4xi32> -> tensor<5xf64>
    return %y : tensor<5xf64>
  }

  func.func @sample_groups(%a: tensor<4x3xf64>) -> tensor<2x3xf64> {
    %i = dither.constant dense<[[8, 4, 1]]> : tensor<1x3xi8>
    %y = dither.sample %a, %i {pattern = #dither.nm<2 : 4>} : tensor<4x3xf64>, tensor<1x3xi8> -> tensor<2x3xf64>
    return %y : tensor<2x3xf64>
  }

  func.func @top_mask(%a: tensor<4x3xf32>) -> tensor<4x3xi1> {
    %y = dither.top_mask %a {count = 5 : i64} : tensor<4x3xf32>
    return %y : tensor<4x3xi1>
  }

  func.func @list_rows(%a: tensor<4x3xi1>) -> (tensor<5xi8>, tensor<4xi32>) {
    %y0, %y1 = dither.list_rows %a : tensor<4x3xi1> -> tensor<5xi8>, tensor<4xi32>
    return %y0, %y1 : tensor<5xi8>, tensor<4xi32>
  }

  func.func @sampled_matmul(%a: tensor<?x4xf32>, %b: tensor<?x3xf32>) -> tensor<5xf32> {
    %r = dither.constant dense<[1, 3, 0, 2, 3]> : tensor<5xi8>
    %o = dither.constant dense<[0, 2, 2, 5]> : tensor<4xi32>
    %y = dither.sampled_matmul %a, %b, %r, %o {pattern = #dither.unstructured<sparsity = 0.6>} : tensor<?x4xf32>, tensor<?x3xf32>, tensor<5xi8>, tensor<4xi32> -> tensor<5xf32>
    return %y : tensor<5xf32>
  }
}
