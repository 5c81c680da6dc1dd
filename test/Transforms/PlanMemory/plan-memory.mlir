// RUN: dither-opt %s --dither-plan-memory --canonicalize --cse --allow-unregistered-dialect | FileCheck %s --implicit-check-not=memref.alloc
// RUN: dither-opt %s --dither-plan-memory --remarks-filter=dither -o /dev/null --allow-unregistered-dialect 2>&1 | FileCheck %s --check-prefix=REMARK

// Buffers of disjoint lifetimes lie at the same place.
// REMARK: Function=disjoint | buffers=2, bytes=256, bytes-per-batch=0
// CHECK-LABEL: @disjoint
// CHECK-SAME: (%[[ARENA:.*]]: memref<?xi8> {dither.kind = "arena"}) attributes {dither.arena_fixed = 256 : i64, dither.arena_per_batch = 0 : i64}
// CHECK: %[[A:.*]] = memref.view %[[ARENA]][%c0][] : memref<?xi8> to memref<64xf32>
// CHECK: %[[B:.*]] = memref.view %[[ARENA]][%c0][] : memref<?xi8> to memref<32xf64>
// CHECK: "test.write"(%[[A]])
// CHECK: "test.write"(%[[B]])
func.func @disjoint() {
  %a = memref.alloc() : memref<64xf32>
  %b = memref.alloc() : memref<32xf64>
  "test.write"(%a) : (memref<64xf32>) -> ()
  "test.read"(%a) : (memref<64xf32>) -> ()
  "test.write"(%b) : (memref<32xf64>) -> ()
  "test.read"(%b) : (memref<32xf64>) -> ()
  return
}

// Those that live at the same time do not, and each begins at a multiple of 64 bytes; the largest lies first.
// REMARK: Function=together | buffers=3, bytes=448, bytes-per-batch=0
// CHECK-LABEL: @together
// CHECK-SAME: dither.arena_fixed = 448
// CHECK: memref.view %{{.*}}[%c256][] : memref<?xi8> to memref<17xf32>
// CHECK: memref.view %{{.*}}[%c384][] : memref<?xi8> to memref<3xi8>
// CHECK: memref.view %{{.*}}[%c0][] : memref<?xi8> to memref<64xf32>
func.func @together() {
  %a = memref.alloc() : memref<17xf32>
  %b = memref.alloc() : memref<3xi8>
  %c = memref.alloc() : memref<64xf32>
  "test.use"(%a, %b, %c) : (memref<17xf32>, memref<3xi8>, memref<64xf32>) -> ()
  return
}

// A hole that a buffer leaves is filled again while its neighbour lives.
// CHECK-LABEL: @hole
// CHECK-SAME: dither.arena_fixed = 384
// CHECK: memref.view %{{.*}}[%c0][] : memref<?xi8> to memref<64xf32>
// CHECK: memref.view %{{.*}}[%c256][] : memref<?xi8> to memref<32xf32>
// CHECK: memref.view %{{.*}}[%c0][] : memref<?xi8> to memref<16xf32>
func.func @hole() {
  %a = memref.alloc() : memref<64xf32>
  %b = memref.alloc() : memref<32xf32>
  %c = memref.alloc() : memref<16xf32>
  "test.use"(%a, %b) : (memref<64xf32>, memref<32xf32>) -> ()
  "test.use"(%b, %c) : (memref<32xf32>, memref<16xf32>) -> ()
  return
}

// A buffer lives as long as any view of it.
// CHECK-LABEL: @views
// CHECK-SAME: dither.arena_fixed = 128
func.func @views() {
  %a = memref.alloc() : memref<16xf32>
  %v = memref.expand_shape %a [[0, 1]] output_shape [4, 4] : memref<16xf32> into memref<4x4xf32>
  %b = memref.alloc() : memref<16xf32>
  "test.write"(%v) : (memref<4x4xf32>) -> ()
  "test.write"(%b) : (memref<16xf32>) -> ()
  "test.read"(%v) : (memref<4x4xf32>) -> ()
  return
}

// Use inside of a loop holds a buffer for all of the loop.
// CHECK-LABEL: @loop
// CHECK-SAME: dither.arena_fixed = 128
func.func @loop(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  scf.for %i = %c0 to %n step %c1 {
    "test.read"(%a) : (memref<16xf32>) -> ()
    "test.write"(%b) : (memref<16xf32>) -> ()
  }
  return
}

// What grows with the batch lies behind what does not, at multiples of the batch: of 128 bytes for the rows of one, 64 for the other.
// REMARK: Function=batch | buffers=3, bytes=64, bytes-per-batch=192
// CHECK-LABEL: @batch
// CHECK-SAME: %[[X:.*]]: memref<?x4xf32> {dither.kind = "input"}
// CHECK-SAME: dither.arena_fixed = 64 : i64, dither.arena_per_batch = 192 : i64
// CHECK: %[[N:.*]] = memref.dim %[[X]], %c0
// CHECK: memref.view %{{.*}}[%c0][] : memref<?xi8> to memref<4xf32>
// CHECK: memref.view %{{.*}}[%c64][%[[N]]] : memref<?xi8> to memref<?x32xf32>
// CHECK: %[[STEP:.*]] = arith.muli %[[N]], %c128
// CHECK: %[[AT:.*]] = arith.addi %[[STEP]], %c64
// CHECK: memref.view %{{.*}}[%[[AT]]][%[[N]]] : memref<?xi8> to memref<?xf32>
func.func @batch(%x: memref<?x4xf32> {dither.kind = "input"}) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?x4xf32>
  %a = memref.alloc() : memref<4xf32>
  %b = memref.alloc(%n) : memref<?x32xf32>
  %c = memref.alloc(%n) : memref<?xf32>
  "test.use"(%a, %b, %c) : (memref<4xf32>, memref<?x32xf32>, memref<?xf32>) -> ()
  return
}

// No temporaries, no arena; a tensor of no elements still has a place.
// REMARK-NOT: Function=none
// CHECK-LABEL: @none
// CHECK-SAME: dither.arena_fixed = 0 : i64, dither.arena_per_batch = 0 : i64
func.func @none(%x: memref<4xf32>, %y: memref<4xf32>) {
  memref.copy %x, %y : memref<4xf32> to memref<4xf32>
  return
}

// CHECK-LABEL: @empty
// CHECK-SAME: dither.arena_fixed = 64
func.func @empty() {
  %a = memref.alloc() : memref<0x4xf32>
  "test.use"(%a) : (memref<0x4xf32>) -> ()
  return
}

// A result that was bound to an argument is no result any more.
// CHECK-LABEL: @results
// CHECK-NOT: ->
// CHECK: return{{$}}
func.func @results(%y: memref<4xf32> {dither.kind = "output"}) -> memref<4xf32> {
  return %y : memref<4xf32>
}

// CHECK-LABEL: private @external(memref<4xf32>)
func.func private @external(memref<4xf32>)

// An extent of 1 that is merged into the batch adds nothing to it.
// CHECK-LABEL: @column
// CHECK-SAME: dither.arena_fixed = 0 : i64, dither.arena_per_batch = 64 : i64
func.func @column(%x: memref<?x1xf32> {dither.kind = "input"}) {
  %c0 = arith.constant 0 : index
  %r = memref.collapse_shape %x [[0, 1]] : memref<?x1xf32> into memref<?xf32>
  %n = memref.dim %r, %c0 : memref<?xf32>
  %a = memref.alloc(%n) : memref<?xf32>
  "test.write"(%a) : (memref<?xf32>) -> ()
  return
}
