// RUN: dither-opt %s --dither-instantiate | FileCheck %s
// Random numbers of two instances are not the same, nor those of the model.

dither.model @m {
  dither.model @noise {
    func.func @forward() -> tensor<4x8xi32> {
      %rng = dither.rng : tensor<2xi64>
      %x = dither.random_bits %rng {stream = 3 : i64} : tensor<2xi64> -> tensor<4x8xi32>
      return %x : tensor<4x8xi32>
    }
  }
  dither.instance @a of @noise
  dither.instance @b of @noise
  func.func @own() -> tensor<4x8xi32> {
    %rng = dither.rng : tensor<2xi64>
    %x = dither.random_bits %rng {stream = 5 : i64} : tensor<2xi64> -> tensor<4x8xi32>
    return %x : tensor<4x8xi32>
  }
}
// CHECK: func.func private @a.forward
// CHECK: stream = 9 : i64
// CHECK: func.func private @b.forward
// CHECK: stream = 13 : i64
// CHECK: func.func @own
// CHECK: stream = 5 : i64
