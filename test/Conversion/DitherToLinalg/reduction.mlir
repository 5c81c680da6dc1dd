// RUN: dither-opt %s --dither-to-linalg | FileCheck %s

// CHECK-LABEL: @sum
// CHECK: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK: %[[INIT:.*]] = linalg.fill ins(%[[ZERO]] : f32)
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%arg0 : tensor<?x3xf32>) outs(%[[INIT]] : tensor<?xf32>)
// CHECK: arith.addf %out, %in fastmath<reassoc>
func.func @sum(%x: tensor<?x3xf32>) -> tensor<?xf32> {
  %y = dither.reduce sum %x {dims = array<i64: 1>} : tensor<?x3xf32>
  return %y : tensor<?xf32>
}

// Floats of 16 bits are added in f32 and rounded once.
// CHECK-LABEL: @narrow
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} ins(%arg0 : tensor<?x3xbf16>) outs(%{{.*}} : tensor<?xf32>)
// CHECK: %[[X:.*]] = arith.extf %in : bf16 to f32
// CHECK: arith.addf %out, %[[X]] fastmath<reassoc>
// CHECK: linalg.generic {{.*}} ins(%[[SUM]] : tensor<?xf32>) outs(%{{.*}} : tensor<?xbf16>)
// CHECK: arith.truncf
// CHECK: tensor.expand_shape
func.func @narrow(%x: tensor<?x3xbf16>) -> tensor<?x1xbf16> {
  %y = dither.reduce sum %x {dims = array<i64: 1>, keep} : tensor<?x3xbf16>
  return %y : tensor<?x1xbf16>
}

// The kept dimension is put back behind the sum.
// CHECK-LABEL: @keep
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<?xf32>)
// CHECK: tensor.expand_shape %[[SUM]] {{\[\[}}0, 1]] {{.*}} into tensor<?x1xf32>
func.func @keep(%x: tensor<?x3xf32>) -> tensor<?x1xf32> {
  %y = dither.reduce sum %x {dims = array<i64: 1>, keep} : tensor<?x3xf32>
  return %y : tensor<?x1xf32>
}

// The batch is summed too; NaN wins; the maximum of nothing is -inf, of integers the least.
// CHECK-LABEL: @maxima
// CHECK: arith.constant 0xFF800000 : f32
// CHECK: linalg.generic {{.*}} ["reduction", "parallel"]
// CHECK: arith.maximumf %out, %in
// CHECK: arith.constant -2147483648 : i32
// CHECK: linalg.generic {{.*}} ["reduction", "reduction"]
// CHECK: arith.maxsi %out, %in
func.func @maxima(%x: tensor<?x3xf32>, %y: tensor<0x3xi32>) -> (tensor<3xf32>, tensor<i32>) {
  %a = dither.reduce max %x {dims = array<i64: 0>} : tensor<?x3xf32>
  %b = dither.reduce max %y : tensor<0x3xi32>
  return %a, %b : tensor<3xf32>, tensor<i32>
}

// CHECK-LABEL: @minimum
// CHECK: arith.constant 0x7F800000 : f32
// CHECK: arith.minimumf %out, %in
func.func @minimum(%x: tensor<1xf32>) -> tensor<f32> {
  %a = dither.reduce min %x : tensor<1xf32>
  return %a : tensor<f32>
}

// The first of the largest, or of the NaNs.
// CHECK-LABEL: @argmax
// CHECK: linalg.generic {{.*}} outs(%{{.*}}, %{{.*}} : tensor<?xf32>, tensor<?xi32>)
// CHECK: ^bb0(%[[X:.*]]: f32, %[[HELD:.*]]: f32, %[[AT:.*]]: i32):
// CHECK: arith.cmpf ogt, %[[X]], %[[HELD]]
// CHECK: arith.cmpf uno, %[[X]], %[[X]]
// CHECK: arith.cmpf ord, %[[HELD]], %[[HELD]]
// CHECK: linalg.index 1
func.func @argmax(%x: tensor<?x3xf32>) -> tensor<?xi32> {
  %y = dither.argmax %x : tensor<?x3xf32>
  return %y : tensor<?xi32>
}

// The count of a batch is a number of the run.
// CHECK-LABEL: @count
// CHECK: tensor.dim %arg0
// CHECK: arith.sitofp
// CHECK: tensor.from_elements
func.func @count(%x: tensor<?x3xf32>) -> tensor<f32> {
  %y = dither.count %x {dims = array<i64: 0, 1>} : tensor<?x3xf32> -> tensor<f32>
  return %y : tensor<f32>
}
