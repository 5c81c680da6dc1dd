// RUN: dither-opt %s --dither-recompute-random | FileCheck %s

// CHECK-LABEL: @bits
// CHECK-NEXT: %[[A:.*]] = dither.random_bits
// CHECK-NEXT: %[[Y:.*]] = dither.xor %arg0, %[[A]]
// CHECK-NEXT: %[[B:.*]] = dither.random_bits
// CHECK-NEXT: dither.xor %[[Y]], %[[B]]
// CHECK-NEXT: return
func.func @bits(%x: tensor<4xi32>, %rng: tensor<2xi64>) -> tensor<4xi32> {
  %n = dither.random_bits %rng {stream = 3 : i64} : tensor<2xi64> -> tensor<4xi32>
  %y = dither.xor %x, %n : tensor<4xi32>, tensor<4xi32>
  %z = dither.xor %y, %n : tensor<4xi32>, tensor<4xi32>
  return %z : tensor<4xi32>
}

// The whole chain is copied; the constant in it is shared.
// CHECK-LABEL: @chain
// CHECK-NEXT: %[[ZERO:.*]] = dither.constant
// CHECK-NEXT: %[[A:.*]] = dither.random_bits
// CHECK-NEXT: %[[C:.*]] = dither.compare lt %[[A]], %[[ZERO]]
// CHECK-NEXT: %[[Y:.*]] = dither.select %[[C]], %arg0, %arg0
// CHECK-NEXT: %[[B:.*]] = dither.random_bits
// CHECK-NEXT: %[[D:.*]] = dither.compare lt %[[B]], %[[ZERO]]
// CHECK-NEXT: dither.select %[[D]], %[[Y]], %arg0
func.func @chain(%x: tensor<4xf32>, %rng: tensor<2xi64>) -> tensor<4xf32> {
  %n = dither.random_bits %rng {stream = 3 : i64} : tensor<2xi64> -> tensor<4xi32>
  %zero = dither.constant dense<0> : tensor<i32>
  %c = dither.compare lt %n, %zero : tensor<4xi32>, tensor<i32>
  %y = dither.select %c, %x, %x : tensor<4xi1>, tensor<4xf32>, tensor<4xf32>
  %z = dither.select %c, %y, %x : tensor<4xi1>, tensor<4xf32>, tensor<4xf32>
  return %z : tensor<4xf32>
}
