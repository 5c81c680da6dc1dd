// RUN: dither-opt %s --dither-to-linalg | FileCheck %s

// Each part has its place in one tensor; of what has no elements, nothing is copied.
// CHECK-LABEL: @concat
// CHECK: %[[N:.*]] = tensor.dim %arg0, %c0
// CHECK: %[[EMPTY:.*]] = tensor.empty(%[[N]]) : tensor<?x8xf32>
// CHECK: %[[FIRST:.*]] = tensor.insert_slice %arg0 into %[[EMPTY]][0, 0] [%{{.*}}, 3] [1, 1]
// CHECK-NOT: %arg1
// CHECK: tensor.insert_slice %arg2 into %[[FIRST]][0, 3] [%{{.*}}, 5] [1, 1]
func.func @concat(%a: tensor<?x3xf32>, %b: tensor<?x0xf32>, %c: tensor<?x5xf32>) -> tensor<?x8xf32> {
  %y = dither.concat %a, %b, %c {dim = 1 : i64} : tensor<?x3xf32>, tensor<?x0xf32>, tensor<?x5xf32>
  return %y : tensor<?x8xf32>
}

// CHECK-LABEL: @pad
// CHECK: %[[INF:.*]] = arith.constant 0x7F80 : bf16
// CHECK: %[[ALL:.*]] = linalg.fill ins(%[[INF]] : bf16) {{.*}} -> tensor<?x6xbf16>
// CHECK: tensor.insert_slice %arg0 into %[[ALL]][0, 1] [%{{.*}}, 3] [1, 1]
// CHECK: arith.constant -7 : i8
// CHECK: linalg.fill
// CHECK-NOT: insert_slice
func.func @pad(%x: tensor<?x3xbf16>, %e: tensor<0x2xi8>) -> (tensor<?x6xbf16>, tensor<1x2xi8>) {
  %y = dither.pad %x {low = array<i64: 0, 1>, high = array<i64: 0, 2>, value = 0x7FF0000000000000 : f64} : tensor<?x3xbf16>
  %z = dither.pad %e {low = array<i64: 1, 0>, high = array<i64: 0, 0>, value = -7.0 : f64} : tensor<0x2xi8>
  return %y, %z : tensor<?x6xbf16>, tensor<1x2xi8>
}

// CHECK-LABEL: @reverse
// CHECK: %[[I:.*]] = linalg.index 0
// CHECK: %[[J:.*]] = linalg.index 1
// CHECK: %[[LAST:.*]] = arith.constant 8 : index
// CHECK: %[[FROM:.*]] = arith.subi %[[LAST]], %[[J]]
// CHECK: tensor.extract %arg0[%[[I]], %[[FROM]]]
func.func @reverse(%x: tensor<?x9xf32>) -> tensor<?x9xf32> {
  %y = dither.reverse %x {dims = array<i64: 1>} : tensor<?x9xf32>
  return %y : tensor<?x9xf32>
}
