// RUN: dither-opt %s -split-input-file -verify-diagnostics

// expected-error@+1 {{the layout is not from register, lane and warp to row and column of the tile (C1)}}
func.func private @c1_registers(!tile.registers<16x8xf32, <register = [[0, 1]], lane = [[0, 2]] -> row: 16, column: 8>>)

// -----

// expected-error@+1 {{no register holds some of the elements (C2)}}
func.func private @c2_registers(!tile.registers<2x2xf32, <register = [[0, 1]], lane = [], warp = [] -> row: 2, column: 2>>)

// -----

// expected-error@+1 {{elements are neither f32 or i32, nor pairs of 16 bits or fours of i8 (C3)}}
func.func private @c3_registers(!tile.registers<1x2xf64, <register = [[0, 1]], lane = [], warp = [] -> row: 1, column: 2>>)

// -----

// expected-error@+1 {{the layout is not one to one from offset to row and column of the tile (C1)}}
func.func private @c1_shared(!tile.shared<1, 2x2xbf16, <offset = [[0, 1], [0, 1]] -> row: 2, column: 2>>)

// -----

// expected-error@+1 {{there is no stage (C2)}}
func.func private @c2_shared(!tile.shared<0, 1x2xbf16, <offset = [[0, 1]] -> row: 1, column: 2>>)

// -----

// expected-error@+1 {{consecutive elements are neither of a row nor of a column (C3)}}
func.func private @c3_shared(!tile.shared<1, 2x2xbf16, <offset = [[1, 1], [0, 1]] -> row: 2, column: 2>>)

// -----

// expected-error@+2 {{(C4) bit 0 of 'offset' has the coordinate 3 in 'column', which has the size 2}}
// expected-error@+1 {{failed to parse}}
func.func private @layout(!tile.shared<1, 2x2xbf16, <offset = [[1, 3], [0, 1]] -> row: 2, column: 2>>)

// -----

