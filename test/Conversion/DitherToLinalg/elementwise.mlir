// RUN: dither-opt %s --dither-to-linalg | FileCheck %s

// CHECK-DAG: #[[FULL:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-DAG: #[[ONE:.*]] = affine_map<(d0, d1) -> (0, d1)>
// CHECK-DAG: #[[KEPT:.*]] = affine_map<(d0, d1) -> (d0)>

// Broadcasting is an indexing map; nothing is copied.
// CHECK-LABEL: @broadcast
// CHECK: linalg.generic {indexing_maps = [#[[FULL]], #[[ROW]], #[[FULL]]], iterator_types = ["parallel", "parallel"]}
// CHECK: arith.addf
// CHECK: linalg.generic {indexing_maps = [#[[FULL]], #[[ONE]], #[[FULL]]]
// CHECK: arith.mulf
func.func @broadcast(%x: tensor<?x8xf32>, %b: tensor<8xf32>, %c: tensor<1x8xf32>) -> tensor<?x8xf32> {
  %y = dither.add %x, %b : tensor<?x8xf32>, tensor<8xf32>
  %z = dither.mul %y, %c : tensor<?x8xf32>, tensor<1x8xf32>
  return %z : tensor<?x8xf32>
}

// A reduction starts from its neutral element.
// CHECK-LABEL: @reduce
// CHECK: %[[LEAST:.*]] = arith.constant 0xFF800000 : f32
// CHECK: linalg.fill ins(%[[LEAST]]
// CHECK: linalg.generic {indexing_maps = [#[[FULL]], #[[KEPT]]], iterator_types = ["parallel", "reduction"]}
// CHECK: arith.maximumf
func.func @reduce(%x: tensor<?x8xf32>) -> tensor<?xf32> {
  %y = dither.reduce max %x {dims = array<i64: 1>} : tensor<?x8xf32>
  return %y : tensor<?xf32>
}
