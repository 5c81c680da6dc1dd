// RUN: dither-opt %s --dither-to-linalg --split-input-file | FileCheck %s

// One loop carries the sum and stores it.
// CHECK-LABEL: @sum
// CHECK: linalg.generic {{.*}} iterator_types = ["reduction"]} ins(%arg0 : tensor<9xf32>) outs(%{{.*}}, %{{.*}} : tensor<f32>, tensor<9xf32>)
// CHECK: %[[SUM:.*]] = arith.addf
// CHECK: linalg.yield %[[SUM]], %[[SUM]]
func.func @sum(%x: tensor<9xf32>) -> tensor<9xf32> {
  %y = dither.scan sum %x {dim = 0 : i64} : tensor<9xf32>
  return %y : tensor<9xf32>
}

// -----

// What comes before an element is stored.
// CHECK-LABEL: @exclusive
// CHECK: %[[ONE:.*]] = arith.constant 1 : i8
// CHECK: linalg.fill ins(%[[ONE]]
// CHECK: ^bb0(%[[X:.*]]: i8, %[[BEFORE:.*]]: i8, %{{.*}}: i8):
// CHECK: %[[AFTER:.*]] = arith.muli %[[BEFORE]], %[[X]] : i8
// CHECK: linalg.yield %[[AFTER]], %[[BEFORE]]
func.func @exclusive(%x: tensor<9xi8>) -> tensor<9xi8> {
  %y = dither.scan product %x {dim = 0 : i64, exclusive} : tensor<9xi8>
  return %y : tensor<9xi8>
}

// -----

// A known extent is gone through in reverse by a map; floats of 16 bits are rounded where they are stored.
// CHECK: #[[REVERSE:.*]] = affine_map<(d0, d1) -> (d0, -d1 + 4)>
// CHECK-LABEL: @reverse
// CHECK: %[[A:.*]] = linalg.generic {indexing_maps = [#[[REVERSE]], #{{.*}}], iterator_types = ["parallel", "parallel"]} ins(%arg0
// CHECK: %[[B:.*]] = linalg.generic {indexing_maps = [#[[REVERSE]], #{{.*}}], iterator_types = ["parallel", "parallel"]} ins(%arg1
// CHECK: %[[H:.*]]:2 = linalg.generic {{.*}} ins(%[[A]], %[[B]] : {{.*}}) outs(%{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3x5xf16>)
// CHECK: arith.mulf {{.*}} : f32
// CHECK: arith.addf {{.*}} : f32
// CHECK: arith.truncf {{.*}} : f32 to f16
// CHECK: linalg.generic {indexing_maps = [#[[REVERSE]], #{{.*}}], iterator_types = ["parallel", "parallel"]} ins(%[[H]]#1
func.func @reverse(%a: tensor<3x5xf16>, %b: tensor<3x5xf16>) -> tensor<3x5xf16> {
  %y = dither.recurrence %a, %b {dim = 1 : i64, reverse} : tensor<3x5xf16>
  return %y : tensor<3x5xf16>
}

// -----

// An extent that is not known by its positions.
// CHECK-LABEL: @reverse_batch
// CHECK: %[[LAST:.*]] = arith.subi %{{.*}}, %c1
// CHECK: %[[ROW:.*]] = arith.subi %[[LAST]], %{{.*}} : index
// CHECK: tensor.extract %arg0[%[[ROW]], %{{.*}}] : tensor<?x5xf32>
func.func @reverse_batch(%x: tensor<?x5xf32>) -> tensor<?x5xf32> {
  %y = dither.scan max %x {dim = 0 : i64, reverse} : tensor<?x5xf32>
  return %y : tensor<?x5xf32>
}
