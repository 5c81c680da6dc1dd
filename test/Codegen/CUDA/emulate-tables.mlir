// RUN: dither-opt %s --dither-emulate-kernels | FileCheck %s

// A table of constants goes to the host with its kernel. Nobody writes there, so reads are not checked: the one call is of the store. Where an
// instruction comes from is a string, without folders.
// CHECK-DAG: llvm.mlir.global internal constant @table(dense<[1, 2]> : tensor<2xi32>)
// CHECK-DAG: llvm.mlir.global internal constant @dither.place.{{.*}}("emulate-tables.mlir:[[@LINE+16]]:5\00")
// CHECK: llvm.func @dither.emulated.f
// CHECK: %[[TABLE:.*]] = llvm.mlir.addressof @table
// CHECK-NOT: llvm.call
// CHECK: llvm.getelementptr %[[TABLE]]
// CHECK-NOT: llvm.call
// CHECK: llvm.load %{{.*}} : !llvm.ptr -> i32
// CHECK: llvm.call
// CHECK: llvm.store
// CHECK-NOT: llvm.call
gpu.module @kernels {
  llvm.mlir.global internal constant @table(dense<[1, 2]> : tensor<2xi32>) : !llvm.array<2 x i32>
  llvm.func @f(%x: !llvm.ptr, %i: i32) attributes {gpu.kernel, nvvm.kernel} {
    %p = llvm.mlir.addressof @table : !llvm.ptr
    %q = llvm.getelementptr %p[%i] : (!llvm.ptr, i32) -> !llvm.ptr, i32
    %w = llvm.load %q : !llvm.ptr -> i32
    llvm.store %w, %x : i32, !llvm.ptr
    llvm.return
  }
}
