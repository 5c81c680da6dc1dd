// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @rows
func.func @rows(%x: tensor<8x3xf32>, %d: tensor<8x?xi8>, %rows: tensor<2xi32>) {
  // CHECK: dither.gather %arg0, %arg2 : tensor<8x3xf32>, tensor<2xi32>
  %0 = dither.gather %x, %rows : tensor<8x3xf32>, tensor<2xi32>
  // CHECK: dither.gather %arg1, %arg2 : tensor<8x?xi8>, tensor<2xi32>
  %1 = dither.gather %d, %rows : tensor<8x?xi8>, tensor<2xi32>
  // CHECK: dither.scatter %{{.*}} into %arg0 at %arg2 : tensor<2x3xf32>, tensor<8x3xf32>, tensor<2xi32>
  %2 = dither.scatter %0 into %x at %rows : tensor<2x3xf32>, tensor<8x3xf32>, tensor<2xi32>
  return
}

// CHECK-LABEL: @table
func.func @table(%x: tensor<8x3xf32>, %rows: tensor<?x5xi32>, %one: tensor<i32>) -> tensor<8x3xf32> {
  // CHECK: dither.gather %arg0, %arg1 : tensor<8x3xf32>, tensor<?x5xi32>
  %0 = dither.gather %x, %rows : tensor<8x3xf32>, tensor<?x5xi32>
  // CHECK: dither.gather %arg0, %arg2 : tensor<8x3xf32>, tensor<i32>
  %1 = dither.gather %x, %one : tensor<8x3xf32>, tensor<i32>
  // CHECK: dither.scatter_add %{{.*}} into %arg0 at %arg2 : tensor<3xf32>, tensor<8x3xf32>, tensor<i32>
  %2 = dither.scatter_add %1 into %x at %one : tensor<3xf32>, tensor<8x3xf32>, tensor<i32>
  // CHECK: dither.scatter_add %{{.*}} into %{{.*}} at %arg1 : tensor<?x5x3xf32>, tensor<8x3xf32>, tensor<?x5xi32>
  %3 = dither.scatter_add %0 into %2 at %rows : tensor<?x5x3xf32>, tensor<8x3xf32>, tensor<?x5xi32>
  return %3 : tensor<8x3xf32>
}

// CHECK-LABEL: @labels
func.func @labels(%labels: tensor<?x5xi8>, %x: tensor<?x5x3xf32>, %s: tensor<?x5xi32>) -> (tensor<?x5x9xbf16>, tensor<4x3xf32>) {
  // CHECK: dither.one_hot %arg0 : tensor<?x5xi8> to tensor<?x5x9xbf16>
  %0 = dither.one_hot %labels : tensor<?x5xi8> to tensor<?x5x9xbf16>
  // CHECK: dither.segment_sum %arg1, %arg2 {count = 4 : i64} : tensor<?x5x3xf32>, tensor<?x5xi32>
  %1 = dither.segment_sum %x, %s {count = 4 : i64} : tensor<?x5x3xf32>, tensor<?x5xi32>
  return %0, %1 : tensor<?x5x9xbf16>, tensor<4x3xf32>
}
