// RUN: dither-opt %s --dither-plan-kernels="lanes=8 rows=6" --split-input-file --verify-diagnostics | FileCheck %s
// RUN: dither-opt %s --dither-plan-kernels="lanes=16 rows=12 first-cache=49152 second-cache=2097152" --split-input-file --verify-diagnostics | FileCheck %s --check-prefix=LARGE
// RUN: not dither-opt %s --dither-plan-kernels --split-input-file --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// Of 6 rows of x, 682 elements are half of 32 KiB; but threads stage all columns together, of which 64 elements are half of 512 KiB: so few that
// 256 are taken, and 256 columns of them. With 16 lanes and 2 MiB it is 262 elements of all columns, cut in two. Nothing but a last part is much
// smaller than the others.
// REMARK: Function=blocks | planned=2, tuned=0
// CHECK-LABEL: @blocks
// CHECK: schedule = blocked, rows = 6, sums = 12, columns = 256, depth = 256, tasks = 16, least = 32
// CHECK: schedule = blocked, rows = 6, sums = 12, columns = 256, depth = 256, tasks = 16>
// LARGE-LABEL: @blocks
// LARGE: schedule = blocked, rows = 12, sums = 24, columns = 512, depth = 256, tasks = 16, least = 32
func.func @blocks(%x: memref<?x1024xf32>, %w: memref<1024x1000xf32>, %y: memref<?x1000xf32>, %z: memref<64x1024xf32>, %v: memref<64x1000xf32>) {
  dither.contract x(%x : memref<?x1024xf32>) w(%w : memref<1024x1000xf32>) into(%y : memref<?x1000xf32>)
  dither.contract x(%z : memref<64x1024xf32>) w(%w : memref<1024x1000xf32>) into(%v : memref<64x1000xf32>)
  return
}

// -----

// 300 elements are one block, since 256 and 44 would be two; 500 are two of nearly the same depth.
// CHECK-LABEL: @parts
// CHECK: schedule = blocked, {{.*}} columns = 208, depth = 304
// CHECK: schedule = blocked, {{.*}} columns = 256, depth = 256
func.func @parts(%x: memref<64x300xf32>, %w: memref<300x600xf32>, %y: memref<64x600xf32>, %z: memref<64x500xf32>, %v: memref<500x512xf32>,
                 %u: memref<64x512xf32>) {
  dither.contract x(%x : memref<64x300xf32>) w(%w : memref<300x600xf32>) into(%y : memref<64x600xf32>)
  dither.contract x(%z : memref<64x500xf32>) w(%v : memref<500x512xf32>) into(%u : memref<64x512xf32>)
  return
}

// -----

