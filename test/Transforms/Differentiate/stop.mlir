// RUN: dither-opt %s --dither-differentiate | FileCheck %s

// No gradient reaches what is behind a stop, discrete or not.
// CHECK-LABEL: @stopped.gradient(
// CHECK: %[[Y:.*]] = dither.round
// CHECK: %[[Z:.*]] = dither.mul
// CHECK: %[[DX:.*]] = dither.mul %{{.*}}, %{{.*}} : tensor<f32>, tensor<f32>
// CHECK: return %[[Z]], %{{.*}}
func.func @stopped(%x: tensor<f32>) -> tensor<f32> attributes {dither.differentiate} {
  %0 = dither.round %x : tensor<f32>
  %1 = dither.stop_gradient %0 : tensor<f32>
  %2 = dither.mul %x, %1 : tensor<f32>, tensor<f32>
  return %2 : tensor<f32>
}

// CHECK-LABEL: @through.gradient(
// CHECK: %[[ONE:.*]] = dither.constant dense<1.000000e+00>
// CHECK: return %{{.*}}, %[[ONE]]
func.func @through(%x: tensor<f32>) -> tensor<f32> attributes {dither.differentiate} {
  %0 = dither.round %x : tensor<f32>
  %1 = dither.surrogate %0 for %x : tensor<f32>
  return %1 : tensor<f32>
}
