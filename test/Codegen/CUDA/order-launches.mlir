// RUN: dither-opt %s --dither-order-launches | FileCheck %s
// RUN: dither-opt %s --dither-order-launches --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// The arena is written at bytes 0 to 255 and 256 to 511, which nothing orders; a reader of both follows both. A launch that follows them by way of
// another does not say so.
// REMARK: Function=places | depth=4, launches=5, orders=4
// CHECK-LABEL: @places
// CHECK: gpu.launch
// CHECK: } {dither.after = array<i32>}
// CHECK: gpu.launch
// CHECK: } {dither.after = array<i32>}
// CHECK: gpu.launch
// CHECK: } {dither.after = array<i32: 1, 2>}
// It writes the last bytes of the first buffer.
// CHECK: gpu.launch
// CHECK: } {dither.after = array<i32: 1>}
// It reads them.
// CHECK: gpu.launch
// CHECK: } {dither.after = array<i32: 1>}
func.func @places(%arena: memref<?xi8> {dither.kind = "arena"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c192 = arith.constant 192 : index
  %c256 = arith.constant 256 : index
  %zero = arith.constant 0.0 : f32
  %x = memref.view %arena[%c0][] : memref<?xi8> to memref<64xf32>
  %y = memref.view %arena[%c256][] : memref<?xi8> to memref<64xf32>
  %z = memref.view %arena[%c192][] : memref<?xi8> to memref<16xf32>
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %zero, %x[%t0] : memref<64xf32>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %zero, %y[%t0] : memref<64xf32>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    %a = memref.load %x[%t0] : memref<64xf32>
    memref.store %a, %y[%t0] : memref<64xf32>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %zero, %z[%t0] : memref<16xf32>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    %a = memref.load %z[%t0] : memref<16xf32>
    gpu.terminator
  }
  return
}

// Places grow with the batch: behind 128 bytes there are 256 for each of its elements, then 512.
// CHECK-LABEL: @batch
// CHECK: } {dither.after = array<i32>}
// CHECK: } {dither.after = array<i32>}
// CHECK: } {dither.after = array<i32>}
// A view of all 768.
// CHECK: } {dither.after = array<i32: 1, 2>}
func.func @batch(%in: memref<?x64xf32>, %arena: memref<?xi8> {dither.kind = "arena"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  %c256 = arith.constant 256 : index
  %zero = arith.constant 0.0 : f32
  %n = memref.dim %in, %c0 : memref<?x64xf32>
  %first = arith.muli %n, %c0 : index
  %second = arith.muli %n, %c256 : index
  %behind = arith.addi %c128, %first : index
  %further = arith.addi %c128, %second : index
  %fixed = memref.view %arena[%c64][] : memref<?xi8> to memref<16xf32>
  %x = memref.view %arena[%behind][%n] : memref<?xi8> to memref<?x64xf32>
  %y = memref.view %arena[%further][%n] : memref<?xi8> to memref<?x128xf32>
  %all = memref.view %arena[%behind][%n] : memref<?xi8> to memref<?x192xf32>
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %zero, %fixed[%t0] : memref<16xf32>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %zero, %x[%t0, %t0] : memref<?x64xf32>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %zero, %y[%t0, %t0] : memref<?x128xf32>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    %a = memref.load %all[%t0, %t0] : memref<?x192xf32>
    gpu.terminator
  }
  return
}

// At an offset that nobody knows a view may be anywhere in the arena, and a fixed one may reach into what grows.
// CHECK-LABEL: @unknown
// CHECK: } {dither.after = array<i32>}
// CHECK: } {dither.after = array<i32: 1>}
// CHECK: } {dither.after = array<i32: 1>}
func.func @unknown(%n: index, %arena: memref<?xi8> {dither.kind = "arena"}) {
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  %zero = arith.constant 0.0 : f32
  %step = arith.muli %n, %c64 : index
  %behind = arith.addi %c64, %step : index
  %fixed = memref.view %arena[%c128][] : memref<?xi8> to memref<16xf32>
  %grows = memref.view %arena[%behind][%n] : memref<?xi8> to memref<?xf32>
  %where = memref.view %arena[%n][] : memref<?xi8> to memref<f32>
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %zero, %fixed[%t0] : memref<16xf32>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %zero, %grows[%t0] : memref<?xf32>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %zero, %where[] : memref<f32>
    gpu.terminator
  }
  return
}

