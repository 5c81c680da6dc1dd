// RUN: dither-opt %s --dither-lower-contract --split-input-file --verify-diagnostics

func.func @transposed(%x: memref<8x48xf32>, %w: memref<32x48xf32>, %y: memref<8x32xf32>) {
  // expected-error @+1 {{a transposed matrix is multiplied from scratch memory; run dither-assign-scratch before}}
  dither.contract x(%x : memref<8x48xf32>) w(%w : memref<32x48xf32>) into(%y : memref<8x32xf32>) {transpose_w}
  return
}

// -----

func.func @half(%x: memref<8x48xf16>, %w: memref<48x32xf16>, %y: memref<8x32xf16>) {
  // expected-error @+1 {{the contraction generator multiplies f32, not 'memref<8x32xf16>'; convert with dither.cast}}
  dither.contract x(%x : memref<8x48xf16>) w(%w : memref<48x32xf16>) into(%y : memref<8x32xf16>)
  return
}
