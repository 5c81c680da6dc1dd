// RUN: dither-opt %s --dither-to-linalg --dither-schedule-memory | FileCheck %s

// Both gradients at once, as written, or one after the other: an update, which writes into its state, moves up to what it reads.
// CHECK-LABEL: @updates
// CHECK: arith.negf
// CHECK: arith.addf
// CHECK: math.exp
// CHECK: arith.addf
// CHECK: return
func.func @updates(%w: tensor<64x64xf32> {dither.kind = "state", dither.name = "w"}, %v: tensor<64x64xf32> {dither.kind = "state", dither.name = "v"},
                   %x: tensor<64x64xf32>) -> (tensor<64x64xf32> {dither.updates = "w"}, tensor<64x64xf32> {dither.updates = "v"}) {
  %dw = dither.neg %x : tensor<64x64xf32>
  %dv = dither.exp %x : tensor<64x64xf32>
  %a = dither.add %w, %dw : tensor<64x64xf32>, tensor<64x64xf32>
  %b = dither.add %v, %dv : tensor<64x64xf32>, tensor<64x64xf32>
  return %a, %b : tensor<64x64xf32>, tensor<64x64xf32>
}

// Who still reads the old state comes before its update, whatever that costs.
// CHECK-LABEL: @readers
// CHECK: arith.negf
// CHECK: math.exp
// CHECK: arith.addf
// CHECK: return
func.func @readers(%w: tensor<64x64xf32> {dither.kind = "state", dither.name = "w"}, %x: tensor<64x64xf32>)
    -> (tensor<64x64xf32> {dither.updates = "w"}, tensor<64x64xf32>) {
  %dw = dither.neg %x : tensor<64x64xf32>
  %y = dither.exp %w : tensor<64x64xf32>
  %a = dither.add %w, %dw : tensor<64x64xf32>, tensor<64x64xf32>
  return %a, %y : tensor<64x64xf32>, tensor<64x64xf32>
}