// Few rows take a large matrix in strips, a small one as it is; packed ones are read as they lie.
// CHECK-LABEL: @direct
// CHECK: schedule = strips, rows = 6, sums = 12, columns = 512, depth = 8, tasks = 16
// CHECK: schedule = direct, rows = 6, sums = 12, columns = 64>
// CHECK: schedule = direct, rows = 6, sums = 8, columns = 64>
func.func @direct(%x: memref<4x1024xf32>, %w: memref<1024x1024xf32>, %y: memref<4x1024xf32>, %u: memref<4x64xf32>, %v: memref<64x64xf32>,
                  %z: memref<4x64xf32>, %c: memref<64x64xi8>, %s: memref<1x64xf32>) {
  dither.contract x(%x : memref<4x1024xf32>) w(%w : memref<1024x1024xf32>) into(%y : memref<4x1024xf32>)
  dither.contract x(%u : memref<4x64xf32>) w(%v : memref<64x64xf32>) into(%z : memref<4x64xf32>)
  dither.contract x(%u : memref<4x64xf32>) w(%c, %s : memref<64x64xi8>, memref<1x64xf32>) into(%z : memref<4x64xf32>)
    {dense = tensor<64x64xf32>, format = #dither.int<bits = 8>}
  return
}

// -----

// A narrow matrix that the second cache holds is read as it is, by an even number of tiles where threads share it; a larger one is staged. Where a page has two
// rows, strips are twice as deep.
// CHECK-LABEL: @narrow_matrix
// LARGE-LABEL: @narrow_matrix
// LARGE: schedule = direct, rows = 8, sums = 24, columns = 128, tasks = 16
// LARGE: schedule = blocked
// LARGE: schedule = strips, {{.*}} depth = 64
func.func @narrow_matrix(%x: memref<32x4096xf32>, %w: memref<4096x64xf32>, %y: memref<32x64xf32>, %u: memref<32x16384xf32>,
                         %v: memref<16384x64xf32>, %z: memref<4x2048xf32>, %s: memref<2048x512xf32>, %t: memref<4x512xf32>) {
  dither.contract x(%x : memref<32x4096xf32>) w(%w : memref<4096x64xf32>) into(%y : memref<32x64xf32>)
  dither.contract x(%u : memref<32x16384xf32>) w(%v : memref<16384x64xf32>) into(%y : memref<32x64xf32>)
  dither.contract x(%z : memref<4x2048xf32>) w(%s : memref<2048x512xf32>) into(%t : memref<4x512xf32>)
  return
}

// -----

// What was measured goes before the model, and a plan that is there stays.
// REMARK: Function=measured | planned=1, tuned=1
// CHECK-LABEL: @measured
// CHECK: schedule = blocked, rows = 4, sums = 12, columns = 96, depth = 32
// CHECK: schedule = direct, rows = 1, sums = 8, columns = 64
module attributes {dither.tuned = {"64x64xf32 64x64xf32" = #dither.kernel<schedule = blocked, rows = 4, sums = 12, columns = 96, depth = 32>}} {
  func.func @measured(%x: memref<64x64xf32>, %w: memref<64x64xf32>, %y: memref<64x64xf32>) {
    dither.contract x(%x : memref<64x64xf32>) w(%w : memref<64x64xf32>) into(%y : memref<64x64xf32>)
    dither.contract x(%x : memref<64x64xf32>) w(%w : memref<64x64xf32>) into(%y : memref<64x64xf32>)
      {kernel = #dither.kernel<schedule = direct, rows = 1, sums = 8, columns = 64>}
    return
  }
}

// -----

func.func @transposed(%x: memref<8x48xf32>, %w: memref<32x48xf32>, %y: memref<8x32xf32>) {
  // expected-error @+1 {{no kernel is as planned by #dither.kernel<schedule = direct, rows = 6, sums = 12, columns = 64>: a transposed matrix is staged}}
  dither.contract x(%x : memref<8x48xf32>) w(%w : memref<32x48xf32>) into(%y : memref<8x32xf32>)
    {transpose_w, kernel = #dither.kernel<schedule = direct, rows = 6, sums = 12, columns = 64>}
  return
}

// -----

func.func @listed(%x: memref<8x48xf32>, %w: memref<48x32xf32>, %y: memref<8x32xf32>) {
  // expected-error @+1 {{listed elements have a schedule of their own, and nothing else has it}}
  dither.contract x(%x : memref<8x48xf32>) w(%w : memref<48x32xf32>) into(%y : memref<8x32xf32>)
    {kernel = #dither.kernel<schedule = listed, rows = 6, sums = 12>}
  return
}

// -----

func.func @narrow_strips(%x: memref<8x48xf32>, %w: memref<48x40xf32>, %y: memref<8x40xf32>) {
  // expected-error @+1 {{strips need}}
  dither.contract x(%x : memref<8x48xf32>) w(%w : memref<48x40xf32>) into(%y : memref<8x40xf32>)
    {kernel = #dither.kernel<schedule = strips, rows = 6, sums = 12, columns = 512, depth = 8, tasks = 16>}
  return
}

// -----

func.func @unknown_strips(%x: memref<8x48xf32>, %w: memref<48x?xf32>, %y: memref<8x?xf32>) {
  // expected-error @+1 {{columns, and elements of the contraction, whose numbers are known}}
  dither.contract x(%x : memref<8x48xf32>) w(%w : memref<48x?xf32>) into(%y : memref<8x?xf32>)
    {kernel = #dither.kernel<schedule = strips, rows = 6, sums = 12, columns = 512, depth = 8>}
  return
}

// -----

func.func @empty_strips(%x: memref<8x0xf32>, %w: memref<0x200xf32>, %y: memref<8x200xf32>) {
  // expected-error @+1 {{strips need}}
  dither.contract x(%x : memref<8x0xf32>) w(%w : memref<0x200xf32>) into(%y : memref<8x200xf32>)
    {kernel = #dither.kernel<schedule = strips, rows = 6, sums = 12, columns = 512, depth = 8>}
  return
}

// -----

func.func @odd_strips(%x: memref<8x48xf32>, %w: memref<48x600xf32>, %y: memref<8x600xf32>) {
  // expected-error @+1 {{strips of 96 columns are no multiple of}}
  dither.contract x(%x : memref<8x48xf32>) w(%w : memref<48x600xf32>) into(%y : memref<8x600xf32>)
    {kernel = #dither.kernel<schedule = strips, rows = 6, sums = 12, columns = 96, depth = 8, tasks = 16>}
  return
}

// -----

func.func @odd_direct(%x: memref<8x48xf32>, %w: memref<48x600xf32>, %y: memref<8x600xf32>) {
  // expected-error @+1 {{48 columns are no power of two times}}
  dither.contract x(%x : memref<8x48xf32>) w(%w : memref<48x600xf32>) into(%y : memref<8x600xf32>)
    {kernel = #dither.kernel<schedule = direct, rows = 6, sums = 12, columns = 48>}
  return
}

// -----

func.func @wide_direct(%x: memref<8x48xf32>, %w: memref<48x600xf32>, %y: memref<8x600xf32>) {
  // expected-error @+1 {{2048 columns are no power of two times}}
  dither.contract x(%x : memref<8x48xf32>) w(%w : memref<48x600xf32>) into(%y : memref<8x600xf32>)
    {kernel = #dither.kernel<schedule = direct, rows = 6, sums = 12, columns = 2048>}
  return
}

// -----

func.func @few_transposed(%x: memref<?x48xf32>, %w: memref<40x48xf32>, %y: memref<?x40xf32>) {
  // expected-error @+1 {{all rows of such a product take the same way}}
  dither.contract x(%x : memref<?x48xf32>) w(%w : memref<40x48xf32>) into(%y : memref<?x40xf32>)
    {transpose_w, kernel = #dither.kernel<schedule = blocked, rows = 6, sums = 12, columns = 96, depth = 48, least = 8>}
  return
}

// -----

func.func @empty_blocks(%x: memref<8x48xf32>, %w: memref<48x0xf32>, %y: memref<8x0xf32>) {
  // expected-error @+1 {{a matrix of unknown extents, or without elements, is not staged}}
  dither.contract x(%x : memref<8x48xf32>) w(%w : memref<48x0xf32>) into(%y : memref<8x0xf32>)
    {kernel = #dither.kernel<schedule = blocked, rows = 6, sums = 12, columns = 96, depth = 48, tasks = 4>}
  return
}

// -----

func.func @no_tiles(%x: memref<8x48xbf16>, %w: memref<48x64xbf16>, %y: memref<8x64xf32>) {
  // expected-error @+1 {{the target has no such AMX tiles}}
  dither.contract x(%x : memref<8x48xbf16>) w(%w : memref<48x64xbf16>) into(%y : memref<8x64xf32>)
    {kernel = #dither.kernel<schedule = tiles, rows = 6, sums = 6>}
  return
}

// -----

func.func @columns(%x: memref<8x48xf32>, %w: memref<48x32xf32>, %y: memref<8x32xf32>) {
  // expected-error @+1 {{blocks of 40 columns are no multiple of}}
  dither.contract x(%x : memref<8x48xf32>) w(%w : memref<48x32xf32>) into(%y : memref<8x32xf32>)
    {kernel = #dither.kernel<schedule = blocked, rows = 6, sums = 12, columns = 40, depth = 48>}
  return
}

// -----

// expected-error @+1 {{(C1) has a register tile of 6 rows and 13 sums}}
#k = #dither.kernel<schedule = blocked, rows = 6, sums = 13, columns = 64, depth = 16>

// -----

// expected-error @+1 {{(C2) cannot visit 0 columns by 16 elements of the contraction at a time}}
#k = #dither.kernel<schedule = strips, rows = 6, sums = 12, depth = 16>

// -----

// expected-error @+1 {{(C2) cannot visit 8192 columns by 8192 elements of the contraction at a time}}
#k = #dither.kernel<schedule = blocked, rows = 6, sums = 12, columns = 8192, depth = 8192>

// -----

// expected-error @+1 {{(C3) has -1 tasks}}
#k = #dither.kernel<schedule = direct, rows = 6, sums = 12, columns = 64, tasks = -1>

// -----

func.func @many_few(%x: memref<?x1024xf32>, %w: memref<1024x1024xf32>, %y: memref<?x1024xf32>) {
  // expected-error @+1 {{2048 rows are not few: there is memory for 1024}}
  dither.contract x(%x : memref<?x1024xf32>) w(%w : memref<1024x1024xf32>) into(%y : memref<?x1024xf32>)
    {kernel = #dither.kernel<schedule = blocked, rows = 6, sums = 12, columns = 256, depth = 256, least = 2048>}
  return
}

// -----

// A result of bf16 cannot hold the sums of a block.
func.func @narrow(%x: memref<8x1024xbf16>, %w: memref<1024x1024xbf16>, %y: memref<8x1024xbf16>) {
  // expected-error @+1 {{sums of blocks of 256 elements cannot wait in a result that is no f32}}
  dither.contract x(%x : memref<8x1024xbf16>) w(%w : memref<1024x1024xbf16>) into(%y : memref<8x1024xbf16>)
    {kernel = #dither.kernel<schedule = blocked, rows = 6, sums = 12, columns = 256, depth = 256>} epilogue {
    ^bb0(%p: f32):
      %n = arith.truncf %p : f32 to bf16
      dither.yield %n : bf16
    }
  return
}
