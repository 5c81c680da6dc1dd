// RUN: dither-opt %s --dither-plan-memory | FileCheck %s

// What a run needs lies beside what lives through the loop, and where that has lain which is needed no longer. Buffers of a region
// share memory with each other as those of the function do: four of 64 bytes need three.
// CHECK-LABEL: @nested
// CHECK-SAME: dither.arena_fixed = 192 : i64
// CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
// CHECK: scf.for
func.func @nested(%x: memref<16xf32> {dither.kind = "input"}, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %outer = memref.alloc() : memref<16xf32>
  memref.copy %x, %outer : memref<16xf32> to memref<16xf32>
  scf.for %i = %c0 to %n step %c1 {
    %a = memref.alloc() : memref<16xf32>
    %b = memref.alloc() : memref<16xf32>
    %c = memref.alloc() : memref<16xf32>
    memref.copy %outer, %a : memref<16xf32> to memref<16xf32>
    memref.copy %a, %b : memref<16xf32> to memref<16xf32>
    memref.copy %b, %c : memref<16xf32> to memref<16xf32>
    memref.copy %c, %outer : memref<16xf32> to memref<16xf32>
  }
  memref.copy %outer, %x : memref<16xf32> to memref<16xf32>
  return
}
