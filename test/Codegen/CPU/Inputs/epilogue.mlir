dither.model @epilogue {
  dither.param @square : tensor<48x64xf32> init #dither.kaiming_uniform frozen
  dither.param @ragged : tensor<45x37xf32> init #dither.kaiming_uniform frozen
  dither.param @deep : tensor<1600x96xf32> init #dither.kaiming_uniform frozen
  dither.param @nibbles : tensor<128x96xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4, group = 32, scale = f16>}
  dither.param @kept : tensor<64x50xf32> init #dither.kaiming_uniform frozen {pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32>}
  dither.param @bytes : tensor<256x192xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 8>}
  dither.param @book : tensor<64x512xf32> init #dither.kaiming_uniform frozen {format = #dither.codebook<books = 1, index_bits = 8>}
  dither.param @filter : tensor<54x16xf32> init #dither.kaiming_uniform frozen
  dither.param @sparse_filter : tensor<54x16xf32> init #dither.kaiming_uniform frozen {pattern = #dither.unstructured<sparsity = 0.7>}
  dither.param @list : tensor<64x48xf32> init #dither.kaiming_uniform frozen {pattern = #dither.unstructured<sparsity = 0.8>}

  // Straight from the matrix.
  func.func @direct(%x: tensor<?x48xf32>, %b: tensor<64xf32>) -> tensor<?x64xf32> {
    %w = dither.read @square : tensor<48x64xf32>
    %p = dither.matmul %x, %w : tensor<?x48xf32>, tensor<48x64xf32>
    %a = dither.add %p, %b : tensor<?x64xf32>, tensor<64xf32>
    %y = dither.relu %a : tensor<?x64xf32>
    return %y : tensor<?x64xf32>
  }
  func.func @ragged_columns(%x: tensor<?x45xf32>, %b: tensor<37xf32>, %s: tensor<?x1xf32>) -> tensor<?x37xf32> {
    %w = dither.read @ragged : tensor<45x37xf32>
    %p = dither.matmul %x, %w : tensor<?x45xf32>, tensor<45x37xf32>
    %a = dither.add %p, %b : tensor<?x37xf32>, tensor<37xf32>
    %m = dither.mul %a, %s : tensor<?x37xf32>, tensor<?x1xf32>
    %y = dither.tanh %m : tensor<?x37xf32>
    return %y : tensor<?x37xf32>
  }
  // More than one block along the contraction.
  func.func @blocked(%x: tensor<70x1600xf32>, %r: tensor<70x96xf32>) -> tensor<70x96xf32> {
    %w = dither.read @deep : tensor<1600x96xf32>
    %p = dither.matmul %x, %w : tensor<70x1600xf32>, tensor<1600x96xf32>
    %y = dither.sub %r, %p : tensor<70x96xf32>, tensor<70x96xf32>
    return %y : tensor<70x96xf32>
  }
  func.func @packed(%x: tensor<?x128xf32>, %b: tensor<96xf32>) -> tensor<?x96xf32> {
    %w = dither.read @nibbles : tensor<128x96xf32>
    %p = dither.matmul %x, %w : tensor<?x128xf32>, tensor<128x96xf32>
    %a = dither.add %p, %b : tensor<?x96xf32>, tensor<96xf32>
    %y = dither.gelu %a : tensor<?x96xf32>
    return %y : tensor<?x96xf32>
  }
  func.func @pattern(%x: tensor<3x64xf32>, %b: tensor<1x50xf32>) -> tensor<3x50xf32> {
    %w = dither.read @kept : tensor<64x50xf32>
    %p = dither.matmul %x, %w : tensor<3x64xf32>, tensor<64x50xf32>
    %y = dither.mul %p, %b : tensor<3x50xf32>, tensor<1x50xf32>
    return %y : tensor<3x50xf32>
  }
  // Integers, by registers or tiles.
  func.func @integers(%x: tensor<2x256xf32>, %b: tensor<192xf32>) -> tensor<2x192xf32> {
    %w = dither.read @bytes : tensor<256x192xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<2x256xf32>
    %p = dither.matmul %q, %w : tensor<2x256xf32>, tensor<256x192xf32>
    %y = dither.add %p, %b : tensor<2x192xf32>, tensor<192xf32>
    return %y : tensor<2x192xf32>
  }
  func.func @tiles(%x: tensor<40x256xf32>, %b: tensor<192xf32>, %r: tensor<40x192xf32>) -> tensor<40x192xf32> {
    %w = dither.read @bytes : tensor<256x192xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<40x256xf32>
    %p = dither.matmul %q, %w : tensor<40x256xf32>, tensor<256x192xf32>
    %a = dither.add %p, %b : tensor<40x192xf32>, tensor<192xf32>
    %y = dither.add %a, %r : tensor<40x192xf32>, tensor<40x192xf32>
    return %y : tensor<40x192xf32>
  }
  func.func @tables(%x: tensor<1x64xf32>, %b: tensor<512xf32>) -> tensor<1x512xf32> {
    %w = dither.read @book : tensor<64x512xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<1x64xf32>
    %p = dither.matmul %q, %w : tensor<1x64xf32>, tensor<64x512xf32>
    %y = dither.add %p, %b : tensor<1x512xf32>, tensor<512xf32>
    return %y : tensor<1x512xf32>
  }
  func.func @halves(%x: tensor<17x64xbf16>, %w: tensor<64x40xbf16>, %r: tensor<17x40xf32>) -> tensor<17x40xf32> {
    %p = dither.matmul %x, %w : tensor<17x64xbf16>, tensor<64x40xbf16>
    %a = dither.cast %p : tensor<17x40xbf16> to tensor<17x40xf32>
    %y = dither.add %a, %r : tensor<17x40xf32>, tensor<17x40xf32>
    return %y : tensor<17x40xf32>
  }
  // The transpose of a matrix, as a gradient of x has it, and a mask.
  func.func @transposed(%x: tensor<?x64xf32>, %m: tensor<?x48xf32>) -> tensor<?x48xf32> {
    %w = dither.read @square : tensor<48x64xf32>
    %p = dither.matmul %x, %w {transpose_y} : tensor<?x64xf32>, tensor<48x64xf32>
    %y = dither.mul %p, %m : tensor<?x48xf32>, tensor<?x48xf32>
    return %y : tensor<?x48xf32>
  }
  func.func @listed(%x: tensor<5x64xf32>, %b: tensor<48xf32>) -> tensor<5x48xf32> {
    %w = dither.read @list : tensor<64x48xf32>
    %p = dither.matmul %x, %w : tensor<5x64xf32>, tensor<64x48xf32>
    %y = dither.add %p, %b : tensor<5x48xf32>, tensor<48xf32>
    return %y : tensor<5x48xf32>
  }
  // A convolution, whose rows are the positions of images.
  func.func @images(%x: tensor<?x5x5x6xf32>, %b: tensor<16xf32>, %r: tensor<?x5x5x16xf32>) -> tensor<?x5x5x16xf32> {
    %w = dither.read @filter : tensor<54x16xf32>
    %p = dither.conv2d %x, %w {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x5x5x6xf32>, tensor<54x16xf32>
    %a = dither.add %p, %b : tensor<?x5x5x16xf32>, tensor<16xf32>
    %s = dither.add %a, %r : tensor<?x5x5x16xf32>, tensor<?x5x5x16xf32>
    %y = dither.relu %s : tensor<?x5x5x16xf32>
    return %y : tensor<?x5x5x16xf32>
  }
  func.func @sparse_images(%x: tensor<3x5x5x6xf32>, %b: tensor<16xf32>) -> tensor<3x3x3x16xf32> {
    %w = dither.read @sparse_filter : tensor<54x16xf32>
    %p = dither.conv2d %x, %w, %b {kernel = array<i64: 3, 3>} : tensor<3x5x5x6xf32>, tensor<54x16xf32>, tensor<16xf32>
    %y = dither.relu %p : tensor<3x3x3x16xf32>
    return %y : tensor<3x3x3x16xf32>
  }
  // What the product reads is fused, too.
  func.func @residual(%x: tensor<9x48xf32>) -> tensor<9x48xf32> {
    %w = dither.read @square : tensor<48x64xf32>
    %h = dither.matmul %x, %w : tensor<9x48xf32>, tensor<48x64xf32>
    %t = dither.tanh %h : tensor<9x64xf32>
    %p = dither.matmul %t, %w {transpose_y} : tensor<9x64xf32>, tensor<48x64xf32>
    %y = dither.add %p, %x : tensor<9x48xf32>, tensor<9x48xf32>
    return %y : tensor<9x48xf32>
  }
  // Every other column is read where it lies: that is no epilogue.
  func.func @strided(%x: tensor<4x48xf32>, %r: tensor<4x128xf32>) -> tensor<4x64xf32> {
    %w = dither.read @square : tensor<48x64xf32>
    %s = dither.slice %r {offsets = array<i64: 0, 1>, sizes = array<i64: 4, 64>, strides = array<i64: 1, 2>} : tensor<4x128xf32>
    %p = dither.matmul %x, %w : tensor<4x48xf32>, tensor<48x64xf32>
    %y = dither.add %p, %s : tensor<4x64xf32>, tensor<4x64xf32>
    return %y : tensor<4x64xf32>
  }
}
