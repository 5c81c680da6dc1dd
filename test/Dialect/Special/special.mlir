// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @special
func.func @special(%x: tensor<?x4xf32>, %a: tensor<4xf32>) {
  // CHECK: dither.lgamma %{{.*}} : tensor<?x4xf32>
  %0 = dither.lgamma %x : tensor<?x4xf32>
  // CHECK: dither.polygamma %{{.*}} {order = 2 : i64} : tensor<4xf32>
  %1 = dither.polygamma %a {order = 2 : i64} : tensor<4xf32>
  // CHECK: dither.gamma_p %{{.*}}, %{{.*}} : tensor<4xf32>, tensor<?x4xf32>
  %2 = dither.gamma_p %a, %x : tensor<4xf32>, tensor<?x4xf32>
  // CHECK: dither.gamma_slope %{{.*}}, %{{.*}} {order = 1 : i64} : tensor<4xf32>, tensor<?x4xf32>
  %3 = dither.gamma_slope %a, %x {order = 1 : i64} : tensor<4xf32>, tensor<?x4xf32>
  // The shapes broadcast.
  %4 = dither.add %2, %3 : tensor<?x4xf32>, tensor<?x4xf32>
  return
}
