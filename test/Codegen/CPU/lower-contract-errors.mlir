// RUN: dither-opt %s --dither-plan-kernels --dither-lower-contract --split-input-file --verify-diagnostics

func.func @transposed(%x: memref<8x48xf32>, %w: memref<32x48xf32>, %y: memref<8x32xf32>) {
  // expected-error @+1 {{what the plan stages needs scratch memory; run dither-assign-scratch before}}
  dither.contract x(%x : memref<8x48xf32>) w(%w : memref<32x48xf32>) into(%y : memref<8x32xf32>) {transpose_w}
  return
}

// -----

func.func @operand(%x: memref<8x48xf64>, %w: memref<48x32xf64>, %y: memref<8x32xf32>) {
  // expected-error @+1 {{the contraction generator multiplies f32, bf16 or f16 to sums of f32, not 'memref<8x48xf64>'; convert with dither.cast}}
  dither.contract x(%x : memref<8x48xf64>) w(%w : memref<48x32xf64>) into(%y : memref<8x32xf32>)
  return
}

// -----

func.func @half(%x: memref<8x48xf16>, %w: memref<48x32xf16>, %y: memref<8x32xf16>) {
  // expected-error @+1 {{the contraction generator multiplies f32, bf16 or f16 to sums of f32, not 'memref<8x32xf16>'; convert with dither.cast}}
  dither.contract x(%x : memref<8x48xf16>) w(%w : memref<48x32xf16>) into(%y : memref<8x32xf16>)
  return
}

// -----

func.func @no_integers(%x: memref<1x64xi8>, %xscales: memref<1x1xf32>, %xstarts: memref<1x2xi32>, %codes: memref<32x5xi8>, %scales: memref<2x5xf32>,
                       %y: memref<1x5xf32>) {
  // expected-error @+1 {{no kernel multiplies these weights by codes: so small a matrix has no words of codes, which would pad it too much; multiply values}}
  dither.contract x(%x : memref<1x64xi8>) activations(%xscales, %xstarts : memref<1x1xf32>, memref<1x2xi32>)
    w(%codes, %scales : memref<32x5xi8>, memref<2x5xf32>) into(%y : memref<1x5xf32>)
    {dense = tensor<64x5xf32>, format = #dither.int<bits = 4, group = 32>}
  return
}

// -----

func.func @listed(%x: memref<8x4xf32>, %v: memref<6xf32>, %r: memref<6xi8>, %o: memref<4xi32>, %y: memref<8x3xf32>) {
  // expected-error @+1 {{what the plan stages needs scratch memory; run dither-assign-scratch before}}
  dither.contract x(%x : memref<8x4xf32>) w(%v, %r, %o : memref<6xf32>, memref<6xi8>, memref<4xi32>) into(%y : memref<8x3xf32>)
    {dense = tensor<4x3xf32>, pattern = #dither.unstructured<sparsity = 0.5>}
  return
}

// -----

func.func @sampled(%x: memref<8x4xf32>, %y: memref<8x3xf32>, %r: memref<6xi8>, %o: memref<4xi32>, %v: memref<6xf32>) {
  // expected-error @+1 {{the generator samples products of f32, with scratch memory; run dither-assign-scratch before}}
  dither.sampled_contract x(%x : memref<8x4xf32>) y(%y : memref<8x3xf32>) at(%r, %o : memref<6xi8>, memref<4xi32>) into(%v : memref<6xf32>)
  return
}

// -----

func.func @columns(%x: memref<4x8xf32>, %w: memref<8x8xf32>, %i: memref<8x2xi8>, %y: memref<4x16xf32>) {
  // expected-error @+1 {{no kernel multiplies these weights: the pattern lies along the columns, across the lanes of a register; unpack them}}
  dither.contract x(%x : memref<4x8xf32>) w(%w, %i : memref<8x8xf32>, memref<8x2xi8>) into(%y : memref<4x16xf32>)
    {dense = tensor<8x16xf32>, pattern = #dither.nm<2 : 4, dim = 1>}
  return
}
