// RUN: dither-opt %s --dither-decompose | FileCheck %s

// Small elements: 8 steps through 8 blocks side by side, then the totals of blocks one by one, which come in front of the blocks behind them.
// CHECK-LABEL: func @blocks
// CHECK: dither.for
// CHECK-SAME: -> (tensor<8xf32>, tensor<7x8xf32>)
// CHECK: dither.for
// CHECK-SAME: -> (tensor<f32>, tensor<6xf32>)
// CHECK: %[[AHEAD:.*]] = dither.broadcast {{.*}} : tensor<7xf32>, tensor<8x7xf32>
// CHECK: dither.max %[[AHEAD]], {{.*}} : tensor<8x7xf32>, tensor<8x7xf32>
func.func @blocks(%x: tensor<64xf32>) -> tensor<64xf32> {
  %y = dither.associative_scan %x {dim = 0 : i64} : tensor<64xf32> {
  ^bb0(%l: tensor<f32>, %r: tensor<f32>):
    %m = dither.max %l, %r : tensor<f32>, tensor<f32>
    dither.yield %m : tensor<f32>
  }
  return %y : tensor<64xf32>
}

// What is no op on elements runs once for each.
// CHECK-LABEL: func @products
// CHECK: dither.for
// CHECK-SAME: -> (tensor<3x3xf32>, tensor<63x3x3xf32>)
// CHECK-NOT: dither.for
// CHECK: return
func.func @products(%x: tensor<64x3x3xf32>) -> tensor<64x3x3xf32> {
  %y = dither.associative_scan %x {dim = 0 : i64} : tensor<64x3x3xf32> {
  ^bb0(%l: tensor<3x3xf32>, %r: tensor<3x3xf32>):
    %m = dither.matmul %l, %r : tensor<3x3xf32>, tensor<3x3xf32>
    dither.yield %m : tensor<3x3xf32>
  }
  return %y : tensor<64x3x3xf32>
}
