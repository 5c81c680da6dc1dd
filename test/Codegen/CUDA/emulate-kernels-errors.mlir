// RUN: dither-opt %s --dither-emulate-kernels --split-input-file --verify-diagnostics

gpu.module @kernels {
  llvm.func @f(%x: i32) attributes {gpu.kernel, nvvm.kernel} {
    %all = llvm.mlir.constant(-1 : i32) : i32
    // expected-error @+1 {{'nvvm.redux.sync' op is not known to the emulator}}
    %sum = nvvm.redux.sync add %x, %all : i32 -> i32
    llvm.return
  }
}
