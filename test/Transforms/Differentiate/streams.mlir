// RUN: dither-opt %s --dither-differentiate | FileCheck %s

// A stream that the function uses itself is not used again.
// CHECK-LABEL: @f.gradient(
// CHECK: dither.normal %{{.*}} {stream = 3000000000 : i64}
// CHECK: dither.rademacher %{{.*}} {dither.estimate, stream = 3000000001 : i64}
func.func @f(%x: tensor<8x6xf32>, %w: tensor<6x3xf32>) -> tensor<f32> attributes {dither.differentiate} {
  %rng = dither.rng : tensor<2xi64>
  %n = dither.normal %rng {stream = 3000000000 : i64} : tensor<2xi64> -> tensor<8x6xf32>
  %z = dither.add %x, %n : tensor<8x6xf32>, tensor<8x6xf32>
  %y = dither.linear %z, %w {backward = #dither.sketch<ratio = 0.5>} : tensor<8x6xf32>, tensor<6x3xf32>
  %l = dither.mean %y : tensor<8x3xf32>
  return %l : tensor<f32>
}
