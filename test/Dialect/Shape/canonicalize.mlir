// RUN: dither-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @reshapes
// CHECK-NEXT: %[[Y:.*]] = dither.reshape %arg0 : tensor<?x8xf32> to tensor<?x4x2xf32>
// CHECK-NEXT: return %[[Y]]
func.func @reshapes(%x: tensor<?x8xf32>) -> tensor<?x4x2xf32> {
  %0 = dither.reshape %x : tensor<?x8xf32> to tensor<?x2x4xf32>
  %1 = dither.reshape %0 : tensor<?x2x4xf32> to tensor<?x4x2xf32>
  return %1 : tensor<?x4x2xf32>
}

// CHECK-LABEL: @nothing_moves
// CHECK-NEXT: return %arg0
func.func @nothing_moves(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = dither.transpose %x {permutation = array<i64: 0, 1>} : tensor<4x8xf32>
  %1 = dither.broadcast %0 like %x : tensor<4x8xf32>, tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}
