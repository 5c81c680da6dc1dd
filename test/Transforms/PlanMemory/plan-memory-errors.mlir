// RUN: dither-opt %s --dither-plan-memory --verify-diagnostics --split-input-file

func.func @leaves(%n: index, %x: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%carried = %x) -> memref<4xf32> {
    // expected-error @+1 {{temporary 'memref<4xf32>' leaves its region, where its lifetime would be known}}
    %a = memref.alloc() : memref<4xf32>
    scf.yield %a : memref<4xf32>
  }
  return
}

// -----

func.func @parallel(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    // expected-error @+1 {{temporary 'memref<4xf32>' is in a parallel loop, whose iterations would share it}}
    %a = memref.alloc() : memref<4xf32>
  }
  return
}

// -----

func.func @square(%n: index) {
  // expected-error @+1 {{temporary 'memref<?x?xf32>' has more than one dynamic extent; the batch is the only one}}
  %a = memref.alloc(%n, %n) : memref<?x?xf32>
  return
}

// -----

func.func @rows(%x: memref<?x4x3xf32> {dither.kind = "input"}) {
  %c0 = arith.constant 0 : index
  %r = memref.collapse_shape %x [[0, 1], [2]] : memref<?x4x3xf32> into memref<?x3xf32>
  %n = memref.dim %r, %c0 : memref<?x3xf32>
  // expected-error @+1 {{temporary 'memref<?xf32>' grows with more than the batch}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

func.func @unknown(%n: index) {
  // expected-error @+1 {{temporary 'memref<?xf32>' grows with the batch, which no argument of a `dither.kind` tells}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

// expected-error @+1 {{needs a body of one block}}
func.func @branches(%c: i1) {
  cf.cond_br %c, ^a, ^b
^a:
  return
^b:
  return
}
