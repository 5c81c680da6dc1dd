// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @activations
func.func @activations(%x: tensor<?x256xf32>) {
  // CHECK: dither.relu %{{.*}} : tensor<?x256xf32>
  %0 = dither.relu %x : tensor<?x256xf32>
  // CHECK: dither.gelu %{{.*}} {residual = #dither.few_bit<bits = 3>} : tensor<?x256xf32>
  %1 = dither.gelu %x {residual = #dither.few_bit<bits = 3>} : tensor<?x256xf32>
  %2 = dither.silu %x : tensor<?x256xf32>
  %3 = dither.sigmoid %x : tensor<?x256xf32>
  %4 = dither.softplus %x : tensor<?x256xf32>
  %5 = dither.leaky_relu %x : tensor<?x256xf32>
  // CHECK: dither.elu %{{.*}} : tensor<?x256xf32>
  %6 = dither.elu %x : tensor<?x256xf32>
  return
}
