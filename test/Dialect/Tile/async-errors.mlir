// RUN: dither-opt %s -split-input-file -verify-diagnostics

// expected-error@+1 {{rows of 64 bytes do not have a swizzle of 128 bytes (C1)}}
func.func private @c1_map(!tile.map<64x32xbf16, 128>)

// -----

// expected-error@+1 {{rows of 256 bytes do not have a swizzle of 256 bytes (C1)}}
func.func private @c1_map(!tile.map<64x128xbf16, 256>)

// -----

// expected-error@+1 {{the box does not have 1 to 256 rows and columns (C2)}}
func.func private @c2_map(!tile.map<512x64xbf16, 128>)

// -----

// expected-error@+1 {{elements of 'f64' have not 8, 16 or 32 bits (C3)}}
func.func private @c3_map(!tile.map<64x16xf64, 128>)

// -----

!shared = memref<4xi64, #gpu.address_space<workgroup>>

func.func @c1_role() {
  // expected-error@+1 {{gives 40 registers to warps 0 to 2; groups of four have 24 to 256, a multiple of 8 (C1)}}
  tile.role first 0 warps 3 registers 40 {
  }
  return
}

func.func @c1_role_count() {
  // expected-error@+1 {{gives 36 registers to warps 4 to 7; groups of four have 24 to 256, a multiple of 8 (C1)}}
  tile.role first 4 warps 4 registers 36 {
  }
  return
}

func.func @c2_role() {
  tile.role first 0 warps 4 {
    // expected-error@+1 {{is in another role (C2)}}
    tile.role first 0 warps 1 {
    }
  }
  return
}

func.func @c3_role() {
  // expected-error@+1 {{is of 0 warps from warp 4 on; it wants one at least, from 0 on (C3)}}
  tile.role first 4 warps 0 {
  }
  return
}

func.func @c1_init_barriers(%m: memref<4xi64>) {
  // expected-error@+1 {{has barriers that are not in memory of the workgroup whose extent is known (C1)}}
  tile.init_barriers %m, 1 : memref<4xi64>
  return
}

func.func @c1_init_barriers_extent(%m: memref<?xi64, #gpu.address_space<workgroup>>) {
  // expected-error@+1 {{has barriers that are not in memory of the workgroup whose extent is known (C1)}}
  tile.init_barriers %m, 1 : memref<?xi64, #gpu.address_space<workgroup>>
  return
}

func.func @c2_init_barriers(%m: !shared) {
  // expected-error@+1 {{waits for 1048576 to arrive, of 1 to 2^20 - 1 (C2)}}
  tile.init_barriers %m, 1048576 : !shared
  return
}

func.func @c2_init_barriers_none(%m: !shared) {
  // expected-error@+1 {{waits for 0 to arrive, of 1 to 2^20 - 1 (C2)}}
  tile.init_barriers %m, 0 : !shared
  return
}

func.func @c3_init_barriers(%m: !shared) {
  tile.role first 0 warps 4 {
    // expected-error@+1 {{is in a role, and all threads run it (C3)}}
    tile.init_barriers %m, 1 : !shared
  }
  return
}

func.func @c1_arrive(%m: memref<4xi64>, %i: index) {
  // expected-error@+1 {{has barriers that are not in memory of the workgroup whose extent is known (C1)}}
  tile.arrive %m[%i] : memref<4xi64>
  return
}

func.func @c1_arrive_number(%m: !shared) {
  %four = arith.constant 4 : index
  // expected-error@+1 {{names barrier 4 of 4 (C1)}}
  tile.arrive %m[%four] : !shared
  return
}

func.func @c1_expect(%m: !shared) {
  %four = arith.constant 4 : index
  // expected-error@+1 {{names barrier 4 of 4 (C1)}}
  tile.expect %m[%four], 128 : !shared
  return
}

func.func @c2_expect(%m: !shared, %i: index) {
  // expected-error@+1 {{waits for 1048576 bytes, of 1 to 2^20 - 1 (C2)}}
  tile.expect %m[%i], 1048576 : !shared
  return
}

