// RUN: dither-opt %s --dither-bind-outputs | FileCheck %s

// A result gets an argument of its own.
// CHECK-LABEL: @result
// CHECK-SAME: (%{{.*}}: tensor<4xf32> {bufferization.writable = false}, %[[OUT:.*]]: tensor<4xf32> {bufferization.writable = true, dither.kind = "output", dither.name = "0"})
// CHECK: %[[Y:.*]] = dither.exp
// CHECK: bufferization.materialize_in_destination %[[Y]] in %[[OUT]]
func.func @result(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = dither.exp %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// A new state goes where the old one was.
// CHECK-LABEL: @state
// CHECK-SAME: (%[[W:.*]]: tensor<4xf32> {bufferization.writable = true, dither.kind = "state", dither.name = "w"})
// CHECK: %[[Y:.*]] = dither.neg
// CHECK: bufferization.materialize_in_destination %[[Y]] in %[[W]]
func.func @state(%w: tensor<4xf32> {dither.kind = "state", dither.name = "w"}) -> (tensor<4xf32> {dither.updates = "w"}) {
  %y = dither.neg %w : tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK-LABEL: @nothing
// CHECK-NOT: bufferization.materialize
func.func @nothing(%x: tensor<4xf32>) {
  return
}
