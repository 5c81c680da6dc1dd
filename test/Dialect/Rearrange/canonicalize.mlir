// RUN: dither-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @nothing_is_added
// CHECK-NEXT: return %arg0
func.func @nothing_is_added(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %0 = dither.concat %x {dim = 1 : i64} : tensor<?x8xf32>
  %1 = dither.pad %0 {low = array<i64: 0, 0>, high = array<i64: 0, 0>, value = 1.0 : f64} : tensor<?x8xf32>
  return %1 : tensor<?x8xf32>
}
