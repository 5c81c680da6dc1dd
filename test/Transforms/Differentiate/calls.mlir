// RUN: dither-opt %s --dither-differentiate=functions=loss | FileCheck %s

// CHECK-LABEL: @f(
// CHECK-NOT: @f.gradient
func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> {
  %0 = dither.tanh %x : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// CHECK-LABEL: @loss.gradient(
// CHECK: dither.tanh
// CHECK-NOT: call
// CHECK: return
func.func @loss(%x: tensor<?xf32>) -> tensor<f32> {
  %0 = func.call @f(%x) : (tensor<?xf32>) -> tensor<?xf32>
  %1 = dither.mean %0 : tensor<?xf32>
  return %1 : tensor<f32>
}
