// RUN: dither-opt %s --dither-bind-parameters | FileCheck %s

// A frozen parameter is packed in training, as it is deployed: nothing will change it.
dither.model @m {
  dither.param @w : tensor<8x4xf32> init #dither.fill<1.0> frozen {pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 8>}
  dither.param @s : tensor<4xf32> init #dither.fill<1.0> frozen
  // CHECK: func.func @f(%{{.*}}: tensor<?x8xf32> {dither.kind = "input", dither.name = "arg0"},
  // CHECK-SAME: %[[CODES:.*]]: tensor<4x4xi8> {dither.kind = "state", dither.name = "w.codes"},
  // CHECK-SAME: %[[INDICES:.*]]: tensor<1x4xi8> {dither.kind = "state", dither.name = "w.indices"},
  // CHECK-SAME: %[[SCALES:.*]]: tensor<1x4xf32> {dither.kind = "state", dither.name = "w.scales"},
  // CHECK-SAME: %[[S:.*]]: tensor<4xf32> {dither.kind = "state", dither.name = "s"})
  func.func @f(%x: tensor<?x8xf32>) -> tensor<?x4xf32> {
    // CHECK-NOT: dither.represent
    // CHECK: dither.unpack %[[CODES]], %[[INDICES]], %[[SCALES]]
    %w = dither.read @w : tensor<8x4xf32>
    %s = dither.read @s : tensor<4xf32>
    %y = dither.matmul %x, %w : tensor<?x8xf32>, tensor<8x4xf32>
    %z = dither.mul %y, %s : tensor<?x4xf32>, tensor<4xf32>
    return %z : tensor<?x4xf32>
  }
}
