// RUN: dither-opt %s --dither-schedule-memory | FileCheck %s
// RUN: dither-opt %s --dither-schedule-memory --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// A gradient is spent on its parameter as soon as it is there: one lives instead of two.
// REMARK: Function=step | bytes-saved=4096
// CHECK-LABEL: @step
// CHECK-SAME: %[[V:.*]]: tensor<1024xf32> {{.*}}, %[[W:.*]]: tensor<1024xf32> {{.*}}, %{{.*}}: tensor<1024xf32>)
// CHECK: %[[DV:.*]] = linalg.negf
// CHECK-NEXT: linalg.sub ins(%[[V]], %[[DV]]
// CHECK-NEXT: %[[DW:.*]] = linalg.exp
// CHECK-NEXT: linalg.sub ins(%[[W]], %[[DW]]
func.func @step(%v: tensor<1024xf32> {dither.kind = "state", dither.name = "v"}, %w: tensor<1024xf32> {dither.kind = "state", dither.name = "w"},
                %x: tensor<1024xf32>) -> (tensor<1024xf32> {dither.updates = "v"}, tensor<1024xf32> {dither.updates = "w"}) {
  %e = tensor.empty() : tensor<1024xf32>
  %dv = linalg.negf ins(%x : tensor<1024xf32>) outs(%e : tensor<1024xf32>) -> tensor<1024xf32>
  %dw = linalg.exp ins(%x : tensor<1024xf32>) outs(%e : tensor<1024xf32>) -> tensor<1024xf32>
  %0 = linalg.sub ins(%v, %dv : tensor<1024xf32>, tensor<1024xf32>) outs(%e : tensor<1024xf32>) -> tensor<1024xf32>
  %1 = linalg.sub ins(%w, %dw : tensor<1024xf32>, tensor<1024xf32>) outs(%e : tensor<1024xf32>) -> tensor<1024xf32>
  return %0, %1 : tensor<1024xf32>, tensor<1024xf32>
}

// The same, but v is read by the update of w, through a view: v must wait, or it could not be written in place.
// REMARK: Function=reader | bytes-saved=4096
// CHECK-LABEL: @reader
// CHECK-SAME: %[[V:.*]]: tensor<32x32xf32> {{.*}}, %{{.*}}: tensor<1024xf32> {{.*}}, %[[U:.*]]: tensor<1024xf32> {{.*}}, %{{.*}}: tensor<1024xf32>)
// CHECK: %[[OLD:.*]] = tensor.collapse_shape %[[V]]
// CHECK: linalg.sub ins(%[[OLD]],
// CHECK: linalg.sub ins(%[[V]],
// CHECK: %[[DU:.*]] = linalg.sqrt
// CHECK-NEXT: linalg.sub ins(%[[U]], %[[DU]]
func.func @reader(%v: tensor<32x32xf32> {dither.kind = "state", dither.name = "v"}, %w: tensor<1024xf32> {dither.kind = "state", dither.name = "w"},
                  %u: tensor<1024xf32> {dither.kind = "state", dither.name = "u"}, %x: tensor<1024xf32>)
    -> (tensor<32x32xf32> {dither.updates = "v"}, tensor<1024xf32> {dither.updates = "w"}, tensor<1024xf32> {dither.updates = "u"}) {
  %e = tensor.empty() : tensor<1024xf32>
  %s = tensor.empty() : tensor<32x32xf32>
  %square = tensor.expand_shape %x [[0, 1]] output_shape [32, 32] : tensor<1024xf32> into tensor<32x32xf32>
  %old = tensor.collapse_shape %v [[0, 1]] : tensor<32x32xf32> into tensor<1024xf32>
  %dv = linalg.negf ins(%square : tensor<32x32xf32>) outs(%s : tensor<32x32xf32>) -> tensor<32x32xf32>
  %dw = linalg.exp ins(%x : tensor<1024xf32>) outs(%e : tensor<1024xf32>) -> tensor<1024xf32>
  %du = linalg.sqrt ins(%x : tensor<1024xf32>) outs(%e : tensor<1024xf32>) -> tensor<1024xf32>
  %0 = linalg.sub ins(%v, %dv : tensor<32x32xf32>, tensor<32x32xf32>) outs(%s : tensor<32x32xf32>) -> tensor<32x32xf32>
  %1 = linalg.sub ins(%old, %dw : tensor<1024xf32>, tensor<1024xf32>) outs(%e : tensor<1024xf32>) -> tensor<1024xf32>
  %2 = linalg.sub ins(%u, %du : tensor<1024xf32>, tensor<1024xf32>) outs(%e : tensor<1024xf32>) -> tensor<1024xf32>
  return %0, %1, %2 : tensor<32x32xf32>, tensor<1024xf32>, tensor<1024xf32>
}

// No order is better: it stays, also where the other would cost the same.
// REMARK-NOT: Function=kept
// CHECK-LABEL: @kept
// CHECK: linalg.negf
// CHECK: linalg.exp
// CHECK: linalg.add
func.func @kept(%x: tensor<?xf32>, %n: index) -> tensor<?xf32> {
  %e = tensor.empty(%n) : tensor<?xf32>
  %a = linalg.negf ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %b = linalg.exp ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %c = linalg.add ins(%a, %b : tensor<?xf32>, tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %c : tensor<?xf32>
}

// CHECK-LABEL: private @external(tensor<4xf32>)
func.func private @external(tensor<4xf32>)
