// RUN: dither-opt %s --dither-form-kernels --split-input-file --verify-diagnostics

func.func @double(%x: memref<8x48xf64>, %w: memref<48x32xf64>, %y: memref<8x32xf32>) {
  // expected-error @+1 {{multiplies f64, which no kernel for CUDA does; compile for the CPU}}
  dither.contract x(%x : memref<8x48xf64>) w(%w : memref<48x32xf64>) into(%y : memref<8x32xf32>)
  return
}

// -----

func.func @transposed_blocks(%x: memref<4x64xf32>, %v: memref<48x64xf32>, %i: memref<6x1xi8>, %y: memref<4x96xf32>) {
  // expected-error @+1 {{has packed weights that no kernel for CUDA decodes: }}
  dither.contract x(%x : memref<4x64xf32>) w(%v, %i : memref<48x64xf32>, memref<6x1xi8>) into(%y : memref<4x96xf32>)
    {dense = tensor<96x64xf32>, pattern = #dither.block<8 x 64, sparsity = 0.5>, transpose_w}
  return
}

// -----

func.func @buffer(%x: memref<8xf32>, %y: memref<8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : index
  %one = arith.constant 1.0 : f32
  // expected-error @+1 {{gives a buffer of its own, which no kernel for a device can}}
  %last:2 = scf.for %i = %c0 to %c7 step %c1 iter_args(%a = %x, %b = %y) -> (memref<8xf32>, memref<8xf32>) {
    memref.store %one, %a[%i] : memref<8xf32>
    scf.yield %b, %a : memref<8xf32>, memref<8xf32>
  }
  linalg.fill ins(%one : f32) outs(%last#0 : memref<8xf32>)
  return
}

// -----

func.func @unknown(%x: memref<8xf32>, %y: memref<8xf32>) {
  // expected-error @+1 {{names an op that has no kernels}}
  dither.on_device "dither.exp"(%x : memref<8xf32>) into(%y : memref<8xf32>)
  return
}
