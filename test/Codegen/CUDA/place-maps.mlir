// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-place-maps))" | FileCheck %s

// Arguments that are maps lie where arguments are: 128 bytes each, at multiples of 64.
// CHECK: llvm.func @two(%{{.*}}: !llvm.ptr {llvm.align = 64 : i64, llvm.byval = !llvm.array<16 x i64>, nvvm.grid_constant}, %{{.*}}: i64, %{{.*}}: !llvm.ptr {llvm.align = 64 : i64, llvm.byval = !llvm.array<16 x i64>, nvvm.grid_constant}, %{{.*}}: !llvm.ptr)
// CHECK: llvm.func @none(%{{[^:]*}}: !llvm.ptr)
gpu.module @kernels {
  llvm.func @two(%x: !llvm.ptr, %n: i64, %w: !llvm.ptr, %y: !llvm.ptr)
      attributes {gpu.kernel, nvvm.kernel, dither.tensor_maps = [array<i32: 0, 1, 64, 64, 128>, array<i32: 2, 1, 128, 64, 128>]} {
    llvm.return
  }
  llvm.func @none(%x: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    llvm.return
  }
}
