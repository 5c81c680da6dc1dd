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

// Of windows that overlap, first rows are combined, then columns. What is outside of an image is less than all that is inside.
// CHECK-LABEL: @overlap
// CHECK: %[[PADDED:.*]] = dither.pad %arg0 {high = array<i64: 0, 1, 3, 0>, low = array<i64: 0, 0, 2, 0>, value = 0xFFF0000000000000 : f64}
// CHECK: %[[A:.*]] = dither.slice %[[PADDED]] {offsets = array<i64: 0, 0, 0, 0>, sizes = array<i64: -1, 4, 9, 3>, strides = array<i64: 1, 1, 1, 1>}
// CHECK: %[[B:.*]] = dither.slice %[[PADDED]] {offsets = array<i64: 0, 1, 0, 0>, sizes = array<i64: -1, 4, 9, 3>, strides = array<i64: 1, 1, 1, 1>}
// CHECK: %[[DOWN:.*]] = dither.max %[[A]], %[[B]]
// CHECK: %[[C:.*]] = dither.slice %[[DOWN]] {offsets = array<i64: 0, 0, 0, 0>, sizes = array<i64: -1, 4, 3, 3>, strides = array<i64: 1, 1, 2, 1>}
// CHECK: %[[D:.*]] = dither.slice %[[DOWN]] {offsets = array<i64: 0, 0, 2, 0>,
// CHECK: %[[E:.*]] = dither.max %[[C]], %[[D]]
// CHECK: %[[F:.*]] = dither.slice %[[DOWN]] {offsets = array<i64: 0, 0, 4, 0>,
// CHECK: dither.max %[[E]], %[[F]]
func.func @overlap(%x: tensor<?x4x4x3xf32>) -> tensor<?x4x3x3xf32> {
  %y = dither.max_pool2d %x {kernel = array<i64: 2, 3>, strides = array<i64: 1, 2>, padding = array<i64: 0, 1, 2, 3>, dilations = array<i64: 1, 2>}
    : tensor<?x4x4x3xf32>
  return %y : tensor<?x4x3x3xf32>
}

// Large windows that overlap have copies of their elements.
// CHECK-LABEL: @large
// CHECK: %[[PATCHES:.*]] = dither.patches %arg0 {kernel = array<i64: 17, 17>}
// CHECK: %[[SEEN:.*]] = dither.reshape %[[PATCHES]] : tensor<?x4x2x867xf32> to tensor<?x4x2x289x3xf32>
// CHECK: dither.reduce max %[[SEEN]] {dims = array<i64: 3>}
func.func @large(%x: tensor<?x20x18x3xf32>) -> tensor<?x4x2x3xf32> {
  %y = dither.max_pool2d %x {kernel = array<i64: 17, 17>, strides = array<i64: 1, 1>} : tensor<?x20x18x3xf32>
  return %y : tensor<?x4x2x3xf32>
}

// Of 16 bits, a mean is rounded once.
// CHECK-LABEL: @short
// CHECK: %[[WIDE:.*]] = dither.cast %arg0 : tensor<?x2x2x3xbf16> to tensor<?x2x2x3xf32>
// CHECK: %[[MEAN:.*]] = dither.div %{{.*}}, %{{.*}} : tensor<?x1x1x3xf32>, tensor<f32>
// CHECK: dither.cast %[[MEAN]] : tensor<?x1x1x3xf32> to tensor<?x1x1x3xbf16>
func.func @short(%x: tensor<?x2x2x3xbf16>) -> tensor<?x1x1x3xbf16> {
  %y = dither.avg_pool2d %x {kernel = array<i64: 2, 2>} : tensor<?x2x2x3xbf16>
  return %y : tensor<?x1x1x3xbf16>
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
