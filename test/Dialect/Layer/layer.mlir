// RUN: dither-opt %s | dither-opt | FileCheck %s
// Imports, instances and calls print as they are written. No file is read for that.

// CHECK-LABEL: dither.model @m
dither.model @m {
  // CHECK: dither.import @layers "no/such/file.mlir"
  dither.import @layers "no/such/file.mlir"
  dither.model @shift {
    func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
      return %x : tensor<?x4xf32>
    }
  }
  // CHECK: dither.instance @a of @layers::@dense
  dither.instance @a of @layers::@dense
  // CHECK: dither.instance @b of @shift
  dither.instance @b of @shift
  dither.model @pair {
    // A layer sees what stands beside it.
    // CHECK: dither.instance @first of @shift
    dither.instance @first of @shift
  }
  func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    // CHECK: dither.call @a::@forward(%{{.*}}) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    %y = dither.call @a::@forward(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    // CHECK: dither.call @layers::@one() : () -> tensor<4xf32>
    %z = dither.call @layers::@one() : () -> tensor<4xf32>
    return %y : tensor<?x4xf32>
  }
}
