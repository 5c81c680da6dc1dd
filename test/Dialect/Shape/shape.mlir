// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @sources
func.func @sources() {
  // CHECK: dither.constant dense<1.000000e+00> : tensor<4xf32>
  %0 = dither.constant dense<1.0> : tensor<4xf32>
  // CHECK: dither.iota {dim = 1 : i64} : tensor<1x10xi32>
  %1 = dither.iota {dim = 1 : i64} : tensor<1x10xi32>
  return
}

// CHECK-LABEL: @moves
func.func @moves(%x: tensor<?x8xf32>, %y: tensor<8xf32>) {
  // CHECK: dither.reshape %{{.*}} : tensor<?x8xf32> to tensor<?x2x4xf32>
  %0 = dither.reshape %x : tensor<?x8xf32> to tensor<?x2x4xf32>
  // CHECK: dither.transpose %{{.*}} {permutation = array<i64: 1, 0>} : tensor<?x8xf32>
  %1 = dither.transpose %x {permutation = array<i64: 1, 0>} : tensor<?x8xf32>
  // CHECK: dither.broadcast %{{.*}} like %{{.*}} : tensor<8xf32>, tensor<?x8xf32>
  %2 = dither.broadcast %y like %x : tensor<8xf32>, tensor<?x8xf32>
  // CHECK: dither.slice %{{.*}} {offsets = array<i64: 0, 2>, sizes = array<i64: -1, 3>, strides = array<i64: 1, 2>}
  %3 = dither.slice %x {offsets = array<i64: 0, 2>, sizes = array<i64: -1, 3>, strides = array<i64: 1, 2>} : tensor<?x8xf32>
  // CHECK: dither.embed %{{.*}} like %{{.*}} {offsets = array<i64: 0, 2>, strides = array<i64: 1, 2>}
  %4 = dither.embed %3 like %x {offsets = array<i64: 0, 2>, strides = array<i64: 1, 2>} : tensor<?x3xf32>, tensor<?x8xf32>
  return
}
