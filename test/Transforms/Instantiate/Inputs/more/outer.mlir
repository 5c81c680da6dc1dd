// Imports a file beside the one that imports this.
dither.model @outer {
  dither.import @layers "../layers.mlir"
  dither.instance @block of @layers::@block
  func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %h = dither.call @block::@forward(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    %y = dither.call @layers::@double(%h) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    return %y : tensor<?x4xf32>
  }
}
