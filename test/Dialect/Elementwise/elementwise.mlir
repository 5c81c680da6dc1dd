// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @unary
func.func @unary(%x: tensor<4x3xf32>, %i: tensor<4xi8>) {
  // CHECK: dither.neg %{{.*}} : tensor<4x3xf32>
  %0 = dither.neg %x : tensor<4x3xf32>
  %1 = dither.abs %i : tensor<4xi8>
  %2 = dither.exp %x : tensor<4x3xf32>
  %3 = dither.round %x : tensor<4x3xf32>
  // CHECK: dither.not %{{.*}} : tensor<4xi8>
  %4 = dither.not %i : tensor<4xi8>
  return
}

// CHECK-LABEL: @broadcast
func.func @broadcast(%x: tensor<?x3xf32>, %y: tensor<3xf32>, %z: tensor<2x1x3xf32>) -> tensor<2x?x3xf32> {
  // CHECK: dither.add %{{.*}}, %{{.*}} : tensor<?x3xf32>, tensor<3xf32>
  %0 = dither.add %x, %y : tensor<?x3xf32>, tensor<3xf32>
  // CHECK: dither.mul %{{.*}}, %{{.*}} : tensor<?x3xf32>, tensor<2x1x3xf32>
  %1 = dither.mul %0, %z : tensor<?x3xf32>, tensor<2x1x3xf32>
  return %1 : tensor<2x?x3xf32>
}

// CHECK-LABEL: @choose
func.func @choose(%x: tensor<4x3xf32>, %y: tensor<3xf32>) -> tensor<4x3xf32> {
  // CHECK: dither.compare gt %{{.*}}, %{{.*}} : tensor<4x3xf32>, tensor<3xf32>
  %c = dither.compare gt %x, %y : tensor<4x3xf32>, tensor<3xf32>
  // CHECK: dither.select %{{.*}}, %{{.*}}, %{{.*}} : tensor<4x3xi1>, tensor<4x3xf32>, tensor<3xf32>
  %0 = dither.select %c, %x, %y : tensor<4x3xi1>, tensor<4x3xf32>, tensor<3xf32>
  return %0 : tensor<4x3xf32>
}

// CHECK-LABEL: @convert
func.func @convert(%x: tensor<4xf32>) -> (tensor<4xi8>, tensor<4xi32>) {
  // CHECK: dither.cast %{{.*}} : tensor<4xf32> to tensor<4xi8>
  %0 = dither.cast %x : tensor<4xf32> to tensor<4xi8>
  // CHECK: dither.bitcast %{{.*}} : tensor<4xf32> to tensor<4xi32>
  %1 = dither.bitcast %x : tensor<4xf32> to tensor<4xi32>
  return %0, %1 : tensor<4xi8>, tensor<4xi32>
}