!sums = !tile.registers<16x8xf32, <register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 8>>
!a = !tile.registers<16x16xbf16, <register = [[0, 1], [8, 0], [0, 8]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 16>>
!b = !tile.registers<16x8xbf16, <register = [[1, 0], [8, 0]], lane = [[2, 0], [4, 0], [0, 1], [0, 2], [0, 4]], warp = [] -> row: 16, column: 8>>
!as = !tile.shared<3, 16x16xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [1, 0], [2, 0], [4, 8], [8, 0]] -> row: 16, column: 16>>
!bs = !tile.shared<3, 16x8xbf16, <offset = [[0, 1], [0, 2], [0, 4], [1, 0], [2, 0], [4, 0], [8, 0]] -> row: 16, column: 8>>
!half = !tile.registers<16x8xf16, <register = [[1, 0], [8, 0]], lane = [[2, 0], [4, 0], [0, 1], [0, 2], [0, 4]], warp = [] -> row: 16, column: 8>>
!other = !tile.registers<16x16xbf16, <register = [[0, 1], [0, 8], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 16>>

func.func @c1_place(%m: memref<700xbf16, #gpu.address_space<workgroup>>) {
  // expected-error@+1 {{has memory of 700}}
  %t = tile.place %m : memref<700xbf16, #gpu.address_space<workgroup>> as !as
  return
}

func.func @c1_copy(%x: memref<4x4xf16>, %t: !as, %i: index) {
  // expected-error@+1 {{copies 'f16' to 'bf16'; both are bf16, f16 or i8 (C1)}}
  tile.copy %x[%i, %i] to %t[%i] : memref<4x4xf16>, !as
  return
}

func.func @c1_write(%v: vector<4xf32>, %t: !as, %i: index) {
  // expected-error@+1 {{writes 'f32' to tiles of 'bf16' (C1)}}
  tile.write %v, %t[%i, %i, %i] : vector<4xf32>, !as
  return
}

func.func @c2_write(%v: vector<32xbf16>, %t: !as, %i: index) {
  // expected-error@+1 {{of which 8 are consecutive (C2)}}
  tile.write %v, %t[%i, %i, %i] : vector<32xbf16>, !as
  return
}

func.func @c1_load(%t: !as, %i: index) {
  // expected-error@+1 {{loads a tile of another shape or of other elements than it gives (C1)}}
  %r = tile.load %t[%i] : !as -> !b
  return
}

func.func @c1_fill() {
  // expected-error@+1 {{gives a tile of f32, or of i32 and an integer (C1)}}
  %r = tile.fill 0.0 : !a
  return
}

func.func @c1_mma(%a: !a, %b: !b, %c: !sums) {
  // expected-error@+1 {{has shapes that are not those of a product over a multiple of 16 elements (C1)}}
  %d = tile.mma %b, %b, %c : !b, !b, !sums
  return
}

func.func @c2_mma(%a: !a, %b: !half, %c: !sums) {
  // expected-error@+1 {{multiplies bf16, or f16, and adds f32, or i8 and i32 (C2)}}
  %d = tile.mma %a, %b, %c : !a, !half, !sums
  return
}

func.func @c3_mma(%a: !other, %b: !b, %c: !sums) {
  // expected-error@+1 {{has a layout that is not of the instruction's fragments (C3)}}
  %d = tile.mma %a, %b, %c : !other, !b, !sums
  return
}

func.func @c1_sparse(%a: !a, %b: !b, %c: !sums) {
  // expected-error@+1 {{has shapes that are not those of a product over 64 elements (C1)}}
  %d = tile.mma_sparse %a metadata %a, %b, %c : !a, !a, !b, !sums
  return
}

func.func @c1_for_each(%c: !sums) {
  // expected-error@+1 {{has a body whose arguments are not a row, a column and 'vector<2xf32>' (C1)}}
  tile.for_each %c : !sums {
  ^bb0(%row: index, %column: index):
  }
  return
}

// -----

// expected-error@+1 {{elements are neither f32 or i32, nor pairs of 16 bits or fours of i8 (C3)}}
func.func private @c3_registers(!tile.registers<1x2xi8, <register = [[0, 1]], lane = [], warp = [] -> row: 1, column: 2>>)

// -----

!sums = !tile.registers<16x8xi32, <register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 8>>
!floats = !tile.registers<16x8xf32, <register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 8>>
!others = !tile.registers<16x8xf32, <register = [[0, 1], [0, 4]], lane = [[0, 2], [8, 0], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 8>>
!a = !tile.registers<16x32xi8, <register = [[0, 1], [0, 2], [8, 0], [0, 16]], lane = [[0, 4], [0, 8], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 32>>
!b = !tile.registers<32x8xi8, <register = [[1, 0], [2, 0], [16, 0]], lane = [[4, 0], [8, 0], [0, 1], [0, 2], [0, 4]], warp = [] -> row: 32, column: 8>>
!narrow = !tile.registers<16x16xi8, <register = [[0, 1], [0, 2], [8, 0]], lane = [[0, 4], [0, 8], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 16>>
!low = !tile.registers<16x8xi8, <register = [[1, 0], [2, 0]], lane = [[4, 0], [8, 0], [0, 1], [0, 2], [0, 4]], warp = [] -> row: 16, column: 8>>
!words = !tile.shared<1, 32x8xi8, <offset = [[1, 0], [2, 0], [0, 1], [0, 2], [0, 4], [4, 4], [8, 0], [16, 0]] -> row: 32, column: 8>>

func.func @c1_fill() {
  // expected-error@+1 {{gives a tile of f32, or of i32 and an integer (C1)}}
  %r = tile.fill 0.5 : !sums
  return
}

func.func @c1_mma(%a: !narrow, %b: !low, %c: !sums) {
  // expected-error@+1 {{has shapes that are not those of a product over a multiple of 32 elements (C1)}}
  %d = tile.mma %a, %b, %c : !narrow, !low, !sums
  return
}

func.func @c2_mma(%a: !a, %b: !b, %c: !floats) {
  // expected-error@+1 {{multiplies bf16, or f16, and adds f32, or i8 and i32 (C2)}}
  %d = tile.mma %a, %b, %c : !a, !b, !floats
  return
}

// Of eight columns, words of other rows exchange the halves.
func.func @c2_write(%v: vector<32xi8>, %t: !words, %i: index) {
  // expected-error@+1 {{writes 32 elements, of which 4 are consecutive (C2)}}
  tile.write %v, %t[%i, %i, %i] : vector<32xi8>, !words
  return
}

func.func @c1_combine(%a: !floats, %b: !sums) {
  // expected-error@+1 {{has a body that does not make 'vector<2xf32>' of a row, a column, 'vector<2xf32>' and 'vector<2xi32>' (C1)}}
  %d = tile.combine %a, %b : !floats, !sums {
  ^bb0(%row: index, %column: index, %as: vector<2xf32>, %bs: vector<2xi32>):
    tile.yield %bs : vector<2xi32>
  }
  return
}

func.func @c2_combine(%a: !others, %b: !sums) {
  // expected-error@+1 {{is of tiles that have not one layout, of elements of f32 or i32 whose columns are side by side in pairs of registers (C2)}}
  %d = tile.combine %a, %b : !others, !sums {
  ^bb0(%row: index, %column: index, %as: vector<2xf32>, %bs: vector<2xi32>):
    tile.yield %as : vector<2xf32>
  }
  return
}
