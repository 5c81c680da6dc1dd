// RUN: dither-opt %s --dither-outline-kernels | FileCheck %s

// Kernels are numbered in each function, whose name they have; what PTX does not take in a name is written as its code. Constants, extents and
// arithmetic on them are computed in the kernel, not passed. What a launch follows stays with it.
// CHECK-LABEL: func.func @fit.step
// CHECK: gpu.launch_func @kernels::@fit$2Estep_0 blocks in (%{{.*}}, %c1, %c1) threads in (%c256, %c1, %c1) args(%{{.*}} : memref<?xf32>)
// CHECK: gpu.launch_func @kernels::@fit$2Estep_1 {{.*}} args(%{{.*}} : memref<?xf32>, %{{.*}} : index) {dither.after = array<i32: 1>}
// CHECK: gpu.module @kernels
// CHECK: gpu.func @fit$2Estep_0(%[[X:.*]]: memref<?xf32>) kernel
// CHECK-SAME: known_block_size = array<i32: 256, 1, 1>
// CHECK: %[[N:.*]] = memref.dim %[[X]], %{{.*}}
// CHECK: %[[ONE:.*]] = arith.constant 1.0
// CHECK: arith.cmpi ult, %{{.*}}, %[[N]]
// CHECK: memref.store %[[ONE]], %[[X]]
// CHECK: gpu.func @fit$2Estep_1(%{{.*}}: memref<?xf32>, %{{.*}}: index) kernel
func.func @fit.step(%n: index, %x: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  %extent = memref.dim %x, %c0 : memref<?xf32>
  %one = arith.constant 1.0 : f32
  gpu.launch blocks(%b, %b1, %b2) in (%g = %n, %g1 = %c1, %g2 = %c1) threads(%t, %t1, %t2) in (%s = %c256, %s1 = %c1, %s2 = %c1) {
    %inside = arith.cmpi ult, %t, %extent : index
    scf.if %inside {
      memref.store %one, %x[%t] : memref<?xf32>
    }
    gpu.terminator
  }
  gpu.launch blocks(%b, %b1, %b2) in (%g = %c1, %g1 = %c1, %g2 = %c1) threads(%t, %t1, %t2) in (%s = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %one, %x[%n] : memref<?xf32>
    gpu.terminator
  } {dither.after = array<i32: 1>}
  return
}
