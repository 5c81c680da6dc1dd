// RUN: dither-opt %s --dither-bind-parameters | FileCheck %s

// A parameter that is read twice is represented once. A recipe that does not look at the step leaves no seed behind.
dither.model @m {
  dither.param @w : tensor<4x4xf32> init #dither.fill<1.0> {
    pattern = #dither.nm<2 : 4>, recipe = #dither.sr_ste<decay = 1.0e-4>, estimator = #dither.straight_through}
  // CHECK: func.func @f(%{{.*}} {dither.kind = "input", dither.name = "arg0"}, %{{.*}} {dither.kind = "state", dither.name = "w"})
  func.func @f(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    // CHECK: %[[V:.*]] = dither.represent
    // CHECK-NOT: dither.represent
    %w = dither.read @w : tensor<4x4xf32>
    // CHECK: %[[Y:.*]] = dither.matmul %{{.*}}, %[[V]]
    %y = dither.matmul %x, %w : tensor<?x4xf32>, tensor<4x4xf32>
    %v = dither.read @w : tensor<4x4xf32>
    // CHECK: dither.matmul %[[Y]], %[[V]]
    %z = dither.matmul %y, %v : tensor<?x4xf32>, tensor<4x4xf32>
    return %z : tensor<?x4xf32>
  }
}
