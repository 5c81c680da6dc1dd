// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-tile-to-nvvm))" -split-input-file -verify-diagnostics

!sums = !tile.registers<16x8xf32, <register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 8>>

// Layouts name one warp, the block has three.
gpu.module @kernels {
  gpu.func @three() kernel attributes {known_block_size = array<i32: 96, 1, 1>} {
    // expected-error@+1 {{is in a kernel whose block does not have the warps of its layout, a power of two}}
    %zero = tile.fill 0.0 : !sums
    gpu.return
  }
}

// -----

gpu.module @kernels {
  gpu.func @beyond() kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
    // expected-error@+1 {{is of warps that the block of its kernel is not known to have}}
    tile.role first 4 warps 8 registers 232 {
    }
    gpu.return
  }
}

// -----

gpu.module @kernels {
  gpu.func @unknown() kernel {
    // expected-error@+1 {{is of warps that the block of its kernel is not known to have}}
    tile.role first 0 warps 4 registers 40 {
    }
    gpu.return
  }
}

// -----

!sums = !tile.registers<64x8xf32, <register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]] -> row: 64, column: 8>>

// The layout names four warps, the role has eight, as the block.
gpu.module @kernels {
  gpu.func @role() kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
    tile.role first 0 warps 8 {
      // expected-error@+1 {{is in a kernel whose block does not have the warps of its layout, a power of two}}
      %zero = tile.fill 0.0 : !sums
    }
    gpu.return
  }
}
