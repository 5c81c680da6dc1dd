// RUN: dither-opt %s --dither-decompose --dither-to-linalg --canonicalize --dither-fuse-elementwise --canonicalize | FileCheck %s

// A chain becomes one loop nest.
// CHECK-LABEL: @chain
// CHECK-COUNT-1: linalg.generic
// CHECK: arith.addf
// CHECK: math.exp
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @chain(%x: tensor<?x8xf32>, %b: tensor<8xf32>) -> tensor<?x8xf32> {
  %y = dither.add %x, %b : tensor<?x8xf32>, tensor<8xf32>
  %z = dither.exp %y : tensor<?x8xf32>
  return %z : tensor<?x8xf32>
}

// A producer goes into a reduction.
// CHECK-LABEL: @reduced
// CHECK-COUNT-1: linalg.generic
// CHECK: math.exp
// CHECK: arith.addf
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @reduced(%x: tensor<?x8xf32>) -> tensor<?xf32> {
  %y = dither.exp %x : tensor<?x8xf32>
  %z = dither.reduce sum %y {dims = array<i64: 1>} : tensor<?x8xf32>
  return %z : tensor<?xf32>
}

// A product is a kernel of its own: its consumers stay outside.
// CHECK-LABEL: @product
// CHECK: dither.contract
// CHECK: linalg.generic
// CHECK: return
func.func @product(%x: tensor<?x8xf32>, %w: tensor<8x4xf32>) -> tensor<?x4xf32> {
  %y = dither.matmul %x, %w : tensor<?x8xf32>, tensor<8x4xf32>
  %z = dither.exp %y : tensor<?x4xf32>
  return %z : tensor<?x4xf32>
}

// A random tensor is made anew where it is used: it costs no memory.
// CHECK-LABEL: @random
// CHECK-COUNT-1: linalg.generic
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @random(%rng: tensor<2xi64>, %x: tensor<16x8xf32>) -> tensor<16x8xf32> {
  %u = dither.uniform %rng {stream = 1 : i64} : tensor<2xi64> -> tensor<16x8xf32>
  %y = dither.mul %x, %u : tensor<16x8xf32>, tensor<16x8xf32>
  return %y : tensor<16x8xf32>
}
