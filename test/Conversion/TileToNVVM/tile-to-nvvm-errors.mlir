// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-tile-to-nvvm))" -verify-diagnostics

!sums = !tile.registers<16x8xf32, <register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 8>>

// Layouts name one warp, the block has three.
gpu.module @kernels {
  gpu.func @three() kernel attributes {known_block_size = array<i32: 96, 1, 1>} {
    // expected-error@+1 {{is in a kernel whose block does not have the warps of its layout, a power of two}}
    %zero = tile.fill 0.0 : !sums
    gpu.return
  }
}
