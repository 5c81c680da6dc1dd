// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-device-math))" | FileCheck %s

gpu.module @kernels {
  // What is an instruction needs no library.
  // CHECK-LABEL: gpu.func @functions
  // CHECK: llvm.call_intrinsic "llvm.sqrt"(%{{.*}}) : (f32) -> f32
  // CHECK: llvm.call_intrinsic "llvm.floor"(%{{.*}}) : (f32) -> f32
  // CHECK: llvm.call_intrinsic "llvm.roundeven"(%{{.*}}) : (f32) -> f32
  // CHECK: llvm.call_intrinsic "llvm.fabs"(%{{.*}}) : (vector<4xf32>) -> vector<4xf32>
  // CHECK: llvm.call_intrinsic "llvm.fma"(%{{.*}}, %{{.*}}, %{{.*}}) : (f32, f32, f32) -> f32
  gpu.func @functions(%x: f32, %v: vector<4xf32>, %y: memref<4xf32>, %z: memref<8xf32>) kernel {
    %c0 = arith.constant 0 : index
    %root = math.sqrt %x : f32
    %floor = math.floor %root : f32
    %even = math.roundeven %floor : f32
    %absolute = math.absf %v : vector<4xf32>
    vector.store %absolute, %y[%c0] : memref<4xf32>, vector<4xf32>
    %fused = math.fma %even, %x, %root : f32
    memref.store %fused, %z[%c0] : memref<8xf32>
    gpu.return
  }
}

// The host's own are left.
// CHECK-LABEL: func.func @host
// CHECK: math.sqrt
func.func @host(%x: f32) -> f32 {
  %root = math.sqrt %x : f32
  return %root : f32
}