func.func @c1_wait(%m: !shared, %i: index) {
  %negative = arith.constant -1 : index
  // expected-error@+1 {{names barrier -1 of 4 (C1)}}
  tile.wait %m[%negative] phase %i : !shared
  return
}

func.func @c2_wait(%m: !shared, %i: index) {
  %early = arith.constant -2 : index
  // expected-error@+1 {{waits for phase -2, of -1 and those behind it (C2)}}
  tile.wait %m[%i] phase %early : !shared
  return
}

func.func @c1_describe(%x: memref<64x64xf16>) {
  // expected-error@+1 {{describes 'f16' as 'bf16' (C1)}}
  %map = tile.describe %x : memref<64x64xf16> as !tile.map<64x64xbf16, 128>
  return
}

func.func @c2_describe(%x: memref<64x60xbf16>) {
  // expected-error@+1 {{describes a matrix of which not all rows are known to begin at multiples of 16 bytes (C2)}}
  %map = tile.describe %x : memref<64x60xbf16> as !tile.map<64x64xbf16, 128>
  return
}

func.func @c2_describe_columns(%x: memref<64x64xbf16, strided<[128, 2]>>) {
  // expected-error@+1 {{describes a matrix of which not all rows are known to begin at multiples of 16 bytes (C2)}}
  %map = tile.describe %x : memref<64x64xbf16, strided<[128, 2]>> as !tile.map<64x64xbf16, 128>
  return
}

func.func @c2_describe_rows(%x: memref<64x?xbf16>) {
  // expected-error@+1 {{describes a matrix of which not all rows are known to begin at multiples of 16 bytes (C2)}}
  %map = tile.describe %x : memref<64x?xbf16> as !tile.map<64x64xbf16, 128>
  return
}

func.func @c2_describe_offset(%x: memref<64x64xbf16, strided<[64, 1], offset: 4>>) {
  // expected-error@+1 {{describes a matrix of which not all rows are known to begin at multiples of 16 bytes (C2)}}
  %map = tile.describe %x : memref<64x64xbf16, strided<[64, 1], offset: 4>> as !tile.map<64x64xbf16, 128>
  return
}

// -----

!a = !tile.shared<4, 64x64xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [0, 32], [1, 8], [2, 16], [4, 32], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 64>>
!plain = !tile.shared<4, 64x64xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [0, 32], [1, 0], [2, 0], [4, 0], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 64>>
!barriers = memref<2xi64, #gpu.address_space<workgroup>>

func.func @c1_fetch(%map: !tile.map<64x64xbf16, 128>, %tiles: !plain, %full: !barriers, %i: index) {
  // expected-error@+1 {{fetches to tiles whose layout TMA does not write: the layout is not one of panels that TMA writes (C1)}}
  tile.fetch %map[%i, %i] to %tiles[%i] signals %full[%i] : !tile.map<64x64xbf16, 128>, !plain, !barriers
  return
}

func.func @c1_fetch_box(%map: !tile.map<32x64xbf16, 128>, %tiles: !a, %full: !barriers, %i: index) {
  // expected-error@+1 {{to tiles that have boxes of 64x64 'bf16' with a swizzle of 128 bytes (C1)}}
  tile.fetch %map[%i, %i] to %tiles[%i] signals %full[%i] : !tile.map<32x64xbf16, 128>, !a, !barriers
  return
}

func.func @c1_fetch_elements(%map: !tile.map<64x64xf16, 128>, %tiles: !a, %full: !barriers, %i: index) {
  // expected-error@+1 {{to tiles that have boxes of 64x64 'bf16' with a swizzle of 128 bytes (C1)}}
  tile.fetch %map[%i, %i] to %tiles[%i] signals %full[%i] : !tile.map<64x64xf16, 128>, !a, !barriers
  return
}

