// RUN: dither-opt %s --dither-emulate-kernels | FileCheck %s

// An argument in memory, as a tensor map is, is what its pointer says; another is loaded from there.
// CHECK: llvm.func @dither.emulated.f(%{{.*}}: !llvm.ptr, %[[ARGUMENTS:.*]]: !llvm.ptr)
// CHECK: %[[FIRST:.*]] = llvm.getelementptr %[[ARGUMENTS]][0]
// CHECK: %[[MAP:.*]] = llvm.load %[[FIRST]] : !llvm.ptr -> !llvm.ptr
// CHECK: %[[SECOND:.*]] = llvm.getelementptr %[[ARGUMENTS]][1]
// CHECK: %[[PLACE:.*]] = llvm.load %[[SECOND]] : !llvm.ptr -> !llvm.ptr
// CHECK: %[[TO:.*]] = llvm.load %[[PLACE]] : !llvm.ptr -> !llvm.ptr
// CHECK: llvm.store %[[MAP]], %[[TO]] : !llvm.ptr, !llvm.ptr
gpu.module @kernels {
  llvm.func @f(%map: !llvm.ptr {llvm.align = 64 : i64, llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant}, %to: !llvm.ptr)
      attributes {gpu.kernel, nvvm.kernel, dither.tensor_maps = [array<i32: 0, 1, 64, 64, 128>]} {
    llvm.store %map, %to : !llvm.ptr, !llvm.ptr
    llvm.return
  }
}
