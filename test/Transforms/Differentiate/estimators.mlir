// RUN: dither-opt %s --dither-differentiate | FileCheck %s

// Each estimated op has a stream of its own, the same in both passes.
// CHECK-LABEL: @f.gradient(
// CHECK: %[[RNG:.*]] = dither.rng
// CHECK: %[[H:.*]] = dither.linear
// CHECK: dither.rademacher %[[RNG]] {dither.estimate, stream = 2147483648 : i64} : tensor<2xi64> -> tensor<4x8xf32>
// CHECK: %[[KEPT:.*]] = dither.matmul %{{.*}}, %arg0
// CHECK: dither.linear %[[H]]
// CHECK: dither.rademacher %[[RNG]] {dither.estimate, stream = 2147483649 : i64}
// CHECK: dither.mean
// CHECK: dither.rademacher %[[RNG]] {dither.estimate, stream = 2147483649 : i64}
// CHECK: dither.rademacher %[[RNG]] {dither.estimate, stream = 2147483648 : i64}
// CHECK: dither.matmul %[[KEPT]]
func.func @f(%x: tensor<8x6xf32>, %w: tensor<6x6xf32>) -> tensor<f32> attributes {dither.differentiate} {
  %h = dither.linear %x, %w {backward = #dither.sketch<ratio = 0.5>} : tensor<8x6xf32>, tensor<6x6xf32>
  %y = dither.linear %h, %w {backward = #dither.sketch<ratio = 0.5>} : tensor<8x6xf32>, tensor<6x6xf32>
  %l = dither.mean %y : tensor<8x6xf32>
  return %l : tensor<f32>
}
