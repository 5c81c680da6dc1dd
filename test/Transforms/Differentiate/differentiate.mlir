// RUN: dither-opt %s --dither-differentiate --canonicalize --cse | FileCheck %s

// CHECK-LABEL: @square(
// CHECK-LABEL: @square.gradient(
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>) -> (tensor<f32>, tensor<4xf32>)
// CHECK: %[[ONE:.*]] = dither.constant dense<1.000000e+00> : tensor<f32>
// CHECK: %[[LOSS:.*]] = dither.reduce sum
// CHECK: %[[ROW:.*]] = dither.reshape %[[ONE]] : tensor<f32> to tensor<1xf32>
// CHECK: %[[DY:.*]] = dither.broadcast %[[ROW]] like
// CHECK: %[[PART:.*]] = dither.mul %[[DY]], %[[X]]
// The two uses of x add up.
// CHECK: %[[DX:.*]] = dither.add %[[PART]], %[[PART]]
// CHECK: return %[[LOSS]], %[[DX]]
func.func @square(%x: tensor<4xf32>) -> tensor<f32> attributes {dither.differentiate} {
  %s = dither.mul %x, %x : tensor<4xf32>, tensor<4xf32>
  %y = dither.reduce sum %s : tensor<4xf32>
  return %y : tensor<f32>
}

// An argument that does not matter has the gradient zero, an integer none.
// CHECK-LABEL: @unused.gradient(
// CHECK-SAME: -> (tensor<f32>, tensor<f32>, tensor<3xf32>)
// CHECK: dither.constant dense<0.000000e+00> : tensor<3xf32>
func.func @unused(%x: tensor<f32>, %y: tensor<3xf32>, %i: tensor<4xi32>) -> tensor<f32>
    attributes {dither.differentiate} {
  %0 = dither.exp %x : tensor<f32>
  return %0 : tensor<f32>
}
