// RUN: dither-opt %s --dither-to-linalg --canonicalize | FileCheck %s

// Each row of a window is copied as one piece of memory; the images are padded before.
// CHECK: #[[ROWS:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1 * 2 + d3, d2 * 4 + d4 * 4 + d5)>
// CHECK-LABEL: @patches
// CHECK: %[[FILL:.*]] = linalg.fill {{.*}} tensor<?x10x9x4xf32>
// CHECK: %[[PADDED:.*]] = tensor.insert_slice %arg0 into %[[FILL]][0, 1, 1, 0]
// CHECK: tensor.collapse_shape %[[PADDED]] {{\[}}[0], [1], [2, 3]] : tensor<?x10x9x4xf32> into tensor<?x10x36xf32>
// CHECK: linalg.generic {indexing_maps = [#[[ROWS]], {{.*}} outs(%{{.*}} : tensor<?x4x7x3x1x12xf32>)
func.func @patches(%x: tensor<?x8x7x4xf32>) -> tensor<?x4x7x36xf32> {
  %y = dither.patches %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 1>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x8x7x4xf32>
  return %y : tensor<?x4x7x36xf32>
}

// Windows overlap: only images are independent of each other.
// CHECK-LABEL: @fold
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "reduction", "reduction", "reduction", "reduction", "parallel"]
// CHECK-SAME: ins(%{{.*}} : tensor<?x6x7x3x1x12xf32>) outs(%{{.*}} : tensor<?x8x36xf32>)
// CHECK: tensor.extract_slice {{.*}} : tensor<?x8x9x4xf32> to tensor<?x8x7x4xf32>
func.func @fold(%p: tensor<?x6x7x36xf32>) -> tensor<?x8x7x4xf32> {
  %x = dither.fold %p {kernel = array<i64: 3, 3>, padding = array<i64: 0, 0, 1, 1>} : tensor<?x6x7x36xf32> to tensor<?x8x7x4xf32>
  return %x : tensor<?x8x7x4xf32>
}

// A window of one element sees the image.
// CHECK-LABEL: @pointwise
// CHECK: %[[X:.*]] = tensor.collapse_shape %arg0 {{\[}}[0, 1, 2], [3]] : tensor<?x8x7x4xf32> into tensor<?x4xf32>
// CHECK: %[[Y:.*]] = dither.contract x(%[[X]] : tensor<?x4xf32>) w(%arg1 : tensor<4x9xf32>)
// CHECK: tensor.expand_shape %[[Y]] {{\[}}[0, 1, 2], [3]] {{.*}} : tensor<?x9xf32> into tensor<?x8x7x9xf32>
func.func @pointwise(%x: tensor<?x8x7x4xf32>, %w: tensor<4x9xf32>) -> tensor<?x8x7x9xf32> {
  %p = dither.patches %x {kernel = array<i64: 1, 1>} : tensor<?x8x7x4xf32>
  %y = dither.matmul %p, %w : tensor<?x8x7x4xf32>, tensor<4x9xf32>
  return %y : tensor<?x8x7x9xf32>
}
