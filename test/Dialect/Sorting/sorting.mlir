// RUN: dither-opt %s --dither-decompose | FileCheck %s

// Sorting takes elements from where their order says; so its gradient goes back there.
// CHECK-LABEL: @sort
// CHECK: %[[I:.*]] = dither.argsort %arg0 {descending, dim = 1 : i64} : tensor<?x8xf32>
// CHECK: %[[Y:.*]] = dither.take_along %arg0, %[[I]] {dim = 1 : i64} : tensor<?x8xf32>, tensor<?x8xi32>
// CHECK: return %[[Y]]
func.func @sort(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = dither.sort %x {dim = 1 : i64, descending} : tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

// The largest elements need no more places than there are of them.
// CHECK-LABEL: @top_k
// CHECK: %[[I:.*]] = dither.argsort %arg0 {count = 3 : i64, descending, dim = 1 : i64} : tensor<?x8xf32>
// CHECK: %[[Y:.*]] = dither.take_along %arg0, %[[I]] {dim = 1 : i64} : tensor<?x8xf32>, tensor<?x3xi32>
// CHECK: return %[[Y]], %[[I]]
func.func @top_k(%x: tensor<?x8xf32>) -> (tensor<?x3xf32>, tensor<?x3xi32>) {
  %y, %i = dither.top_k %x {k = 3 : i64} : tensor<?x8xf32>
  return %y, %i : tensor<?x3xf32>, tensor<?x3xi32>
}

// CHECK-LABEL: @smallest
// CHECK: dither.argsort %arg0 {count = 3 : i64, dim = 0 : i64} : tensor<8xi8>
func.func @smallest(%x: tensor<8xi8>) -> tensor<3xi8> {
  %y, %i = dither.top_k %x {k = 3 : i64, smallest} : tensor<8xi8>
  return %y : tensor<3xi8>
}
