// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @draws
func.func @draws() {
  // CHECK: dither.rng : tensor<2xi64>
  %rng = dither.rng : tensor<2xi64>
  // CHECK: dither.random_bits %{{.*}} {stream = 3 : i64} : tensor<2xi64> -> tensor<4x8xi32>
  %0 = dither.random_bits %rng {stream = 3 : i64} : tensor<2xi64> -> tensor<4x8xi32>
  // CHECK: dither.uniform %{{.*}} {stream = 4 : i64} : tensor<2xi64> -> tensor<4x8xf32>
  %1 = dither.uniform %rng {stream = 4 : i64} : tensor<2xi64> -> tensor<4x8xf32>
  %2 = dither.normal %rng {stream = 5 : i64} : tensor<2xi64> -> tensor<4x8xf32>
  %3 = dither.gumbel %rng {stream = 6 : i64} : tensor<2xi64> -> tensor<4x8xf32>
  %4 = dither.rademacher %rng {stream = 7 : i64} : tensor<2xi64> -> tensor<4x8xf32>
  // CHECK: dither.bernoulli %{{.*}} {probability = 9.000000e-01 : f64, stream = 8 : i64}
  %5 = dither.bernoulli %rng {stream = 8 : i64, probability = 0.9 : f64} : tensor<2xi64> -> tensor<4x8xf32>
  return
}
