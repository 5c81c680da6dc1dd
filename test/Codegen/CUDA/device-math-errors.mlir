// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-device-math))" -verify-diagnostics

gpu.module @kernels {
  gpu.func @none(%x: f64, %y: memref<f64>) kernel {
    // expected-error@+1 {{of 'f64' is no instruction of a device; compile for the CPU}}
    %e = math.exp %x : f64
    memref.store %e, %y[] : memref<f64>
    gpu.return
  }
}
