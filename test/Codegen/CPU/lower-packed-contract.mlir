// RUN: dither-opt %s --dither-plan-kernels --dither-lower-contract --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-plan-kernels="lanes=8 rows=4" --dither-lower-contract="lanes=8 permute=false" --canonicalize --cse | FileCheck %s --check-prefix=AVX2
// RUN: dither-opt %s --dither-plan-kernels="lanes=8 rows=4" --dither-lower-contract="lanes=8" --canonicalize --cse | FileCheck %s --check-prefix=SELECT
// RUN: dither-opt %s --dither-plan-kernels --dither-lower-contract --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// A group of 32 elements shares a scale, which multiplies their sum. Eight groups of 2 : 4 fill words: a step covers 32 elements. It reads one
// vector of words of indices (16 fields of 2 bits) and two of codes (eight fields of 4 bits each); nothing is unpacked to memory.
// REMARK: Function=sparse | dense=0, listed=0, packed=1, staged=0
// CHECK-LABEL: @sparse
// CHECK: scf.for %[[GROUP_K:.*]] = %c0 to %c64 step %c32
// CHECK: scf.for %[[K:.*]] = %[[GROUP_K]] to %{{.*}} step %c32
// CHECK: vector.load {{.*}} : memref<2x64xi8>, vector<64xi8>
// CHECK-NOT: memref<2x64xi8>
// CHECK-COUNT-2: vector.load {{.*}} : memref<4x64xi8>, vector<64xi8>
// CHECK-NOT: memref<4x64xi8>
// The sixteen values of e2m1 are in a register: a permute decodes.
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.permvar.sf.512"
// A group of x is read once, and a permute gives each lane the element that its weight meets.
// CHECK: %[[GROUP:.*]] = vector.load %arg0[%c0, %[[K]]] : memref<8x64xf32>, vector<4xf32>
// CHECK: %[[WIDE:.*]] = vector.shuffle %[[GROUP]], %[[GROUP]]
// CHECK: %[[X:.*]] = llvm.call_intrinsic "llvm.x86.avx512.vpermilvar.ps.512"(%[[WIDE]], %{{.*}})
// CHECK: vector.fma %[[X]],
// 16 weights of a step meet 8 rows.
// CHECK-COUNT-127: vector.fma
// CHECK-NOT: vector.fma
// CHECK: scf.yield
// CHECK: vector.load %arg3[{{.*}}] : memref<2x16xi8>, vector<16xi8>
// CHECK-COUNT-8: vector.fma
// CHECK-NOT: vector.fma
// CHECK-COUNT-8: vector.store {{.*}} memref<8x16xf32>
// SELECT-LABEL: @sparse
// A group of four elements of x is in both halves of a register, of which indices choose; the values of codes of four bits are computed.
// SELECT: vector.shuffle {{.*}} [0, 1, 2, 3, 0, 1, 2, 3]
// SELECT: llvm.call_intrinsic "llvm.x86.avx.vpermilvar.ps.256"
// SELECT-NOT: llvm.call_intrinsic "llvm.x86.avx2.permps"
// SELECT: return
// AVX2-LABEL: @sparse
// AVX2-NOT: llvm.call_intrinsic
// AVX2: vector.fma {{.*}} vector<8xf32>
func.func @sparse(%x: memref<8x64xf32>, %codes: memref<16x16xi8>, %indices: memref<8x16xi8>, %scales: memref<2x16xi8>, %y: memref<8x16xf32>) {
  dither.contract x(%x : memref<8x64xf32>) w(%codes, %indices, %scales : memref<16x16xi8>, memref<8x16xi8>, memref<2x16xi8>)
    into(%y : memref<8x16xf32>)
    {dense = tensor<64x16xf32>, pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
  return
}

// More than 4 elements are selected across the register.
// CHECK-LABEL: @long_groups
// CHECK: vector.load %arg0[%c0, %{{.*}}] : memref<1x16xf32>, vector<8xf32>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.permvar.sf.512"
func.func @long_groups(%x: memref<1x16xf32>, %values: memref<2x16xf32>, %indices: memref<2x16xi8>, %y: memref<1x16xf32>) {
  dither.contract x(%x : memref<1x16xf32>) w(%values, %indices : memref<2x16xf32>, memref<2x16xi8>) into(%y : memref<1x16xf32>)
    {dense = tensor<16x16xf32>, pattern = #dither.nm<1 : 8>}
  return
}

// A group of one element needs no indices, and nothing is selected.
// CHECK-LABEL: @all
// CHECK-NOT: llvm.call_intrinsic
// CHECK: return
func.func @all(%x: memref<1x8xf32>, %values: memref<8x16xf32>, %y: memref<1x16xf32>) {
  dither.contract x(%x : memref<1x8xf32>) w(%values : memref<8x16xf32>) into(%y : memref<1x16xf32>)
    {dense = tensor<8x16xf32>, pattern = #dither.nm<1 : 1>}
  return
}

// A format alone: 3 bits are a plane of 2 (rows 0 to 2) and one of 1 (rows 3 and 4). 12 elements are one step and half of one.
// CHECK-LABEL: @quantized
// CHECK: vector.maskedload %arg1[%c0, %c0]
// CHECK: vector.maskedload %arg1[%c1, %c0]
// CHECK: vector.maskedload %arg1[%c3, %c0]
// CHECK-NOT: memref.load %arg2
// CHECK: vector.maskedload %arg1[%c2, %c0]
// CHECK: vector.maskedload %arg1[%c4, %c0]
// One scale for all: it is read once, when all is summed, and broadcast.
// CHECK: %[[SCALE:.*]] = memref.load %arg2[%c0, %c0]
// CHECK: vector.broadcast %[[SCALE]]
// CHECK: vector.fma
// CHECK-NOT: vector.fma
// CHECK: vector.maskedstore %arg3[%c0, %c0]
func.func @quantized(%x: memref<1x12xf32>, %codes: memref<5x5xi8>, %scales: memref<1x1xf32>, %y: memref<1x5xf32>) {
  dither.contract x(%x : memref<1x12xf32>) w(%codes, %scales : memref<5x5xi8>, memref<1x1xf32>) into(%y : memref<1x5xf32>)
    {dense = tensor<12x5xf32>, format = #dither.int<bits = 3, group = -1>}
  return
}

// Affine codes have a zero point for each scale.
// CHECK-LABEL: @affine
// CHECK: vector.load %arg3[{{.*}}] : memref<1x16xi8>, vector<16xi8>
// CHECK: arith.subi
func.func @affine(%x: memref<1x2xf32>, %codes: memref<1x16xi8>, %scales: memref<1x16xf32>, %zeros: memref<1x16xi8>, %y: memref<1x16xf32>) {
  dither.contract x(%x : memref<1x2xf32>) w(%codes, %scales, %zeros : memref<1x16xi8>, memref<1x16xf32>, memref<1x16xi8>)
    into(%y : memref<1x16xf32>) {dense = tensor<2x16xf32>, format = #dither.int<bits = 4, affine = true>}
  return
}

// A single row leaves registers for four vectors of columns. The codes lie in panels of 64 columns, of
// words of four bytes of a column; they are asked for 4096 bytes ahead, up to the last word.
// CHECK-LABEL: @row
// CHECK: %[[CODES:.*]] = memref.reinterpret_cast %arg1 {{.*}} to memref<64x256xi8>
// CHECK: %[[SCALES:.*]] = memref.reinterpret_cast %arg2 {{.*}} to memref<16x64xi8>
// CHECK: scf.for %{{.*}} = %c0 to %c128 step %c64
// CHECK: scf.for %[[GROUP_K:.*]] = %c0 to %c256 step %c32
// CHECK: scf.for %{{.*}} = %[[GROUP_K]] to %{{.*}} step %c8
// CHECK: %[[AHEAD:.*]] = arith.minui %{{.*}}, %c63
// CHECK: memref.prefetch %[[CODES]][%[[AHEAD]], %{{.*}}]
// CHECK: vector.load %[[CODES]]{{.*}} : memref<64x256xi8>, vector<64xi8>
// CHECK-COUNT-32: vector.fma
// CHECK: scf.yield
// The scales of the group.
// CHECK-COUNT-4: vector.load %[[SCALES]]
func.func @row(%x: memref<1x256xf32>, %codes: memref<128x128xi8>, %scales: memref<8x128xi8>, %y: memref<1x128xf32>) {
  dither.contract x(%x : memref<1x256xf32>) w(%codes, %scales : memref<128x128xi8>, memref<8x128xi8>) into(%y : memref<1x128xf32>)
    {dense = tensor<256x128xf32>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
  return
}

// Codes of x: a word of four bytes meets a word of the matrix, four products at a time. e2m1 is twice an integer from -12 to 12, which a shuffle
// looks up, with 12 added; what that adds is in the start of the sum. Sums of a group are integers until the scale multiplies them.
// CHECK-LABEL: @integer
// CHECK: scf.for %[[K:.*]] = %c0 to %c64 step %c32
// CHECK: memref.load %arg2[%c0, %{{.*}}] : memref<1x2xi32>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.pshuf.b.512"
// CHECK: vector.load %arg0[%c0, %{{.*}}] : memref<1x64xi8>, vector<4xi8>
// CHECK-COUNT-8: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// CHECK-NOT: vpdpbusd
// CHECK: arith.sitofp
// CHECK: vector.fma
// The scale of the row, and the factor of the codes.
// CHECK: %[[SCALE:.*]] = memref.load %arg1[%c0, %c0]
// CHECK: arith.mulf %[[SCALE]], %{{.*}} : f32
// AVX2-LABEL: @integer
// AVX2: llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"
// AVX2: %[[PAIRS:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pmadd.ub.sw"
// AVX2: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"(%[[PAIRS]]
func.func @integer(%x: memref<1x64xi8>, %xscales: memref<1x1xf32>, %xstarts: memref<1x2xi32>, %codes: memref<32x64xi8>, %scales: memref<2x64xi8>,
                   %y: memref<1x64xf32>) {
  dither.contract x(%x : memref<1x64xi8>) activations(%xscales, %xstarts : memref<1x1xf32>, memref<1x2xi32>)
    w(%codes, %scales : memref<32x64xi8>, memref<2x64xi8>) into(%y : memref<1x64xf32>)
    {dense = tensor<64x64xf32>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
  return
}

// Four weights of 2 : 4 meet eight elements of x, among which a shuffle selects. Their offsets are taken off by the complement of what they meet.
// CHECK-LABEL: @sparse_integer
// CHECK: arith.constant dense<134744072> : vector<16xi32>
// CHECK: vector.load %arg0[%c0, %{{.*}}] : memref<1x64xi8>, vector<8xi8>
// CHECK: %[[X:.*]] = llvm.call_intrinsic "llvm.x86.avx512.pshuf.b.512"
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// CHECK: arith.xori
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
func.func @sparse_integer(%x: memref<1x64xi8>, %xscales: memref<1x1xf32>, %codes: memref<16x64xi8>, %indices: memref<8x64xi8>,
                          %scales: memref<1x64xf32>, %y: memref<1x64xf32>) {
  dither.contract x(%x : memref<1x64xi8>) activations(%xscales : memref<1x1xf32>)
    w(%codes, %indices, %scales : memref<16x64xi8>, memref<8x64xi8>, memref<1x64xf32>) into(%y : memref<1x64xf32>)
    {dense = tensor<64x64xf32>, pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4>}
  return
}
