// RUN: dither-opt %s --dither-decompose | FileCheck %s

// States of a whole sequence are nowhere: a loop carries those of one step from block to block.
// CHECK-LABEL: func @blocks
// CHECK: dither.for over
// CHECK-SAME: -> (tensor<?x128x8xf32>, tensor<?x8x4xf32>, tensor<?x4x4x8xf32>)
// CHECK: dither.for carry
// CHECK-SAME: -> (tensor<4x8xf32>, tensor<4x32x8xf32>, tensor<4x4x8xf32>)
// CHECK: dither.recurrence
// CHECK-SAME: tensor<4x32x8xf32> from tensor<4x8xf32>
// CHECK-NOT: tensor<{{.*}}128x8x4xf32>
func.func @blocks(%x: tensor<?x128x8xf32>, %a: tensor<8x4xf32>, %b: tensor<?x128x4xf32>) -> (tensor<?x128x8xf32>, tensor<?x8x4xf32>, tensor<?x4x4x8xf32>) {
  %y:3 = dither.selective_scan %x, %x, %a, %b, %b : tensor<?x128x8xf32>, tensor<8x4xf32>, tensor<?x128x4xf32>
  return %y#0, %y#1, %y#2 : tensor<?x128x8xf32>, tensor<?x8x4xf32>, tensor<?x4x4x8xf32>
}

// A sequence of one block has no loop.
// CHECK-LABEL: func @short
// CHECK-NOT: dither.for
// CHECK: return
func.func @short(%x: tensor<32x8xf32>, %a: tensor<8x4xf32>, %b: tensor<32x4xf32>) -> tensor<32x8xf32> {
  %y:3 = dither.selective_scan %x, %x, %a, %b, %b : tensor<32x8xf32>, tensor<8x4xf32>, tensor<32x4xf32>
  return %y#0 : tensor<32x8xf32>
}

// States of bf16 are f32.
// CHECK-LABEL: func @narrow
// CHECK: dither.recurrence {{.*}}f32>
// CHECK: return {{.*}} : tensor<32x8xbf16>, tensor<8x4xf32>
func.func @narrow(%x: tensor<32x8xbf16>, %a: tensor<8x4xbf16>, %b: tensor<32x4xbf16>) -> (tensor<32x8xbf16>, tensor<8x4xf32>) {
  %y:3 = dither.selective_scan %x, %x, %a, %b, %b : tensor<32x8xbf16>, tensor<8x4xbf16>, tensor<32x4xbf16>
  return %y#0, %y#1 : tensor<32x8xbf16>, tensor<8x4xf32>
}
