// RUN: dither-opt %s --dither-decompose | FileCheck %s

// What has an inverse distribution function is an expression in noise, which reaches into both tails.
// CHECK-LABEL: @logistic
// CHECK: dither.random_bits
// CHECK-NOT: dither.while
// CHECK: dither.log1p
// CHECK: return
func.func @logistic(%location: tensor<3xf32>, %scale: tensor<f32>, %rng: tensor<2xi64>) -> tensor<4x3xf32> {
  %z = dither.draw #dither.logistic(%location, %scale) from %rng {stream = 1 : i64} : (tensor<3xf32>, tensor<f32>, tensor<2xi64>) -> tensor<4x3xf32>
  return %z : tensor<4x3xf32>
}

// Gamma numbers are proposed until all are accepted; the result moves with the shape, which the loop does not say.
// CHECK-LABEL: @gamma
// CHECK: %[[FOUND:.*]]:3 = dither.while
// CHECK: dither.implicit_gamma %{{.*}}, %{{.*}} : tensor<3xf32>, tensor<4x3xf32>
func.func @gamma(%shape: tensor<3xf32>, %rate: tensor<f32>, %rng: tensor<2xi64>) -> tensor<4x3xf32> {
  %z = dither.draw #dither.gamma(%shape, %rate) from %rng {stream = 1 : i64} : (tensor<3xf32>, tensor<f32>, tensor<2xi64>) -> tensor<4x3xf32>
  return %z : tensor<4x3xf32>
}

// Noise of 16 bits would have no tails: it is drawn in f32.
// CHECK-LABEL: @half
// CHECK: dither.log {{.*}} : tensor<4xf32>
// CHECK: dither.cast %{{.*}} : tensor<4xf32> to tensor<4xf16>
func.func @half(%location: tensor<f16>, %scale: tensor<f16>, %rng: tensor<2xi64>) -> tensor<4xf16> {
  %z = dither.draw #dither.laplace(%location, %scale) from %rng {stream = 1 : i64} : (tensor<f16>, tensor<f16>, tensor<2xi64>) -> tensor<4xf16>
  return %z : tensor<4xf16>
}
