// RUN: dither-opt %s --dither-instantiate | FileCheck %s
// An import of an import, and an instance in an instance: names follow the way to them.

// CHECK-LABEL: dither.model @m
dither.model @m {
  dither.import @more "Inputs/more/outer.mlir"
  // CHECK: dither.param @net.block.inner.w
  // CHECK: func.func private @net.block.inner.forward
  // CHECK: dither.read @net.block.inner.w
  // CHECK: dither.param @net.block.b
  // CHECK: func.func private @net.block.forward
  // CHECK: dither.read @net.block.b
  // CHECK: call @net.block.inner.forward
  // CHECK: func.func private @net.layers.double
  // CHECK: func.func private @net.forward
  // CHECK: call @net.block.forward
  // CHECK: call @net.layers.double
  dither.instance @net of @more::@outer
  // CHECK: func.func @forward
  // CHECK: call @net.forward
  func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %y = dither.call @net::@forward(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    return %y : tensor<?x4xf32>
  }
}
