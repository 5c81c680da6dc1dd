// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @losses
func.func @losses(%x: tensor<?x10xf32>, %labels: tensor<?xi32>) -> tensor<f32> {
  // CHECK: dither.softmax %{{.*}} : tensor<?x10xf32>
  %0 = dither.softmax %x : tensor<?x10xf32>
  // CHECK: dither.log_softmax %{{.*}} : tensor<?x10xf32>
  %1 = dither.log_softmax %x : tensor<?x10xf32>
  // CHECK: dither.cross_entropy %{{.*}}, %{{.*}} : tensor<?x10xf32>, tensor<?xi32>
  %2 = dither.cross_entropy %x, %labels : tensor<?x10xf32>, tensor<?xi32>
  return %2 : tensor<f32>
}
