// RUN: dither-opt %s --dither-rematerialize="budget=33000 batch=64" | FileCheck %s
// RUN: dither-opt %s --dither-rematerialize="budget=33000 batch=64" --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// What waits for its last reader is made again in front of it.
// REMARK: Function=waits | bytes-saved=16384, operations=4096, recomputed=1
// CHECK-LABEL: @waits
// CHECK-SAME: dither.operations = array<i64: 16384, 20480>, dither.peak = 32768 : i64, dither.peak_before = 49152 : i64
// CHECK-SAME: op = "dither.exp", operations = 4096
// CHECK: %[[A:.*]] = dither.exp %[[X:.*]] :
// CHECK: %[[B:.*]] = dither.sin %[[A]]
// CHECK: %[[C:.*]] = dither.cos %[[B]]
// CHECK-NEXT: %[[AGAIN:.*]] = dither.exp %[[X]]
// CHECK-NEXT: dither.mul %[[C]], %[[AGAIN]]
func.func @waits(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %a = dither.exp %x : tensor<?x64xf32>
  %b = dither.sin %a : tensor<?x64xf32>
  %c = dither.cos %b : tensor<?x64xf32>
  %d = dither.mul %c, %a : tensor<?x64xf32>, tensor<?x64xf32>
  return %d : tensor<?x64xf32>
}

// Within the budget, nothing changes.
// REMARK-NOT: Function=fits
// CHECK-LABEL: @fits
// CHECK-SAME: dither.recomputed = []
// CHECK: dither.exp
// CHECK-NOT: dither.exp
// CHECK: return
func.func @fits(%x: tensor<32x64xf32>) -> tensor<32x64xf32> {
  %a = dither.exp %x : tensor<32x64xf32>
  %b = dither.sin %a : tensor<32x64xf32>
  %c = dither.cos %b : tensor<32x64xf32>
  %d = dither.mul %c, %a : tensor<32x64xf32>, tensor<32x64xf32>
  %e = dither.tanh %d : tensor<32x64xf32>
  return %e : tensor<32x64xf32>
}

// Random numbers are those of their seed, and a region's reads are reads.
// CHECK-LABEL: @loop
// CHECK: dither.random_bits
// CHECK: dither.sin
// CHECK: dither.reduce
// CHECK-NEXT: %[[BITS:.*]] = dither.random_bits %{{.*}} {stream = 3 : i64}
// CHECK-NEXT: %[[NOISE:.*]] = dither.cast %[[BITS]]
// CHECK-NEXT: dither.for
// CHECK: dither.reduce sum %[[NOISE]]
func.func @loop(%x: tensor<64x64xf32>, %rng: tensor<2xi64>) -> tensor<f32> {
  %bits = dither.random_bits %rng {stream = 3 : i64} : tensor<2xi64> -> tensor<64x64xi32>
  %noise = dither.cast %bits : tensor<64x64xi32> to tensor<64x64xf32>
  %a = dither.add %x, %noise : tensor<64x64xf32>, tensor<64x64xf32>
  %b = dither.sin %a : tensor<64x64xf32>
  %c = dither.reduce sum %b : tensor<64x64xf32>
  %d = dither.for carry(%c) {trips = 3 : i64} : (tensor<f32>) -> tensor<f32> {
  ^bb0(%i: tensor<i64>, %y: tensor<f32>):
    %z = dither.reduce sum %noise : tensor<64x64xf32>
    %sum = dither.add %y, %z : tensor<f32>, tensor<f32>
    dither.yield %sum : tensor<f32>
  }
  return %d : tensor<f32>
}

// Of a chain, every other value stays, from which those between are made again.
// CHECK-LABEL: @layers
// CHECK: %[[H1:.*]] = dither.exp %[[X:.*]] :
// CHECK: %[[H2:.*]] = dither.sin %[[H1]]
// CHECK: %[[H3:.*]] = dither.cos %[[H2]]
// CHECK: %[[G4:.*]] = dither.mul
// CHECK-NEXT: %[[H3AGAIN:.*]] = dither.cos %[[H2]]
// CHECK-NEXT: %[[G3:.*]] = dither.mul %[[G4]], %[[H3AGAIN]]
// CHECK-NEXT: %[[G2:.*]] = dither.mul %[[G3]], %[[H2]]
// CHECK-NEXT: %[[H1AGAIN:.*]] = dither.exp %[[X]]
// CHECK-NEXT: dither.mul %[[G2]], %[[H1AGAIN]]
func.func @layers(%x: tensor<32x64xf32>) -> tensor<32x64xf32> {
  %h1 = dither.exp %x : tensor<32x64xf32>
  %h2 = dither.sin %h1 : tensor<32x64xf32>
  %h3 = dither.cos %h2 : tensor<32x64xf32>
  %h4 = dither.tanh %h3 : tensor<32x64xf32>
  %loss = dither.sin %h4 : tensor<32x64xf32>
  %g4 = dither.mul %loss, %h4 : tensor<32x64xf32>, tensor<32x64xf32>
  %g3 = dither.mul %g4, %h3 : tensor<32x64xf32>, tensor<32x64xf32>
  %g2 = dither.mul %g3, %h2 : tensor<32x64xf32>, tensor<32x64xf32>
  %g1 = dither.mul %g2, %h1 : tensor<32x64xf32>, tensor<32x64xf32>
  %g0 = dither.neg %g1 : tensor<32x64xf32>
  return %g0 : tensor<32x64xf32>
}

// Where most lives within one run of a loop, the run computes again.
// CHECK-LABEL: @inside
// CHECK-SAME: dither.operations = array<i64: 61440, 73728>, dither.peak = 32772 : i64, dither.peak_before = 49152 : i64
// CHECK: dither.for
// CHECK: %[[B:.*]] = dither.sin
// CHECK: %[[C:.*]] = dither.cos %[[B]]
// CHECK: %[[S:.*]] = dither.reduce sum %[[C]]
// CHECK-NEXT: %[[A:.*]] = dither.exp
// CHECK-NEXT: dither.mul %[[A]], %[[S]]
func.func @inside(%x: tensor<64x64xf32>) -> tensor<64x64xf32> {
  %y = dither.for carry(%x) {trips = 3 : i64} : (tensor<64x64xf32>) -> tensor<64x64xf32> {
  ^bb0(%i: tensor<i64>, %carried: tensor<64x64xf32>):
    %a = dither.exp %carried : tensor<64x64xf32>
    %b = dither.sin %a : tensor<64x64xf32>
    %c = dither.cos %b : tensor<64x64xf32>
    %s = dither.reduce sum %c : tensor<64x64xf32>
    %z = dither.mul %a, %s : tensor<64x64xf32>, tensor<f32>
    dither.yield %z : tensor<64x64xf32>
  }
  return %y : tensor<64x64xf32>
}

// CHECK-LABEL: private @external(tensor<4xf32>)
func.func private @external(tensor<4xf32>)
