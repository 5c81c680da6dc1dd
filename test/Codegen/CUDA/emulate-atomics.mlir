// RUN: dither-opt %s --dither-emulate-kernels | FileCheck %s

// The emulator hears of an atomic access before it happens: 2 is DITHER_ATOMIC.
// CHECK-LABEL: llvm.func @dither.emulated.f
// CHECK-DAG: %[[BYTES:.*]] = llvm.mlir.constant(4 : i64)
// CHECK-DAG: %[[ATOMIC:.*]] = llvm.mlir.constant(2 : i32)
// CHECK: llvm.call %{{.*}}(%{{.*}}, %[[X:[0-9]+]], %[[BYTES]], %{{.*}}, %[[ATOMIC]], %{{.*}})
// CHECK-NEXT: llvm.atomicrmw add %[[X]], %{{.*}} acq_rel : !llvm.ptr, i32
// CHECK: llvm.mlir.constant(8 : i64)
// CHECK: llvm.call
// CHECK-NEXT: llvm.cmpxchg
gpu.module @kernels {
  llvm.func @f(%x: !llvm.ptr, %y: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    %one = llvm.mlir.constant(1 : i32) : i32
    %old = llvm.atomicrmw add %x, %one acq_rel : !llvm.ptr, i32
    %zero = llvm.mlir.constant(0 : i64) : i64
    %pair = llvm.cmpxchg %y, %zero, %zero acq_rel monotonic : !llvm.ptr, i64
    llvm.return
  }
}
