// RUN: dither-opt %s --dither-bind-parameters="mode=deploy" | FileCheck %s

// Two estimates of one gradient draw different numbers.
// CHECK-LABEL: func.func @twice
// CHECK: dither.rademacher %{{.*}} {dither.estimate, stream = 2147483648 : i64}
// CHECK: dither.rademacher %{{.*}} {dither.estimate, stream = 2147483649 : i64}
dither.model @m {
  func.func @linear(%x: tensor<8x6xf32>, %w: tensor<6x6xf32>) -> tensor<8x6xf32> {
    %y = dither.linear %x, %w {backward = #dither.sketch<ratio = 0.5>} : tensor<8x6xf32>, tensor<6x6xf32>
    return %y : tensor<8x6xf32>
  }
  func.func @twice(%x: tensor<8x6xf32>, %w: tensor<6x6xf32>, %dy: tensor<8x6xf32>) -> (tensor<6x6xf32>, tensor<6x6xf32>) {
    %y0, %dx0, %dw0 = dither.vjp @linear(%x, %w) along(%dy)
      : (tensor<8x6xf32>, tensor<6x6xf32>, tensor<8x6xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>, tensor<6x6xf32>)
    %y1, %dx1, %dw1 = dither.vjp @linear(%x, %w) along(%dy)
      : (tensor<8x6xf32>, tensor<6x6xf32>, tensor<8x6xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>, tensor<6x6xf32>)
    return %dw0, %dw1 : tensor<6x6xf32>, tensor<6x6xf32>
  }
}
