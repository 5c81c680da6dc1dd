// RUN: dither-opt %s --dither-to-linalg --canonicalize --dither-fuse-elementwise --canonicalize | FileCheck %s

// Random bits are computed where they are used, for each of their uses, and never stored: each generic multiplies by both constants of
// Philox, reads the argument and no other tensor.
// CHECK-LABEL: @bits
// CHECK-SAME: (%[[X:.*]]: tensor<4xi32>, %{{.*}}: tensor<2xi64>)
// CHECK: linalg.generic {{.*}} ins(%[[X]] : tensor<4xi32>)
// CHECK: arith.muli
// CHECK: arith.xori %in
// CHECK: linalg.generic {{.*}} ins(%[[X]] : tensor<4xi32>)
// CHECK: arith.muli
// CHECK: arith.andi %in
// CHECK-NOT: linalg.generic
func.func @bits(%x: tensor<4xi32>, %rng: tensor<2xi64>) -> (tensor<4xi32>, tensor<4xi32>) {
  %n = dither.random_bits %rng {stream = 3 : i64} : tensor<2xi64> -> tensor<4xi32>
  %y = dither.xor %x, %n : tensor<4xi32>, tensor<4xi32>
  %z = dither.and %x, %n : tensor<4xi32>, tensor<4xi32>
  return %y, %z : tensor<4xi32>, tensor<4xi32>
}

// What follows from random bits alone is random too.
// CHECK-LABEL: @scaled
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %{{.*}}: tensor<2xi64>)
// CHECK: linalg.generic {{.*}} ins(%[[X]] : tensor<4xf32>)
// CHECK: %[[A:.*]] = arith.sitofp
// CHECK: %[[B:.*]] = arith.mulf %[[A]]
// CHECK: arith.mulf %in, %[[B]]
// CHECK: linalg.generic {{.*}} ins(%[[X]] : tensor<4xf32>)
// CHECK: %[[C:.*]] = arith.sitofp
// CHECK: %[[D:.*]] = arith.mulf %[[C]]
// CHECK: arith.addf %in, %[[D]]
// CHECK-NOT: linalg.generic
func.func @scaled(%x: tensor<4xf32>, %rng: tensor<2xi64>) -> (tensor<4xf32>, tensor<4xf32>) {
  %half = dither.constant dense<5.000000e-01> : tensor<f32>
  %n = dither.random_bits %rng {stream = 3 : i64} : tensor<2xi64> -> tensor<4xi32>
  %f = dither.cast %n : tensor<4xi32> to tensor<4xf32>
  %s = dither.mul %f, %half : tensor<4xf32>, tensor<f32>
  %y = dither.mul %x, %s : tensor<4xf32>, tensor<4xf32>
  %z = dither.add %x, %s : tensor<4xf32>, tensor<4xf32>
  return %y, %z : tensor<4xf32>, tensor<4xf32>
}

// Bits that each element of a larger tensor reads are computed once, and stored.
// CHECK-LABEL: @repeated
// CHECK: %[[BITS:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<4x1xi32>)
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[BITS]] : tensor<4x3xi32>, tensor<4x1xi32>)
func.func @repeated(%x: tensor<4x3xi32>, %rng: tensor<2xi64>) -> tensor<4x3xi32> {
  %bits = dither.random_bits %rng {stream = 1 : i64} : tensor<2xi64> -> tensor<4x1xi32>
  %y = dither.add %x, %bits : tensor<4x3xi32>, tensor<4x1xi32>
  return %y : tensor<4x3xi32>
}
