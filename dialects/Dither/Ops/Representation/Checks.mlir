dither.model @representation {
  func.func @apply_mask(%a: tensor<?x5xf64>, %b: tensor<?x5xi1>) -> tensor<?x5xf64> {
    %y = dither.apply_mask %a, %b : tensor<?x5xf64>, tensor<?x5xi1>
    return %y : tensor<?x5xf64>
  }

  func.func @unpack(%a: tensor<5xf64>) -> tensor<4x3xf64> {
    %r = dither.constant dense<[1, 3, 0, 2, 3]> : tensor<5xi8>
    %o = dither.constant dense<[0, 2, 2, 5]> : tensor<4xi32>
    %y = dither.unpack %a, %r, %o {pattern = #dither.unstructured<sparsity = 0.6>} : tensor<5xf64>, tensor<5xi8>, tensor<4xi32> -> tensor<4x3xf64>
    return %y : tensor<4x3xf64>
  }

  func.func @unpack_groups(%a: tensor<2x3xf64>) -> tensor<4x3xf64> {
    %i = dither.constant dense<[[8, 4, 1]]> : tensor<1x3xi8>
    %y = dither.unpack %a, %i {pattern = #dither.nm<2 : 4>} : tensor<2x3xf64>, tensor<1x3xi8> -> tensor<4x3xf64>
    return %y : tensor<4x3xf64>
  }

  func.func @pattern_mask(%a: tensor<8x3xf32>) -> tensor<8x3xi1> {
    %y = dither.pattern_mask #dither.nm<2 : 4> %a : tensor<8x3xf32>
    return %y : tensor<8x3xi1>
  }

  func.func @quantize(%a: tensor<8x3xf32>) -> (tensor<8x3xi8>, tensor<2x3xf32>) {
    %y0, %y1 = dither.quantize #dither.int<bits = 4, group = 4> %a : tensor<8x3xf32> -> tensor<8x3xi8>, tensor<2x3xf32>
    return %y0, %y1 : tensor<8x3xi8>, tensor<2x3xf32>
  }

  func.func @dequantize(%a: tensor<8x3xi8> {dither.range = [-7, 7]}, %b: tensor<2x3xf32>) -> tensor<8x3xf32> {
    %y = dither.dequantize #dither.int<bits = 4, group = 4> %a, %b : tensor<8x3xi8>, tensor<2x3xf32> -> tensor<8x3xf32>
    return %y : tensor<8x3xf32>
  }

  func.func @represent(%a: tensor<8x3xf32>, %b: tensor<8x3xi1>) -> tensor<8x3xf32> {
    %y = dither.represent %a, %b {format = #dither.minifloat<e2m1, group = 4>, estimator = #dither.straight_through} : tensor<8x3xf32>, tensor<8x3xi1>
    return %y : tensor<8x3xf32>
  }

  func.func @pack_bits(%a: tensor<16x3xi8> {dither.range = [0, 7]}) -> tensor<6x3xi8> {
    %y = dither.pack_bits %a {bits = 3 : i64, dim = 0 : i64} : tensor<16x3xi8> -> tensor<6x3xi8>
    return %y : tensor<6x3xi8>
  }

  func.func @unpack_bits(%a: tensor<6x3xi8> {dither.range = [-128, 127]}) -> tensor<16x3xi8> {
    %y = dither.unpack_bits %a {bits = 3 : i64, dim = 0 : i64} : tensor<6x3xi8> -> tensor<16x3xi8>
    return %y : tensor<16x3xi8>
  }

  func.func @pack(%a: tensor<4x3xf32>, %b: tensor<4x3xf32>) -> (tensor<2x3xf32>, tensor<1x3xi8>) {
    %m = dither.pattern_mask #dither.nm<2 : 4> %b : tensor<4x3xf32>
    %y0, %y1 = dither.pack %a, %m {pattern = #dither.nm<2 : 4>} : tensor<4x3xf32>, tensor<4x3xi1> -> tensor<2x3xf32>, tensor<1x3xi8>
    return %y0, %y1 : tensor<2x3xf32>, tensor<1x3xi8>
  }

  func.func @packed_matmul(%a: tensor<?x4xf32>, %b: tensor<2x3xf32>) -> tensor<?x3xf32> {
    %i = dither.constant dense<[[8, 4, 1]]> : tensor<1x3xi8>
    %y = dither.packed_matmul %a, %b, %i {dense = tensor<4x3xf32>, pattern = #dither.nm<2 : 4>} : tensor<?x4xf32>, tensor<2x3xf32>, tensor<1x3xi8> -> tensor<?x3xf32>
    return %y : tensor<?x3xf32>
  }
}
