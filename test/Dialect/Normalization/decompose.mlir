// RUN: dither-opt %s --dither-decompose | FileCheck %s

// Floats of 16 bits are widened before statistics are taken, and rounded once; a variance is that of differences from the mean.
// CHECK-LABEL: @layer_norm
// CHECK: %[[X:.*]] = dither.cast %arg0 : tensor<?x8xf16> to tensor<?x8xf32>
// CHECK: %[[SUM:.*]] = dither.reduce sum %[[X]] {dims = array<i64: 1>, keep} : tensor<?x8xf32>
// CHECK: %[[MEAN:.*]] = dither.div %[[SUM]]
// CHECK: %[[CENTERED:.*]] = dither.sub %[[X]], %[[MEAN]]
// CHECK: %[[SQUARE:.*]] = dither.mul %[[CENTERED]], %[[CENTERED]]
// CHECK: dither.reduce sum %[[SQUARE]]
// CHECK: dither.rsqrt
// CHECK: %[[Y:.*]] = dither.mul %[[CENTERED]]
// CHECK: %[[SCALE:.*]] = dither.cast %arg1
// CHECK: %[[SCALED:.*]] = dither.mul %[[Y]], %[[SCALE]] : tensor<?x8xf32>, tensor<8xf32>
// CHECK-NEXT: dither.cast %[[SCALED]] : tensor<?x8xf32> to tensor<?x8xf16>
func.func @layer_norm(%x: tensor<?x8xf16>, %scale: tensor<8xf16>) -> tensor<?x8xf16> {
  %y = dither.layer_norm %x, %scale : tensor<?x8xf16>, tensor<8xf16>
  return %y : tensor<?x8xf16>
}

// CHECK-LABEL: @group_norm
// CHECK: dither.reshape %arg0 : tensor<?x2x3x8xf32> to tensor<?x6x4x2xf32>
// CHECK: dither.reduce sum %{{.*}} {dims = array<i64: 1, 3>, keep} : tensor<?x6x4x2xf32>
// CHECK: dither.reshape %{{.*}} : tensor<?x6x4x2xf32> to tensor<?x2x3x8xf32>
func.func @group_norm(%x: tensor<?x2x3x8xf32>) -> tensor<?x2x3x8xf32> {
  %y = dither.group_norm %x {groups = 4 : i64} : tensor<?x2x3x8xf32>
  return %y : tensor<?x2x3x8xf32>
}
