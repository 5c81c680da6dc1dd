// RUN: dither-opt %s --dither-decompose | FileCheck %s

// Windows that stand side by side are a reshape of the images, of which the last column is seen by none.
// CHECK-LABEL: @tiles
// CHECK: %[[SEEN:.*]] = dither.slice %arg0 {offsets = array<i64: 0, 0, 0, 0>, sizes = array<i64: -1, 8, 6, 3>, {{.*}} : tensor<?x8x7x3xf32>
// CHECK: %[[TILES:.*]] = dither.reshape %[[SEEN]] : tensor<?x8x6x3xf32> to tensor<?x4x2x3x2x3xf32>
// CHECK: %[[Y:.*]] = dither.reduce max %[[TILES]] {dims = array<i64: 2, 4>} : tensor<?x4x2x3x2x3xf32>
// CHECK: return %[[Y]] : tensor<?x4x3x3xf32>
func.func @tiles(%x: tensor<?x8x7x3xf32>) -> tensor<?x4x3x3xf32> {
  %y = dither.max_pool2d %x {kernel = array<i64: 2, 2>} : tensor<?x8x7x3xf32>
  return %y : tensor<?x4x3x3xf32>
}

// What is outside of an image is less than all that is inside.
// CHECK-LABEL: @overlap
// CHECK: %[[PADDED:.*]] = dither.pad %arg0 {high = array<i64: 0, 1, 3, 0>, low = array<i64: 0, 0, 2, 0>, value = 0xFFF0000000000000 : f64}
// CHECK: %[[PATCHES:.*]] = dither.patches %[[PADDED]] {kernel = array<i64: 2, 3>} : tensor<?x5x9x3xf32>
// CHECK: %[[SEEN:.*]] = dither.reshape %[[PATCHES]] : tensor<?x4x7x18xf32> to tensor<?x4x7x6x3xf32>
// CHECK: dither.reduce max %[[SEEN]] {dims = array<i64: 3>} : tensor<?x4x7x6x3xf32>
func.func @overlap(%x: tensor<?x4x4x3xf32>) -> tensor<?x4x7x3xf32> {
  %y = dither.max_pool2d %x {kernel = array<i64: 2, 3>, strides = array<i64: 1, 1>, padding = array<i64: 0, 1, 2, 3>} : tensor<?x4x4x3xf32>
  return %y : tensor<?x4x7x3xf32>
}

// Corners see four elements of an image, edges six.
// CHECK-LABEL: @counts
// CHECK: %[[COUNTS:.*]] = dither.constant dense<{{\[\[\[\[}}4.000000e+00], [6.000000e+00], [4.000000e+00]], {{\[\[}}6.000000e+00], [9.000000e+00], [6.000000e+00]],
// CHECK: dither.div %{{.*}}, %[[COUNTS]] : tensor<?x3x3x1xf32>, tensor<1x3x3x1xf32>
func.func @counts(%x: tensor<?x3x3x1xf32>) -> tensor<?x3x3x1xf32> {
  %y = dither.avg_pool2d %x {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x3x3x1xf32>
  return %y : tensor<?x3x3x1xf32>
}

// CHECK-LABEL: @zeros_count
// CHECK: %[[NINE:.*]] = dither.constant dense<9.000000e+00> : tensor<f32>
// CHECK: dither.div %{{.*}}, %[[NINE]]
func.func @zeros_count(%x: tensor<?x3x3x1xf32>) -> tensor<?x3x3x1xf32> {
  %y = dither.avg_pool2d %x {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>, count_padding} : tensor<?x3x3x1xf32>
  return %y : tensor<?x3x3x1xf32>
}
