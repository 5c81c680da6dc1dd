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

// CHECK-LABEL: @sequences
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg1 : tensor<?x4xi32>)
// CHECK: %[[ROW:.*]] = arith.minsi
// CHECK: %[[COLUMN:.*]] = linalg.index 2
// CHECK: tensor.extract %arg0[%[[ROW]], %[[COLUMN]]]
func.func @sequences(%x: tensor<9x3xf32>, %rows: tensor<?x4xi32>) -> tensor<?x4x3xf32> {
  %y = dither.gather %x, %rows : tensor<9x3xf32>, tensor<?x4xi32>
  return %y : tensor<?x4x3xf32>
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

// Rows are added to one after the other. Sums are f32 until all is added.
// CHECK-LABEL: @scatter_add
// CHECK: %[[START:.*]] = linalg.generic {{.*}} ins(%arg1 : tensor<9x3xbf16>)
// CHECK: %[[UPDATES:.*]] = tensor.collapse_shape %arg0 {{\[\[}}0, 1], [2]]
// CHECK: %[[ROWS:.*]] = tensor.collapse_shape %arg2 {{\[\[}}0, 1]]
// CHECK: scf.for %[[I:.*]] = {{.*}} iter_args(%[[Y:.*]] = %[[START]]) -> (tensor<9x3xf32>)
// CHECK: %[[EXISTS:.*]] = arith.cmpi ult
// CHECK: %[[TIMES:.*]] = arith.index_castui %[[EXISTS]] : i1 to index
// CHECK: scf.for %{{.*}} to %[[TIMES]] {{.*}} iter_args(%[[Z:.*]] = %[[Y]])
// CHECK: %[[NEW:.*]] = tensor.extract_slice %[[UPDATES]][%[[I]], 0] [1, 3]
// CHECK: %[[OLD:.*]] = tensor.extract_slice %[[Z]]
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[NEW]] : tensor<1x3xbf16>) outs(%[[OLD]] : tensor<1x3xf32>)
// CHECK: tensor.insert_slice %[[SUM]] into %[[Z]]
// CHECK: arith.truncf
func.func @scatter_add(%u: tensor<?x4x3xbf16>, %x: tensor<9x3xbf16>, %rows: tensor<?x4xi32>) -> tensor<9x3xbf16> {
  %y = dither.scatter_add %u into %x at %rows : tensor<?x4x3xbf16>, tensor<9x3xbf16>, tensor<?x4xi32>
  return %y : tensor<9x3xbf16>
}