func.func @c2_fetch(%map: !tile.map<64x64xbf16, 128>, %tiles: !a, %full: !barriers, %i: index) {
  %four = arith.constant 4 : index
  // expected-error@+1 {{names stage 4 of 4 (C2)}}
  tile.fetch %map[%i, %i] to %tiles[%four] signals %full[%i] : !tile.map<64x64xbf16, 128>, !a, !barriers
  return
}

func.func @c3_fetch(%map: !tile.map<64x64xbf16, 128>, %tiles: !a, %full: !barriers, %i: index) {
  %three = arith.constant 3 : index
  // expected-error@+1 {{names barrier 3 of 2 (C3)}}
  tile.fetch %map[%i, %i] to %tiles[%three] signals %full[%three] : !tile.map<64x64xbf16, 128>, !a, !barriers
  return
}

// -----

!a = !tile.shared<4, 64x64xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [0, 32], [1, 8], [2, 16], [4, 32], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 64>>
!a_half = !tile.shared<4, 64x64xf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [0, 32], [1, 8], [2, 16], [4, 32], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 64>>
!plain = !tile.shared<4, 64x64xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [0, 32], [1, 0], [2, 0], [4, 0], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 64>>
!sparse = !tile.shared<4, 64x32xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [1, 0], [2, 8], [4, 16], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 32>>
!b = !tile.shared<4, 64x16xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [1, 0], [2, 0], [4, 8], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 16>>
!sums = !tile.registers<64x16xf32, <register = [[0, 1], [8, 0], [0, 8]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 16>>
!other = !tile.registers<64x16xf32, <register = [[0, 1], [0, 8], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 16>>
!one_warp = !tile.registers<64x16xf32, <register = [[0, 1], [8, 0], [0, 8], [16, 0], [32, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 64, column: 16>>
!exchanged = !tile.registers<4x64xi16, <register = [[0, 32]], lane = [[0, 16], [0, 8], [0, 1], [0, 2], [0, 4]], warp = [[1, 0], [2, 0]] -> row: 4, column: 64>>

func.func @c1_group_mma(%a: !a, %b: !b, %c: !sums, %i: index) {
  // expected-error@+1 {{has shapes that are not those of a product over a multiple of 16 elements (C1)}}
  %d = tile.group_mma %b[%i], %b[%i], %c : !b, !b, !sums
  return
}

func.func @c2_group_mma(%a: !a_half, %b: !b, %c: !sums, %i: index) {
  // expected-error@+1 {{multiplies bf16, or f16, and adds f32, or i8 and i32 without metadata (C2)}}
  %d = tile.group_mma %a[%i], %b[%i], %c : !a_half, !b, !sums
  return
}

func.func @c3_group_mma(%a: !plain, %b: !b, %c: !sums, %i: index) {
  // expected-error@+1 {{has tiles that wgmma does not read: the layout is not one of panels that TMA writes (C3)}}
  %d = tile.group_mma %a[%i], %b[%i], %c : !plain, !b, !sums
  return
}

func.func @c4_group_mma(%a: !a, %b: !b, %c: !other, %i: index) {
  // expected-error@+1 {{has a layout that is not of the instruction's accumulators (C4)}}
  %d = tile.group_mma %a[%i], %b[%i], %c : !a, !b, !other
  return
}

func.func @c4_group_mma_warps(%a: !a, %b: !b, %c: !one_warp, %i: index) {
  // expected-error@+1 {{has a layout that is not of the instruction's accumulators (C4)}}
  %d = tile.group_mma %a[%i], %b[%i], %c : !a, !b, !one_warp
  return
}

func.func @c5_group_mma(%a: !sparse, %m: !exchanged, %b: !b, %c: !sums, %i: index) {
  // expected-error@+1 {{has metadata that are not those of 64 elements in their layout (C5)}}
  %d = tile.group_mma %a[%i] metadata %m : !exchanged, %b[%i], %c : !sparse, !b, !sums
  return
}

func.func @c6_group_mma_a(%a: !a, %b: !b, %c: !sums, %i: index) {
  %four = arith.constant 4 : index
  // expected-error@+1 {{names stage 4 of 4 (C6)}}
  %d = tile.group_mma %a[%four], %b[%i], %c : !a, !b, !sums
  return
}

func.func @c6_group_mma_b(%a: !a, %b: !b, %c: !sums, %i: index) {
  %four = arith.constant 4 : index
  // expected-error@+1 {{names stage 4 of 4 (C6)}}
  %d = tile.group_mma %a[%i], %b[%four], %c : !a, !b, !sums
  return
}

func.func @c1_group_wait(%c: !sums) {
  // expected-error@+1 {{leaves 8 products, of 0 to 7 (C1)}}
  %d = tile.group_wait %c pending 8 : !sums
  return
}

// -----

// Groups of 128 rows have metadata of two instructions, which no layout of one register has.
!sparse = !tile.shared<4, 128x32xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [1, 0], [2, 8], [4, 16], [8, 0], [16, 0], [32, 0], [64, 0]] -> row: 128, column: 32>>
!b = !tile.shared<4, 64x16xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [1, 0], [2, 0], [4, 8], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 16>>
!sums = !tile.registers<128x16xf32, <register = [[0, 1], [8, 0], [0, 8], [64, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 128, column: 16>>
!positions = !tile.registers<8x64xi16, <register = [[0, 1], [1, 0]], lane = [[0, 2], [0, 4], [0, 8], [0, 16], [0, 32]], warp = [[2, 0], [4, 0]] -> row: 8, column: 64>>

func.func @c5_group_mma_rows(%a: !sparse, %m: !positions, %b: !b, %c: !sums, %i: index) {
  // expected-error@+1 {{has metadata that are not those of 64 elements in their layout (C5)}}
  %d = tile.group_mma %a[%i] metadata %m : !positions, %b[%i], %c : !sparse, !b, !sums
  return
}

// -----

func.func @c1_wgmma(%m: i64, %c: f32) {
  // expected-error@+1 {{has 2 sums and 2 results for n 8 (C1)}}
  %d:2 = tile.wgmma bf16 n 8 k 16 a() matrix %m b %m sums(%c, %c) {transposedA = false, transposedB = false} : (i64, i64, f32, f32) -> (f32, f32)
  return
}

func.func @c2_wgmma(%m: i64, %r: i32, %c: f32) {
  // expected-error@+1 {{has neither four registers nor a matrix alone (C2)}}
  %d:4 = tile.wgmma bf16 n 8 k 16 a(%r, %r, %r, %r) matrix %m b %m sums(%c, %c, %c, %c) {transposedA = false, transposedB = false}
    : (i32, i32, i32, i32, i64, i64, f32, f32, f32, f32) -> (f32, f32, f32, f32)
  return
}

func.func @c2_wgmma_transposed(%m: i64, %r: i32, %c: f32) {
  // expected-error@+1 {{has neither four registers nor a matrix alone (C2)}}
  %d:4 = tile.wgmma bf16 n 8 k 16 a(%r, %r, %r, %r) b %m sums(%c, %c, %c, %c) {transposedA = true, transposedB = false}
    : (i32, i32, i32, i32, i64, f32, f32, f32, f32) -> (f32, f32, f32, f32)
  return
}

func.func @c3_wgmma(%m: i64, %c: f32) {
  // expected-error@+1 {{has k 32 and selector 0 without metadata (C3)}}
  %d:4 = tile.wgmma bf16 n 8 k 32 a() matrix %m b %m sums(%c, %c, %c, %c) {transposedA = false, transposedB = false}
    : (i64, i64, f32, f32, f32, f32) -> (f32, f32, f32, f32)
  return
}

func.func @c3_wgmma_selector(%m: i64, %r: i32, %c: f32) {
  // expected-error@+1 {{has k 32 and selector 2 with metadata (C3)}}
  %d:4 = tile.wgmma bf16 n 8 k 32 a() matrix %m b %m metadata %r sums(%c, %c, %c, %c) {selector = 2 : i64, transposedA = false, transposedB = false}
    : (i64, i64, i32, f32, f32, f32, f32) -> (f32, f32, f32, f32)
  return
}

func.func @c4_wgmma(%m: i64, %c: f32) {
  // expected-error@+1 {{has n 4, of multiples of 8 from 8 to 256, for bytes of 16 above 32 (C4)}}
  %d:2 = tile.wgmma bf16 n 4 k 16 a() matrix %m b %m sums(%c, %c) {transposedA = false, transposedB = false} : (i64, i64, f32, f32) -> (f32, f32)
  return
}

func.func @c5_wgmma(%m: i64, %c: f32) {
  // expected-error@+1 {{multiplies 'f32', of bf16, f16 and i8 (C5)}}
  %d:4 = tile.wgmma f32 n 8 k 16 a() matrix %m b %m sums(%c, %c, %c, %c) {transposedA = false, transposedB = false}
    : (i64, i64, f32, f32, f32, f32) -> (f32, f32, f32, f32)
  return
}

func.func @c1_wgmma_wait(%c: f32) {
  // expected-error@+1 {{leaves 8 products, of 0 to 7 (C1)}}
  %d = tile.wgmma_wait 8, %c : f32
  return
}

// -----

!held = !tile.registers<64x64xbf16, <register = [[0, 1], [8, 0], [0, 8], [0, 16], [0, 32]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 64>>
!skewed = !tile.registers<64x64xbf16, <register = [[0, 1], [8, 0], [0, 8], [0, 16], [0, 48]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 64>>
!b = !tile.shared<4, 64x16xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [1, 0], [2, 0], [4, 8], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 16>>
!b_half = !tile.shared<4, 64x16xf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [1, 0], [2, 0], [4, 8], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 16>>
!short = !tile.shared<4, 32x16xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [1, 0], [2, 0], [4, 8], [8, 0], [16, 0]] -> row: 32, column: 16>>
!plain = !tile.shared<4, 64x16xbf16, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [1, 0], [2, 0], [4, 0], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 16>>
!sums = !tile.registers<64x16xf32, <register = [[0, 1], [8, 0], [0, 8]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 16>>
!other = !tile.registers<64x16xf32, <register = [[0, 1], [0, 8], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 16>>

func.func @c1_assemble(%values: vector<16xbf16>) {
  // expected-error@+1 {{assembles 'vector<16xbf16>' where a thread has 32 'bf16' (C1)}}
  %a = tile.assemble %values : vector<16xbf16> -> !held
  return
}

func.func @c1_assemble_elements(%values: vector<32xf16>) {
  // expected-error@+1 {{assembles 'vector<32xf16>' where a thread has 32 'bf16' (C1)}}
  %a = tile.assemble %values : vector<32xf16> -> !held
  return
}

func.func @c1_group_mma_registers(%a: !held, %b: !short, %c: !sums, %i: index) {
  // expected-error@+1 {{has shapes that are not those of a product over a multiple of 16 elements (C1)}}
  %d = tile.group_mma_registers %a, %b[%i], %c : !held, !short, !sums
  return
}

func.func @c2_group_mma_registers(%a: !held, %b: !b_half, %c: !sums, %i: index) {
  // expected-error@+1 {{multiplies bf16, or f16, and adds f32 (C2)}}
  %d = tile.group_mma_registers %a, %b[%i], %c : !held, !b_half, !sums
  return
}

func.func @c3_group_mma_registers(%a: !held, %b: !plain, %c: !sums, %i: index) {
  // expected-error@+1 {{has operands that wgmma does not read: the layout is not one of panels that TMA writes (C3)}}
  %d = tile.group_mma_registers %a, %b[%i], %c : !held, !plain, !sums
  return
}

func.func @c3_group_mma_registers_order(%a: !skewed, %b: !b, %c: !sums, %i: index) {
  // expected-error@+1 {{has operands that wgmma does not read: registers do not hold rows and steps of the contraction as those of the instruction, in any order of their bits (C3)}}
  %d = tile.group_mma_registers %a, %b[%i], %c : !skewed, !b, !sums
  return
}

func.func @c4_group_mma_registers(%a: !held, %b: !b, %c: !other, %i: index) {
  // expected-error@+1 {{has a layout that is not of the instruction's accumulators (C4)}}
  %d = tile.group_mma_registers %a, %b[%i], %c : !held, !b, !other
  return
}

func.func @c5_group_mma_registers(%a: !held, %b: !b, %c: !sums) {
  %four = arith.constant 4 : index
  // expected-error@+1 {{names stage 4 of 4 (C5)}}
  %d = tile.group_mma_registers %a, %b[%four], %c : !held, !b, !sums
  return
}

// -----

// Bytes.
!a = !tile.shared<4, 64x32xi8, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [1, 0], [2, 0], [4, 16], [8, 0], [16, 0], [32, 0]] -> row: 64, column: 32>>
!b = !tile.shared<4, 32x16xi8, <offset = [[1, 0], [2, 0], [4, 0], [8, 0], [16, 0], [0, 1], [0, 2], [16, 4], [0, 8]] -> row: 32, column: 16>>
!rows = !tile.shared<4, 32x32xi8, <offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [1, 0], [2, 0], [4, 16], [8, 0], [16, 0]] -> row: 32, column: 32>>
!wide = !tile.registers<64x32xi32, <register = [[0, 1], [8, 0], [0, 8], [0, 16]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 32>>
!sums = !tile.registers<64x16xf32, <register = [[0, 1], [8, 0], [0, 8]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 16>>

func.func @c2_group_mma(%a: !a, %b: !b, %c: !sums, %i: index) {
  // expected-error@+1 {{multiplies bf16, or f16, and adds f32, or i8 and i32 without metadata (C2)}}
  %d = tile.group_mma %a[%i], %b[%i], %c : !a, !b, !sums
  return
}

func.func @c3_group_mma(%a: !a, %b: !rows, %c: !wide, %i: index) {
  // expected-error@+1 {{has tiles that wgmma does not read: only of 16 bits may elements be side by side that do not lie along the contraction (C3)}}
  %d = tile.group_mma %a[%i], %b[%i], %c : !a, !rows, !wide
  return
}

func.func @c1_wgmma(%m: i64, %c: f32) {
  // expected-error@+1 {{has 4 sums and 4 results for n 8 (C1)}}
  %d:4 = tile.wgmma i8 n 8 k 32 a() matrix %m b %m sums(%c, %c, %c, %c) {transposedA = false, transposedB = false}
    : (i64, i64, f32, f32, f32, f32) -> (f32, f32, f32, f32)
  return
}

func.func @c3_wgmma(%m: i64, %c: i32) {
  // expected-error@+1 {{has metadata of bytes, or transposes them (C3)}}
  %d:4 = tile.wgmma i8 n 8 k 32 a() matrix %m b %m sums(%c, %c, %c, %c) {transposedA = false, transposedB = true}
    : (i64, i64, i32, i32, i32, i32) -> (i32, i32, i32, i32)
  return
}

func.func @c3_wgmma_depth(%m: i64, %c: i32) {
  // expected-error@+1 {{has k 16 and selector 0 without metadata (C3)}}
  %d:4 = tile.wgmma i8 n 8 k 16 a() matrix %m b %m sums(%c, %c, %c, %c) {transposedA = false, transposedB = false}
    : (i64, i64, i32, i32, i32, i32) -> (i32, i32, i32, i32)
  return
}

func.func @c4_wgmma(%m: i64, %c: i32) {
  // expected-error@+1 {{has n 40, of multiples of 8 from 8 to 256, for bytes of 16 above 32 (C4)}}
  %d:20 = tile.wgmma i8 n 40 k 32 a() matrix %m b %m sums(%c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c)
    {transposedA = false, transposedB = false}
    : (i64, i64, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32)
    -> (i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32)
  return
}
