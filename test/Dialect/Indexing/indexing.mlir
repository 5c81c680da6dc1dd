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
