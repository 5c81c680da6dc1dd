// Layers, and functions without parameters, for the tests of imports.

dither.model @dense {
  dither.param @w : tensor<4x4xf32> init #dither.kaiming_uniform
  func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %w = dither.read @w : tensor<4x4xf32>
    %y = dither.linear %x, %w : tensor<?x4xf32>, tensor<4x4xf32>
    return %y : tensor<?x4xf32>
  }
}

// A layer of layers.
dither.model @block {
  dither.instance @inner of @dense
  dither.param @b : tensor<4xf32> init #dither.fill<0.0>
  func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %b = dither.read @b : tensor<4xf32>
    %h = dither.call @inner::@forward(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    %y = dither.add %h, %b : tensor<?x4xf32>, tensor<4xf32>
    return %y : tensor<?x4xf32>
  }
}

func.func @double(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %y = dither.add %x, %x : tensor<?x4xf32>, tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

func.func @quadruple(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %h = func.call @double(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %y = func.call @double(%h) : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

func.func @unused(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}
