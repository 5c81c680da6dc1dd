// RUN: dither-opt %s --dither-to-linalg | FileCheck %s

// CHECK-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-DAG: #[[COLUMN:.*]] = affine_map<(d0, d1) -> (d0, 0)>
// CHECK-DAG: #[[FIRST:.*]] = affine_map<(d0, d1) -> (0, d1)>
// CHECK-DAG: #[[SCALAR:.*]] = affine_map<(d0, d1) -> ()>

// Shapes broadcast, aligned at the last dimension; the batch comes from the operand that has it.
// CHECK-LABEL: @row
// CHECK-SAME: (%[[B:.*]]: tensor<3xf32>, %[[X:.*]]: tensor<?x3xf32>)
// CHECK: %[[N:.*]] = tensor.dim %[[X]], %c0
// CHECK: %[[INIT:.*]] = tensor.empty(%[[N]]) : tensor<?x3xf32>
// CHECK: linalg.generic {indexing_maps = [#[[ROW]], #[[ID]], #[[ID]]], iterator_types = ["parallel", "parallel"]}
// CHECK-SAME: ins(%[[B]], %[[X]] : {{.*}}) outs(%[[INIT]] :
// CHECK: %[[SUM:.*]] = arith.addf %in, %in_0 : f32
// CHECK: linalg.yield %[[SUM]]
func.func @row(%b: tensor<3xf32>, %x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %z = dither.add %b, %x : tensor<3xf32>, tensor<?x3xf32>
  return %z : tensor<?x3xf32>
}

// CHECK-LABEL: @column
// CHECK: indexing_maps = [#[[ID]], #[[COLUMN]], #[[ID]]]
func.func @column(%x: tensor<4x3xf32>, %y: tensor<4x1xf32>) -> tensor<4x3xf32> {
  %z = dither.sub %x, %y : tensor<4x3xf32>, tensor<4x1xf32>
  return %z : tensor<4x3xf32>
}

// Extent 1 against 1 is no broadcast, and against 0 gives 0.
// CHECK-LABEL: @one
// CHECK: indexing_maps = [#[[ID]], #[[ID]], #[[ID]]]
func.func @one(%x: tensor<4x1xf32>, %y: tensor<4x1xf32>) -> tensor<4x1xf32> {
  %z = dither.sub %x, %y : tensor<4x1xf32>, tensor<4x1xf32>
  return %z : tensor<4x1xf32>
}

// CHECK-LABEL: @zero
// CHECK: tensor.empty() : tensor<0x3xf32>
// CHECK: indexing_maps = [#[[ID]], #[[FIRST]], #[[ID]]]
func.func @zero(%x: tensor<0x3xf32>, %y: tensor<1x3xf32>) -> tensor<0x3xf32> {
  %z = dither.add %x, %y : tensor<0x3xf32>, tensor<1x3xf32>
  return %z : tensor<0x3xf32>
}

// CHECK-LABEL: @scalar
// CHECK: indexing_maps = [#[[ID]], #[[SCALAR]], #[[ID]]]
func.func @scalar(%x: tensor<4x3xf32>, %y: tensor<f32>) -> tensor<4x3xf32> {
  %z = dither.mul %x, %y : tensor<4x3xf32>, tensor<f32>
  return %z : tensor<4x3xf32>
}

// A splat constant is taken into the body, in its place.
// CHECK-LABEL: @splat
// CHECK: linalg.generic {{.*}} ins(%arg0 : tensor<4x3xf32>)
// CHECK: %[[TWO:.*]] = arith.constant 2.000000e+00 : f32
// CHECK: arith.divf %[[TWO]], %in
func.func @splat(%x: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %two = dither.constant dense<2.0> : tensor<f32>
  %z = dither.div %two, %x : tensor<f32>, tensor<4x3xf32>
  return %z : tensor<4x3xf32>
}

// Any other constant is a tensor.
// CHECK-LABEL: @constant
// CHECK: %[[C:.*]] = arith.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
// CHECK: ins(%arg0, %[[C]]
func.func @constant(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = dither.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %z = dither.add %x, %c : tensor<2xf32>, tensor<2xf32>
  return %z : tensor<2xf32>
}

// What is linalg already stays.
// CHECK-LABEL: @nothing
// CHECK-NEXT: linalg.negf
// CHECK-NEXT: return
func.func @nothing(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %z = linalg.negf ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
  return %z : tensor<4xf32>
}
