// RUN: dither-opt %s --dither-decompose | FileCheck %s

// Three places to the front are five to the back. A whole turn changes nothing.
// CHECK-LABEL: @roll
// CHECK: %[[LAST:.*]] = dither.slice %arg0 {offsets = array<i64: 0, 3, 0>, sizes = array<i64: -1, 5, 4>, {{.*}}
// CHECK: %[[FIRST:.*]] = dither.slice %arg0 {offsets = array<i64: 0, 0, 0>, sizes = array<i64: -1, 3, 4>, {{.*}}
// CHECK: %[[Y:.*]] = dither.concat %[[LAST]], %[[FIRST]] {dim = 1 : i64} : tensor<?x5x4xf32>, tensor<?x3x4xf32>
// CHECK-NEXT: return %[[Y]]
func.func @roll(%x: tensor<?x8x4xf32>) -> tensor<?x8x4xf32> {
  %y = dither.roll %x {shifts = array<i64: -3, 8>, dims = array<i64: 1, 2>} : tensor<?x8x4xf32>
  return %y : tensor<?x8x4xf32>
}

// CHECK-LABEL: @repeat
// CHECK: %[[X:.*]] = dither.reshape %arg0 : tensor<?x8xf32> to tensor<?x1x8xf32>
// CHECK: %[[ONES:.*]] = dither.constant dense<1.000000e+00> : tensor<3x1xf32>
// CHECK: %[[ALL:.*]] = dither.mul %[[X]], %[[ONES]] : tensor<?x1x8xf32>, tensor<3x1xf32>
// CHECK: dither.reshape %[[ALL]] : tensor<?x3x8xf32> to tensor<?x24xf32>
func.func @repeat(%x: tensor<?x8xf32>) -> tensor<?x24xf32> {
  %y = dither.repeat %x {counts = array<i64: 1, 3>} : tensor<?x8xf32>
  return %y : tensor<?x24xf32>
}

// CHECK-LABEL: @split
// CHECK: %[[A:.*]] = dither.slice %arg0 {offsets = array<i64: 0, 0>, sizes = array<i64: -1, 3>, {{.*}}
// CHECK: %[[B:.*]] = dither.slice %arg0 {offsets = array<i64: 0, 3>, sizes = array<i64: -1, 5>, {{.*}}
// CHECK: return %[[A]], %[[B]]
func.func @split(%x: tensor<?x8xf32>) -> (tensor<?x3xf32>, tensor<?x5xf32>) {
  %a, %b = dither.split %x {dim = 1 : i64, sizes = array<i64: 3, 5>} : tensor<?x8xf32>
  return %a, %b : tensor<?x3xf32>, tensor<?x5xf32>
}
