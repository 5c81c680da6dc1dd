// RUN: dither-opt %s --dither-plan-memory | FileCheck %s

// The third buffer lives after the first and takes its place: two of three lie side by side.
// CHECK-LABEL: @reuse
// CHECK-SAME: %[[ARENA:[a-z0-9]+]]: memref<?xi8> {dither.kind = "arena"}) attributes {dither.arena_fixed = 128 : i64, dither.arena_per_batch = 0 : i64}
// CHECK-NOT: memref.alloc
// CHECK: memref.view %[[ARENA]][%c0{{.*}}][] : memref<?xi8> to memref<16xf32>
// CHECK: memref.view %[[ARENA]][%c64{{.*}}][] : memref<?xi8> to memref<16xf32>
// CHECK: memref.view %[[ARENA]][%c0{{.*}}][] : memref<?xi8> to memref<16xf32>
func.func @reuse(%x: memref<16xf32>, %y: memref<16xf32>) {
  %a = memref.alloc() : memref<16xf32>
  memref.copy %x, %a : memref<16xf32> to memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  memref.copy %a, %b : memref<16xf32> to memref<16xf32>
  %c = memref.alloc() : memref<16xf32>
  memref.copy %b, %c : memref<16xf32> to memref<16xf32>
  memref.copy %c, %y : memref<16xf32> to memref<16xf32>
  return
}

// Buffers begin at cache lines: of 12 bytes each, both count as 64.
// CHECK-LABEL: @aligned
// CHECK-SAME: dither.arena_fixed = 128 : i64
func.func @aligned(%x: memref<3xf32>, %y: memref<3xf32>) {
  %a = memref.alloc() : memref<3xf32>
  %b = memref.alloc() : memref<3xf32>
  memref.copy %x, %a : memref<3xf32> to memref<3xf32>
  memref.copy %x, %b : memref<3xf32> to memref<3xf32>
  memref.copy %a, %y : memref<3xf32> to memref<3xf32>
  memref.copy %b, %y : memref<3xf32> to memref<3xf32>
  return
}

// What grows with the batch is counted for each sample, and placed when the batch is known.
// CHECK-LABEL: @growing
// CHECK-SAME: dither.arena_fixed = 0 : i64, dither.arena_per_batch = 64 : i64
// CHECK: %[[BATCH:.*]] = memref.dim
// CHECK: arith.muli %[[BATCH]]
// CHECK: memref.view {{.*}} : memref<?xi8> to memref<?x3xf32>
func.func @growing(%x: memref<?x3xf32> {dither.kind = "input"}, %y: memref<?x3xf32>) {
  %c0 = arith.constant 0 : index
  %d = memref.dim %x, %c0 : memref<?x3xf32>
  %a = memref.alloc(%d) : memref<?x3xf32>
  memref.copy %x, %a : memref<?x3xf32> to memref<?x3xf32>
  memref.copy %a, %y : memref<?x3xf32> to memref<?x3xf32>
  return
}

// CHECK-LABEL: @none
// CHECK-SAME: dither.arena_fixed = 0 : i64, dither.arena_per_batch = 0 : i64
func.func @none(%x: memref<?x3xf32>, %y: memref<?x3xf32>) {
  memref.copy %x, %y : memref<?x3xf32> to memref<?x3xf32>
  return
}