// Arguments are apart from each other and from the arena. Readers of one are not ordered; who writes to it follows them all. Views of it are it.
// CHECK-LABEL: @arguments
// CHECK: } {dither.after = array<i32>}
// CHECK: } {dither.after = array<i32>}
// CHECK: } {dither.after = array<i32: 1, 2>}
// Only its extent is used.
// CHECK: } {dither.after = array<i32>}
func.func @arguments(%x: memref<?x4xf32>, %y: memref<?x4xf32>, %z: memref<?x4xf32>, %arena: memref<?xi8> {dither.kind = "arena"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %row = memref.subview %x[%c1, 0] [1, 4] [1, 1] : memref<?x4xf32> to memref<4xf32, strided<[1], offset: ?>>
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    %a = vector.load %row[%t0] : memref<4xf32, strided<[1], offset: ?>>, vector<4xf32>
    vector.store %a, %y[%t0, %c0] : memref<?x4xf32>, vector<4xf32>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    %inner = memref.subview %x[%t0, 0] [1, 4] [1, 1] : memref<?x4xf32> to memref<4xf32, strided<[1], offset: ?>>
    %a = memref.load %inner[%t0] : memref<4xf32, strided<[1], offset: ?>>
    memref.store %a, %z[%t0, %t0] : memref<?x4xf32>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %zero, %x[%t0, %t0] : memref<?x4xf32>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    %n = memref.dim %x, %c0 : memref<?x4xf32>
    %inside = arith.cmpi ult, %t0, %n : index
    gpu.terminator
  }
  return
}

// What no rule knows, writes. So does what changes a number.
// CHECK-LABEL: @writes
// CHECK: } {dither.after = array<i32>}
// CHECK: } {dither.after = array<i32: 1>}
// CHECK: } {dither.after = array<i32: 1>}
// CHECK: } {dither.after = array<i32: 1>}
// CHECK: } {dither.after = array<i32: 1>}
func.func @writes(%x: memref<4xf32>, %y: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    %a = memref.load %x[%t0] : memref<4xf32>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    %a = memref.atomic_rmw addf %zero, %x[%t0] : (f32, memref<4xf32>) -> f32
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    %address = memref.extract_aligned_pointer_as_index %x : memref<4xf32> -> index
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    %last = scf.for %i = %c0 to %t0 step %c1 iter_args(%each = %x) -> memref<4xf32> {
      scf.yield %each : memref<4xf32>
    }
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    %one = arith.cmpi ult, %t0, %c1 : index
    %either = arith.select %one, %x, %y : memref<4xf32>
    memref.store %zero, %either[%c0] : memref<4xf32>
    gpu.terminator
  }
  return
}

// A loop of the host launches any number of times: what is in it follows all, and so does the first one behind it. Others are told apart.
// REMARK: Function=loop | depth=2, launches=2, orders=0
// CHECK-LABEL: @loop
// CHECK: gpu.launch
// CHECK: } {dither.after = array<i32>}
// CHECK: scf.for
// CHECK: gpu.launch
// CHECK: gpu.terminator
// CHECK-NEXT: }{{$}}
// CHECK: gpu.launch
// CHECK: gpu.terminator
// CHECK-NEXT: }{{$}}
// CHECK: gpu.launch
// CHECK: } {dither.after = array<i32>}
func.func @loop(%n: index, %x: memref<4xf32>, %y: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %zero, %x[%t0] : memref<4xf32>
    gpu.terminator
  }
  scf.for %i = %c0 to %n step %c1 {
    gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
      memref.store %zero, %x[%t0] : memref<4xf32>
      gpu.terminator
    }
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %zero, %y[%t0] : memref<4xf32>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %zero, %x[%t0] : memref<4xf32>
    gpu.terminator
  }
  return
}

// What tiles are copied from is read.
#shared = #tile.linear<offset = [[0, 1], [0, 2], [0, 4], [1, 0], [2, 0], [4, 0]] -> row: 8, column: 8>
// CHECK-LABEL: @tiles
// CHECK: } {dither.after = array<i32>}
// CHECK: } {dither.after = array<i32>}
// CHECK: } {dither.after = array<i32: 1, 2>}
func.func @tiles(%x: memref<8x64xbf16>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : bf16
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1)
      workgroup(%memory : memref<64xbf16, #gpu.address_space<workgroup>>) {
    %tiles = tile.place %memory : memref<64xbf16, #gpu.address_space<workgroup>> as !tile.shared<1, 8x8xbf16, #shared>
    tile.copy %x[%c0, %c0] to %tiles[%c0] : memref<8x64xbf16>, !tile.shared<1, 8x8xbf16, #shared>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1)
      workgroup(%memory : memref<64xbf16, #gpu.address_space<workgroup>>) {
    %tiles = tile.place %memory : memref<64xbf16, #gpu.address_space<workgroup>> as !tile.shared<1, 8x8xbf16, #shared>
    tile.copy %x[%c0, %c0] to %tiles[%c0] : memref<8x64xbf16>, !tile.shared<1, 8x8xbf16, #shared>
    gpu.terminator
  }
  gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
    memref.store %zero, %x[%t0, %t0] : memref<8x64xbf16>
    gpu.terminator
  }
  return
}
