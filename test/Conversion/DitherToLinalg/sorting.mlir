// RUN: dither-opt %s --dither-to-linalg --canonicalize | FileCheck %s

// Rows are sorted by the digits of keys, two here; memory is that of one row, outside of the loop over rows. Keys are moved once: where the last
// digit says where they go, positions alone are of interest, and these are the result.
// CHECK-LABEL: @digits
// CHECK-DAG: %[[COUNTS:.*]] = tensor.empty() : tensor<512xi32>
// CHECK-DAG: %[[KEYS:.*]] = tensor.empty() : tensor<300xi16>
// CHECK-DAG: %[[NUMBERS:.*]] = tensor.empty() : tensor<300xi32>
// CHECK-NOT: tensor.empty
// CHECK: scf.for
// CHECK: linalg.fill {{.*}} -> tensor<512xi32>
// CHECK-COUNT-5: scf.for
// CHECK: tensor.insert {{.*}} : tensor<?x300xi32>
// CHECK-NOT: scf.for
func.func @digits(%x: tensor<?x300xf16>) -> tensor<?x300xi32> {
  %i = dither.argsort %x {dim = 1 : i64} : tensor<?x300xf16>
  return %i : tensor<?x300xi32>
}

// Few places are kept in a list, into which most elements do not go.
// CHECK-LABEL: @few
// CHECK: tensor.empty() : tensor<4xi32>
// CHECK-NOT: tensor<300xi32>
// CHECK: arith.minui
// CHECK: arith.cmpi ult
func.func @few(%x: tensor<?x300xf32>) -> tensor<?x4xi32> {
  %i = dither.argsort %x {dim = 1 : i64, count = 4 : i64} : tensor<?x300xf32>
  return %i : tensor<?x4xi32>
}

// CHECK-LABEL: @take_along
// CHECK: linalg.generic {{.*}} ins(%arg1 : tensor<?x4xi32>)
// CHECK: arith.maxsi
// CHECK: arith.minsi
// CHECK: tensor.extract %arg0
func.func @take_along(%x: tensor<?x300xf32>, %i: tensor<?x4xi32>) -> tensor<?x4xf32> {
  %y = dither.take_along %x, %i {dim = 1 : i64} : tensor<?x300xf32>, tensor<?x4xi32>
  return %y : tensor<?x4xf32>
}

// Sums of 16 bits are rounded once.
// CHECK-LABEL: @scatter_add_along
// CHECK: arith.extf {{.*}} bf16 to f32
// CHECK: scf.for
// CHECK: arith.addf {{.*}} : f32
// CHECK: arith.truncf {{.*}} f32 to bf16
func.func @scatter_add_along(%u: tensor<?x4xbf16>, %x: tensor<?x300xbf16>, %i: tensor<?x4xi32>) -> tensor<?x300xbf16> {
  %y = dither.scatter_add_along %u into %x at %i {dim = 1 : i64} : tensor<?x4xbf16>, tensor<?x300xbf16>, tensor<?x4xi32>
  return %y : tensor<?x300xbf16>
}

// CHECK-LABEL: @nothing
// CHECK-NOT: scf.for
func.func @nothing(%x: tensor<?x0xf32>) -> tensor<?x0xi32> {
  %i = dither.argsort %x {dim = 1 : i64} : tensor<?x0xf32>
  return %i : tensor<?x0xi32>
}
