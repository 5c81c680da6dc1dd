// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-place-shared))" | FileCheck %s

// Each kernel counts what it uses from 0, in multiples of 128 bytes: 400 take 512. What a kernel does not use takes nothing of it.
// CHECK: llvm.mlir.global external @dither_shared() {addr_space = 3 : i32, alignment = 128 : i64} : !llvm.array<0 x i8>
// CHECK-NOT: llvm.mlir.global internal @{{[ab]}}
// CHECK: llvm.func @both{{.*}}dither.shared_bytes = 640 : i64
// CHECK: llvm.getelementptr %{{.*}}[0] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i8
// CHECK: llvm.getelementptr %{{.*}}[512] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i8
// CHECK: llvm.func @one{{.*}}dither.shared_bytes = 128 : i64
// CHECK: llvm.getelementptr %{{.*}}[0]
// CHECK: llvm.func @none
// CHECK-NOT: dither.shared_bytes
// CHECK: llvm.return
gpu.module @kernels {
  llvm.mlir.global internal @a() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<100 x f32>
  llvm.mlir.global internal @b() {addr_space = 3 : i32} : !llvm.array<8 x f32>
  llvm.func @both(%v: f32) attributes {gpu.kernel, nvvm.kernel} {
    %a = llvm.mlir.addressof @a : !llvm.ptr<3>
    %b = llvm.mlir.addressof @b : !llvm.ptr<3>
    llvm.store %v, %a : f32, !llvm.ptr<3>
    llvm.store %v, %b : f32, !llvm.ptr<3>
    llvm.return
  }
  llvm.func @one(%v: f32) attributes {gpu.kernel, nvvm.kernel} {
    %b = llvm.mlir.addressof @b : !llvm.ptr<3>
    llvm.store %v, %b : f32, !llvm.ptr<3>
    llvm.return
  }
  llvm.func @none() attributes {gpu.kernel, nvvm.kernel} {
    llvm.return
  }
}
