// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-expand-instructions))" | FileCheck %s

// Sums are results and operands of the same numbers. Descriptors are 64 bits. Behind them stand: sums are added to, two signs, and, for each operand that is in
// memory, whether it is transposed.
gpu.module @kernels {
  // CHECK-LABEL: llvm.func @matrix
  // CHECK-SAME: (%[[A:.*]]: i64, %[[B:.*]]: i64, %[[C:.*]]: f32)
  // CHECK: %[[D:.*]] = llvm.inline_asm has_side_effects asm_dialect = att "wgmma.mma_async.sync.aligned.m64n8k16.f32.bf16.bf16 {$0, $1, $2, $3}, $4, $5, 1, 1, 1, 0, 1;", "=f,=f,=f,=f,l,l,0,1,2,3" %[[A]], %[[B]], %[[C]], %[[C]], %[[C]], %[[C]] : (i64, i64, f32, f32, f32, f32) -> !llvm.struct<(f32, f32, f32, f32)>
  // CHECK-DAG: llvm.extractvalue %[[D]][0]
  // CHECK-DAG: %[[LAST:.*]] = llvm.extractvalue %[[D]][3]
  // CHECK: llvm.return %[[LAST]]
  llvm.func @matrix(%a: i64, %b: i64, %c: f32) -> f32 {
    %d:4 = tile.wgmma bf16 n 8 k 16 a() matrix %a b %b sums(%c, %c, %c, %c) {transposedA = false, transposedB = true}
      : (i64, i64, f32, f32, f32, f32) -> (f32, f32, f32, f32)
    llvm.return %d#3 : f32
  }

  // CHECK-LABEL: llvm.func @transposed
  // CHECK: "wgmma.mma_async.sync.aligned.m64n16k16.f32.f16.f16 {$0, $1, $2, $3, $4, $5, $6, $7}, $8, $9, 1, 1, 1, 1, 0;", "=f,=f,=f,=f,=f,=f,=f,=f,l,l,0,1,2,3,4,5,6,7"
  llvm.func @transposed(%a: i64, %b: i64, %c: f32) -> f32 {
    %d:8 = tile.wgmma f16 n 16 k 16 a() matrix %a b %b sums(%c, %c, %c, %c, %c, %c, %c, %c) {transposedA = true, transposedB = false}
      : (i64, i64, f32, f32, f32, f32, f32, f32, f32, f32) -> (f32, f32, f32, f32, f32, f32, f32, f32)
    llvm.return %d#0 : f32
  }

  // In registers, a has no transpose.
  // CHECK-LABEL: llvm.func @registers
  // CHECK: "wgmma.mma_async.sync.aligned.m64n8k16.f32.bf16.bf16 {$0, $1, $2, $3}, {$4, $5, $6, $7}, $8, 1, 1, 1, 0;", "=f,=f,=f,=f,r,r,r,r,l,0,1,2,3"
  llvm.func @registers(%r: i32, %b: i64, %c: f32) -> f32 {
    %d:4 = tile.wgmma bf16 n 8 k 16 a(%r, %r, %r, %r) b %b sums(%c, %c, %c, %c) {transposedA = false, transposedB = false}
      : (i32, i32, i32, i32, i64, f32, f32, f32, f32) -> (f32, f32, f32, f32)
    llvm.return %d#0 : f32
  }

  // Metadata are behind the operands, and then their selector.
  // CHECK-LABEL: llvm.func @sparse
  // CHECK: "wgmma.mma_async.sp.sync.aligned.m64n8k32.f32.bf16.bf16 {$0, $1, $2, $3}, $4, $5, $6, 1, 1, 1, 1, 0, 1;", "=f,=f,=f,=f,l,l,r,0,1,2,3"
  llvm.func @sparse(%a: i64, %b: i64, %m: i32, %c: f32) -> f32 {
    %d:4 = tile.wgmma bf16 n 8 k 32 a() matrix %a b %b metadata %m sums(%c, %c, %c, %c) {selector = 1 : i64, transposedA = false, transposedB = true}
      : (i64, i64, i32, f32, f32, f32, f32) -> (f32, f32, f32, f32)
    llvm.return %d#0 : f32
  }

  // A wait has the sums as operands, so that nothing reads them ahead of it.
  // CHECK-LABEL: llvm.func @wait
  // CHECK: %[[D:.*]] = llvm.inline_asm has_side_effects asm_dialect = att "wgmma.wait_group.sync.aligned 1;", "=f,=f,0,1" %{{.*}}, %{{.*}} : (f32, f32) -> !llvm.struct<(f32, f32)>
  // CHECK: %[[SECOND:.*]] = llvm.extractvalue %[[D]][1]
  // CHECK: %[[ONE:.*]] = llvm.inline_asm has_side_effects asm_dialect = att "wgmma.wait_group.sync.aligned 0;", "=f,0" %[[SECOND]] : (f32) -> f32
  // CHECK: llvm.return %[[ONE]]
  llvm.func @wait(%c: f32) -> f32 {
    %d:2 = tile.wgmma_wait 1, %c, %c : f32, f32
    %e = tile.wgmma_wait 0, %d#1 : f32
    llvm.return %e : f32
  }

  // Sums of bytes are integers. No sign changes, and neither operand is transposed: nothing says so.
  // CHECK-LABEL: llvm.func @integers
  // CHECK: "wgmma.mma_async.sync.aligned.m64n8k32.s32.s8.s8 {$0, $1, $2, $3}, $4, $5, 1;", "=r,=r,=r,=r,l,l,0,1,2,3"
  llvm.func @integers(%a: i64, %b: i64, %c: i32) -> i32 {
    %d:4 = tile.wgmma i8 n 8 k 32 a() matrix %a b %b sums(%c, %c, %c, %c) {transposedA = false, transposedB = false}
      : (i64, i64, i32, i32, i32, i32) -> (i32, i32, i32, i32)
    llvm.return %d#0 : i32
  }
}
