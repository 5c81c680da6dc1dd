// RUN: dither-opt %s --dither-to-linalg | FileCheck %s

// CHECK-DAG: #[[SWAP:.*]] = affine_map<(d0, d1) -> (d1, d0)>
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (d1)>

// CHECK-LABEL: @transpose
// CHECK: %[[N:.*]] = tensor.dim %arg0, %c0
// CHECK: tensor.empty(%[[N]]) : tensor<3x?xf32>
// CHECK: linalg.generic {indexing_maps = [#[[SWAP]],
func.func @transpose(%x: tensor<?x3xf32>) -> tensor<3x?xf32> {
  %y = dither.transpose %x {permutation = array<i64: 1, 0>} : tensor<?x3xf32>
  return %y : tensor<3x?xf32>
}

// The elements of `like` are not read, only its extent.
// CHECK-LABEL: @broadcast
// CHECK: tensor.dim %arg1, %c0
// CHECK: linalg.generic {indexing_maps = [#[[ROW]], {{.*}} ins(%arg0 : tensor<3xf32>)
func.func @broadcast(%x: tensor<3xf32>, %like: tensor<?x3xi32>) -> tensor<?x3xf32> {
  %y = dither.broadcast %x like %like : tensor<3xf32>, tensor<?x3xi32>
  return %y : tensor<?x3xf32>
}

// CHECK-LABEL: @batch
// CHECK: tensor.collapse_shape %arg0 {{\[\[}}0], [1, 2]] : tensor<?x2x3xf32> into tensor<?x6xf32>
// CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0], [1, 2]] {{.*}} into tensor<?x3x2xf32>
func.func @batch(%x: tensor<?x2x3xf32>) -> tensor<?x3x2xf32> {
  %y = dither.reshape %x : tensor<?x2x3xf32> to tensor<?x3x2xf32>
  return %y : tensor<?x3x2xf32>
}

// CHECK-LABEL: @scalars
// CHECK: tensor.collapse_shape %arg0 {{\[\[}}0, 1]] : tensor<1x1xf32> into tensor<1xf32>
// CHECK: tensor.collapse_shape %{{.*}} [] : tensor<1xf32> into tensor<f32>
// CHECK: tensor.expand_shape %arg1 [] output_shape [1] : tensor<f32> into tensor<1xf32>
func.func @scalars(%x: tensor<1x1xf32>, %y: tensor<f32>) -> (tensor<f32>, tensor<1xf32>) {
  %a = dither.reshape %x : tensor<1x1xf32> to tensor<f32>
  %b = dither.reshape %y : tensor<f32> to tensor<1xf32>
  return %a, %b : tensor<f32>, tensor<1xf32>
}

// CHECK-LABEL: @slice
// CHECK: %[[N:.*]] = tensor.dim %arg0, %c0
// CHECK: tensor.extract_slice %arg0[0, 1] [%[[N]], 2] [1, 3] : tensor<?x8xf32> to tensor<?x2xf32>
func.func @slice(%x: tensor<?x8xf32>) -> tensor<?x2xf32> {
  %y = dither.slice %x {offsets = array<i64: 0, 1>, sizes = array<i64: -1, 2>, strides = array<i64: 1, 3>} : tensor<?x8xf32>
  return %y : tensor<?x2xf32>
}

// An empty box may begin behind the last element, where upstream's op may not.
// CHECK-LABEL: @empty_slice
// CHECK-NEXT: tensor.empty() : tensor<0xf32>
// CHECK-NOT: extract_slice
func.func @empty_slice(%x: tensor<8xf32>) -> tensor<0xf32> {
  %y = dither.slice %x {offsets = array<i64: 8>, sizes = array<i64: 0>, strides = array<i64: 1>} : tensor<8xf32>
  return %y : tensor<0xf32>
}

// CHECK-LABEL: @embed
// CHECK: %[[ZEROS:.*]] = linalg.fill
// CHECK: tensor.insert_slice %arg0 into %[[ZEROS]][0, 1] [%{{.*}}, 2] [1, 3]
func.func @embed(%x: tensor<?x2xf32>, %like: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = dither.embed %x like %like {offsets = array<i64: 0, 1>, strides = array<i64: 1, 3>} : tensor<?x2xf32>, tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

// CHECK-LABEL: @empty_embed
// CHECK: linalg.fill
// CHECK-NOT: insert_slice
func.func @empty_embed(%x: tensor<0xf32>, %like: tensor<8xf32>) -> tensor<8xf32> {
  %y = dither.embed %x like %like {offsets = array<i64: 8>, strides = array<i64: 1>} : tensor<0xf32>, tensor<8xf32>
  return %y : tensor<8xf32>
}

// Counters are computed, not stored.
// CHECK-LABEL: @iota
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x3xf32>)
// CHECK: linalg.index 1
// CHECK: arith.sitofp
func.func @iota() -> tensor<2x3xf32> {
  %y = dither.iota {dim = 1 : i64} : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}
