// RUN: dither-opt %s --dither-instantiate | FileCheck %s
// RUN: dither-opt %s --dither-instantiate --remarks-filter=dither 2>&1 | FileCheck %s --check-prefix=REMARK

// CHECK-LABEL: dither.model @m
// CHECK-NOT: dither.import
dither.model @m {
  dither.import @layers "Inputs/layers.mlir"
  dither.param @own : tensor<4xf32> init #dither.fill<0.0>
  // Each instance has parameters of its own, in the order of the instances.
  // CHECK: dither.param @own
  // CHECK: dither.param @a.w : tensor<4x4xf32> init #dither.kaiming_uniform
  // CHECK: func.func private @a.forward
  // CHECK: dither.read @a.w
  // CHECK: dither.param @b.w
  // CHECK: func.func private @b.forward
  // CHECK: dither.read @b.w
  dither.instance @a of @layers::@dense
  dither.instance @b of @layers::@dense
  // CHECK: func.func private @layers.double
  // CHECK-NOT: @layers.unused
  // CHECK: func.func @forward
  // CHECK: %[[A:.*]] = call @a.forward(%arg0) : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: %[[B:.*]] = call @b.forward(%[[A]])
  // CHECK: %[[C:.*]] = call @layers.quadruple(%[[B]])
  // CHECK: call @layers.double(%[[C]])
  // REMARK: Function=forward {{.*}}calls=4
  func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %1 = dither.call @a::@forward(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    %2 = dither.call @b::@forward(%1) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    %3 = dither.call @layers::@quadruple(%2) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    %4 = dither.call @layers::@double(%3) : (tensor<?x4xf32>) -> tensor<?x4xf32>
    return %4 : tensor<?x4xf32>
  }
}
