// RUN: dither-opt %s --dither-decompose | FileCheck %s
// RUN: dither-opt %s --dither-decompose=keep=dither.linear | FileCheck %s --check-prefix=KEEP

// CHECK-LABEL: @relu
// CHECK-NEXT: %[[ZERO:.*]] = dither.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[Y:.*]] = dither.max %arg0, %[[ZERO]] : tensor<4xf32>, tensor<f32>
// CHECK-NEXT: return %[[Y]]
func.func @relu(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = dither.relu %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// What an op decomposes into is decomposed too.
// CHECK-LABEL: @cross_entropy
// CHECK-NOT: log_softmax
// CHECK: dither.reduce max
// CHECK: dither.exp
// CHECK: return
func.func @cross_entropy(%x: tensor<?x10xf32>, %labels: tensor<?xi32>) -> tensor<f32> {
  %l = dither.cross_entropy %x, %labels : tensor<?x10xf32>, tensor<?xi32>
  return %l : tensor<f32>
}

// CHECK-LABEL: @linear
// CHECK: dither.matmul
// KEEP-LABEL: @linear
// KEEP: dither.linear
// KEEP-NOT: dither.gelu
func.func @linear(%x: tensor<?x4xf32>, %w: tensor<4x3xf32>) -> tensor<?x3xf32> {
  %y = dither.linear %x, %w : tensor<?x4xf32>, tensor<4x3xf32>
  %z = dither.gelu %y : tensor<?x3xf32>
  return %z : tensor<?x3xf32>
}
