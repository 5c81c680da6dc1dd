// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @straight_through
func.func @straight_through(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = dither.round %x : tensor<4xf32>
  // CHECK: dither.surrogate %{{.*}} for %{{.*}} : tensor<4xf32>
  %y = dither.surrogate %r for %x : tensor<4xf32>
  // CHECK: dither.stop_gradient %{{.*}} : tensor<4xf32>
  %z = dither.stop_gradient %y : tensor<4xf32>
  return %z : tensor<4xf32>
}
