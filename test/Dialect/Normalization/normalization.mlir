// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @rows
func.func @rows(%x: tensor<?x3x8xf16>, %p: tensor<8xf16>, %q: tensor<3x8xf16>) {
  // CHECK: dither.layer_norm %arg0, %arg1, %arg1 : tensor<?x3x8xf16>, tensor<8xf16>, tensor<8xf16>
  %0 = dither.layer_norm %x, %p, %p : tensor<?x3x8xf16>, tensor<8xf16>, tensor<8xf16>
  // CHECK: dither.layer_norm %arg0, %arg2 {epsilon = 1.000000e-03 : f64} : tensor<?x3x8xf16>, tensor<3x8xf16>
  %1 = dither.layer_norm %x, %q {epsilon = 1.0e-3 : f64} : tensor<?x3x8xf16>, tensor<3x8xf16>
  // CHECK: dither.rms_norm %arg0 : tensor<?x3x8xf16>
  %2 = dither.rms_norm %x : tensor<?x3x8xf16>
  return
}

// CHECK-LABEL: @channels
func.func @channels(%x: tensor<?x3x8xbf16>, %p: tensor<8xbf16>) {
  // CHECK: dither.group_norm %arg0, %arg1 {groups = 4 : i64} : tensor<?x3x8xbf16>, tensor<8xbf16>
  %0 = dither.group_norm %x, %p {groups = 4 : i64} : tensor<?x3x8xbf16>, tensor<8xbf16>
  // CHECK: %y, %mean, %variance = dither.batch_norm %arg0, %arg1 : tensor<?x3x8xbf16>, tensor<8xbf16> -> tensor<8xf32>
  %y, %m, %v = dither.batch_norm %x, %p : tensor<?x3x8xbf16>, tensor<8xbf16> -> tensor<8xf32>
  // CHECK: dither.batch_norm_inference %arg0 by %mean, %variance, %arg1 : tensor<?x3x8xbf16> by tensor<8xf32>, tensor<8xbf16>
  %1 = dither.batch_norm_inference %x by %m, %v, %p : tensor<?x3x8xbf16> by tensor<8xf32>, tensor<8xbf16>
  return
}
