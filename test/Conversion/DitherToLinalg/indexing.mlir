// RUN: dither-opt %s --dither-to-linalg | FileCheck %s

// A position that does not exist is that of the nearest row.
// CHECK-LABEL: @gather
// CHECK: linalg.generic {{.*}} ins(%arg1 : tensor<2xi32>)
// CHECK: arith.maxsi
// CHECK: %[[ROW:.*]] = arith.minsi {{.*}} : index
// CHECK: %[[COLUMN:.*]] = linalg.index 1
// CHECK: tensor.extract %arg0[%[[ROW]], %[[COLUMN]]]
func.func @gather(%x: tensor<9x3xf32>, %rows: tensor<2xi32>) -> tensor<2x3xf32> {
  %y = dither.gather %x, %rows : tensor<9x3xf32>, tensor<2xi32>
  return %y : tensor<2x3xf32>
}

// Rows are written one after the other; what has no place is not.
// CHECK-LABEL: @scatter
// CHECK: scf.for %[[I:.*]] = {{.*}} iter_args(%[[Y:.*]] = %arg1)
// CHECK: %[[EXISTS:.*]] = arith.cmpi ult
// CHECK: %[[TIMES:.*]] = arith.index_castui %[[EXISTS]] : i1 to index
// CHECK: scf.for %{{.*}} to %[[TIMES]] {{.*}} iter_args(%[[Z:.*]] = %[[Y]])
// CHECK: %[[NEW:.*]] = tensor.extract_slice %arg0[%[[I]], 0] [1, 3]
// CHECK: tensor.insert_slice %[[NEW]] into %[[Z]]
func.func @scatter(%u: tensor<2x3xf32>, %x: tensor<9x3xf32>, %rows: tensor<2xi32>) -> tensor<9x3xf32> {
  %y = dither.scatter %u into %x at %rows : tensor<2x3xf32>, tensor<9x3xf32>, tensor<2xi32>
  return %y : tensor<9x3xf32>
}
