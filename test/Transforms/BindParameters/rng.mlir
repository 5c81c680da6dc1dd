// RUN: dither-opt %s --dither-bind-parameters | FileCheck %s

dither.model @m {
  // CHECK: func.func @f(%[[X:.*]]: tensor<4xf32> {dither.kind = "input", dither.name = "arg0"}, %[[R:.*]]: tensor<2xi64> {dither.kind = "rng"})
  func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
    // CHECK-NOT: dither.rng
    %r = dither.rng : tensor<2xi64>
    // CHECK: dither.uniform %[[R]] {stream = 1 : i64}
    %u = dither.uniform %r {stream = 1 : i64} : tensor<2xi64> -> tensor<4xf32>
    %s = dither.rng : tensor<2xi64>
    // CHECK: dither.uniform %[[R]] {stream = 2 : i64}
    %v = dither.uniform %s {stream = 2 : i64} : tensor<2xi64> -> tensor<4xf32>
    %y = dither.add %u, %v : tensor<4xf32>, tensor<4xf32>
    return %y : tensor<4xf32>
  }
}
