// RUN: dither-opt %s --dither-emulate-kernels | FileCheck %s

// A kernel is a function of the thread and of pointers to the values of its arguments; the module of kernels goes.
// CHECK-NOT: gpu.module
// CHECK: llvm.func @dither.emulated.f(%[[THREAD:.*]]: !llvm.ptr, %[[ARGUMENTS:.*]]: !llvm.ptr)
// CHECK: %[[SLOT:.*]] = llvm.getelementptr %[[ARGUMENTS]][0]
// CHECK: %[[PLACE:.*]] = llvm.load %[[SLOT]]
// CHECK: %[[X:.*]] = llvm.load %[[PLACE]]
// The number of the thread is a field.
// CHECK: %[[FIELD:.*]] = llvm.getelementptr %[[THREAD]][0, 1, 0]
// CHECK: %[[T:.*]] = llvm.load %[[FIELD]] : !llvm.ptr -> i32
// CHECK: %[[A:.*]] = llvm.getelementptr %[[X]][%[[T]]]
// An access to memory is a call before it: address, bytes, alignment, whether it writes, and where it comes from.
// CHECK-DAG: %[[BYTES:.*]] = llvm.mlir.constant(4 : i64)
// CHECK-DAG: %[[READ:.*]] = llvm.mlir.constant(0 : i32)
// CHECK: llvm.call %{{.*}}(%[[THREAD]], %[[A]], %[[BYTES]], %{{.*}}, %[[READ]], %{{.*}}) : !llvm.ptr, (!llvm.ptr, !llvm.ptr, i64, i32, i32, !llvm.ptr) -> ()
// CHECK: %[[V:.*]] = llvm.load %[[A]] : !llvm.ptr -> f32
// Shared memory is where the thread says.
// CHECK: llvm.getelementptr %[[THREAD]][0, 5]
// CHECK: llvm.addrspacecast %{{.*}} : !llvm.ptr to !llvm.ptr<3>
// CHECK: llvm.call {{.*}} (!llvm.ptr, !llvm.ptr, i64, i32, i32, !llvm.ptr) -> ()
// CHECK: llvm.store %[[V]], %{{.*}} : f32, !llvm.ptr<3>
// CHECK: llvm.call {{.*}} : !llvm.ptr, (!llvm.ptr, i32, i32, !llvm.ptr) -> ()
// CHECK-NOT: nvvm.barrier
// A shuffle moves 32 bits, of whatever type.
// CHECK: %[[BITS:.*]] = llvm.bitcast %[[V]] : f32 to i32
// CHECK: %[[XOR:.*]] = llvm.mlir.constant(3 : i32)
// CHECK: %[[GOT:.*]] = llvm.call %{{.*}}(%[[THREAD]], %{{.*}}, %[[XOR]], %[[BITS]], %{{.*}}) : !llvm.ptr, ({{.*}}) -> i32
// CHECK: llvm.bitcast %[[GOT]] : i32 to f32
gpu.module @kernels {
  llvm.mlir.global external @dither_shared() {addr_space = 3 : i32, alignment = 128 : i64} : !llvm.array<0 x i8>
  llvm.func @f(%x: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %a = llvm.getelementptr %x[%t] : (!llvm.ptr, i32) -> !llvm.ptr, f32
    %v = llvm.load %a : !llvm.ptr -> f32
    %s = llvm.mlir.addressof @dither_shared : !llvm.ptr<3>
    llvm.store %v, %s : f32, !llvm.ptr<3>
    nvvm.barrier
    %all = llvm.mlir.constant(-1 : i32) : i32
    %lanes = llvm.mlir.constant(16 : i32) : i32
    %clamp = llvm.mlir.constant(31 : i32) : i32
    %o = nvvm.shfl.sync bfly %all, %v, %lanes, %clamp : f32 -> f32
    llvm.store %o, %a : f32, !llvm.ptr
    llvm.return
  }
}
