// RUN: dither-opt %s --dither-to-linalg --canonicalize | FileCheck %s

// Element [1, 2] is number 1 * 4 + 2: a word of block 1. The bits read no tensor, and the state but once.
// CHECK-LABEL: @bits
// CHECK-SAME: (%[[RNG:.*]]: tensor<2xi64>)
// CHECK: %[[SEED:.*]] = tensor.extract %[[RNG]][%c0]
// CHECK: %[[STEP:.*]] = tensor.extract %[[RNG]][%c1]
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel"]} outs(
// CHECK: %[[ROW:.*]] = arith.index_cast %{{.*}} : index to i32
// CHECK: %[[COLUMN:.*]] = arith.index_cast
// CHECK: %[[START:.*]] = arith.muli %[[ROW]], %c4_i32
// CHECK: %[[POSITION:.*]] = arith.addi %[[START]], %[[COLUMN]]
// CHECK: arith.trunci %[[SEED]] : i64 to i32
// CHECK: arith.trunci %[[STEP]] : i64 to i32
// CHECK: arith.shrui %[[POSITION]], %c2_i32
// Ten rounds of two products each; the stream is part of the counter.
// CHECK-COUNT-2: arith.muli {{.*}} : i64
// CHECK: arith.xori %{{.*}}, %c7_i32
// CHECK-COUNT-18: arith.muli {{.*}} : i64
// CHECK-NOT: arith.muli
// CHECK: arith.andi %[[POSITION]], %c3_i32
// CHECK: linalg.yield
func.func @bits(%rng: tensor<2xi64>) -> tensor<3x4xi32> {
  %y = dither.random_bits %rng {stream = 7 : i64} : tensor<2xi64> -> tensor<3x4xi32>
  return %y : tensor<3x4xi32>
}

// Of a scalar the position is known.
// CHECK-LABEL: @scalar
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<i32>)
// CHECK-NOT: linalg.index
func.func @scalar(%rng: tensor<2xi64>) -> tensor<i32> {
  %y = dither.random_bits %rng {stream = 0 : i64} : tensor<2xi64> -> tensor<i32>
  return %y : tensor<i32>
}

// CHECK-LABEL: @none
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<0x4xi32>)
func.func @none(%rng: tensor<2xi64>) -> tensor<0x4xi32> {
  %y = dither.random_bits %rng {stream = 0 : i64} : tensor<2xi64> -> tensor<0x4xi32>
  return %y : tensor<0x4xi32>
}
