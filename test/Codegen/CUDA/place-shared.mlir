// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-place-shared))" | FileCheck %s

// Each kernel counts what it uses from 0, in multiples of 128 bytes: 400 take 512. What a kernel does not use takes nothing of it.
// CHECK: llvm.mlir.global external @dither_shared() {addr_space = 3 : i32, alignment = 1024 : i64} : !llvm.array<0 x i8>
// CHECK-NOT: llvm.mlir.global internal @{{a|b|tile}}
// CHECK: llvm.func @both{{.*}}dither.shared_bytes = 640 : i64
// CHECK: llvm.getelementptr %{{.*}}[0] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i8
// CHECK: llvm.getelementptr %{{.*}}[512] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i8
// CHECK: llvm.func @one{{.*}}dither.shared_bytes = 128 : i64
// CHECK: llvm.getelementptr %{{.*}}[0]
// What has 1024 bytes or more lies at a multiple of 1024, as tiles with a swizzle want it; what comes behind is at a multiple of 128 again.
// CHECK: llvm.func @tiles{{.*}}dither.shared_bytes = 2688 : i64
// CHECK: llvm.getelementptr %{{.*}}[0] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i8
// CHECK: llvm.getelementptr %{{.*}}[1024] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i8
// CHECK: llvm.getelementptr %{{.*}}[2176] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i8
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
  llvm.mlir.global internal @tile() {addr_space = 3 : i32} : !llvm.array<1032 x i8>
  llvm.func @tiles(%v: f32) attributes {gpu.kernel, nvvm.kernel} {
    %b = llvm.mlir.addressof @b : !llvm.ptr<3>
    %tile = llvm.mlir.addressof @tile : !llvm.ptr<3>
    %a = llvm.mlir.addressof @a : !llvm.ptr<3>
    llvm.store %v, %b : f32, !llvm.ptr<3>
    llvm.store %v, %tile : f32, !llvm.ptr<3>
    llvm.store %v, %a : f32, !llvm.ptr<3>
    llvm.return
  }
  llvm.func @none() attributes {gpu.kernel, nvvm.kernel} {
    llvm.return
  }
}
