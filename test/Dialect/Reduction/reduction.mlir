// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @reductions
func.func @reductions(%x: tensor<?x10xf32>) -> tensor<?xi32> {
  // CHECK: dither.reduce sum %{{.*}} {dims = array<i64: 1>, keep} : tensor<?x10xf32>
  %0 = dither.reduce sum %x {dims = array<i64: 1>, keep} : tensor<?x10xf32>
  // CHECK: dither.reduce max %{{.*}} : tensor<?x10xf32>
  %1 = dither.reduce max %x : tensor<?x10xf32>
  // CHECK: dither.mean %{{.*}} {dims = array<i64: 0>} : tensor<?x10xf32>
  %2 = dither.mean %x {dims = array<i64: 0>} : tensor<?x10xf32>
  // CHECK: dither.count %{{.*}} {dims = array<i64: 0>} : tensor<?x10xf32> -> tensor<f32>
  %3 = dither.count %x {dims = array<i64: 0>} : tensor<?x10xf32> -> tensor<f32>
  // CHECK: dither.argmax %{{.*}} : tensor<?x10xf32>
  %4 = dither.argmax %x : tensor<?x10xf32>
  // CHECK: dither.reduce product %{{.*}} {dims = array<i64: 0>} : tensor<?x10xf32>
  %5 = dither.reduce product %x {dims = array<i64: 0>} : tensor<?x10xf32>
  // CHECK: dither.reduce and %{{.*}} : tensor<?xi32>
  %6 = dither.reduce and %4 : tensor<?xi32>
  // CHECK: dither.reduce or %{{.*}} : tensor<?xi32>
  %7 = dither.reduce or %4 : tensor<?xi32>
  // CHECK: dither.logsumexp %{{.*}} {dims = array<i64: 1>, keep} : tensor<?x10xf32>
  %8 = dither.logsumexp %x {dims = array<i64: 1>, keep} : tensor<?x10xf32>
  return %4 : tensor<?xi32>
}
