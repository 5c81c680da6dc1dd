// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @lists
func.func @lists(%x: tensor<4x3xf32>) -> tensor<4x3xf32> {
  // CHECK: dither.top_mask %{{.*}} {count = 5 : i64} : tensor<4x3xf32>
  %m = dither.top_mask %x {count = 5 : i64} : tensor<4x3xf32>
  // CHECK: dither.list_rows %{{.*}} : tensor<4x3xi1> -> tensor<5xi8>, tensor<4xi32>
  %r, %o = dither.list_rows %m : tensor<4x3xi1> -> tensor<5xi8>, tensor<4xi32>
  // CHECK: dither.gather_listed %{{.*}}, %{{.*}}, %{{.*}} : tensor<4x3xf32>, tensor<5xi8>, tensor<4xi32> -> tensor<5xf32>
  %v = dither.gather_listed %x, %r, %o : tensor<4x3xf32>, tensor<5xi8>, tensor<4xi32> -> tensor<5xf32>
  // CHECK: dither.scatter_listed %{{.*}}, %{{.*}}, %{{.*}} : tensor<5xf32>, tensor<5xi8>, tensor<4xi32> -> tensor<4x3xf32>
  %y = dither.scatter_listed %v, %r, %o : tensor<5xf32>, tensor<5xi8>, tensor<4xi32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// CHECK-LABEL: @samples
func.func @samples(%x: tensor<?x4xf32>, %y: tensor<?x3xf32>, %z: tensor<4x3xf32>, %r: tensor<6xi8>, %o: tensor<4xi32>) -> (tensor<6xf32>, tensor<6xf32>) {
  // CHECK: dither.sample %{{.*}}, %{{.*}}, %{{.*}} {pattern = #dither.unstructured<sparsity = 5.0
  %v = dither.sample %z, %r, %o {pattern = #dither.unstructured<sparsity = 0.5>} : tensor<4x3xf32>, tensor<6xi8>, tensor<4xi32> -> tensor<6xf32>
  // CHECK: dither.sampled_matmul %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {pattern
  %w = dither.sampled_matmul %x, %y, %r, %o {pattern = #dither.unstructured<sparsity = 0.5>}
    : tensor<?x4xf32>, tensor<?x3xf32>, tensor<6xi8>, tensor<4xi32> -> tensor<6xf32>
  return %v, %w : tensor<6xf32>, tensor<6xf32>
}
