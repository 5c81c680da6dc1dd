// A function for each kind of kernel.
dither.model @kinds {
  dither.param @int4 : tensor<100x72xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4, group = 4>}
  dither.param @sparse : tensor<64x48xf32> init #dither.kaiming_uniform frozen {
    pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
  dither.param @book : tensor<64x64xf32> init #dither.kaiming_uniform frozen {format = #dither.codebook<books = 1, index_bits = 8>}
  dither.param @blocks : tensor<96x64xf32> init #dither.kaiming_uniform frozen {pattern = #dither.block<8 x 64, sparsity = 0.5>}
  dither.param @listed : tensor<40x24xf32> init #dither.kaiming_uniform frozen {pattern = #dither.unstructured<sparsity = 0.5>}

  func.func @elements(%x: tensor<?x10xf32>, %y: tensor<?x10xf32>) -> tensor<?x10xf32> {
    %product = dither.mul %x, %y : tensor<?x10xf32>, tensor<?x10xf32>
    %sum = dither.add %product, %x : tensor<?x10xf32>, tensor<?x10xf32>
    return %sum : tensor<?x10xf32>
  }
  func.func @functions(%x: tensor<?x10xf32>) -> tensor<?x10xf32> {
    %e = dither.exp %x : tensor<?x10xf32>
    %t = dither.tanh %e : tensor<?x10xf32>
    %s = dither.sin %t : tensor<?x10xf32>
    %g = dither.gelu %s : tensor<?x10xf32>
    return %g : tensor<?x10xf32>
  }
  func.func @rows(%x: tensor<16x1000xf32>) -> tensor<16x1000xf32> {
    %y = dither.softmax %x : tensor<16x1000xf32>
    return %y : tensor<16x1000xf32>
  }
  func.func @dense(%x: tensor<?x100xf32>, %w: tensor<100x72xf32>) -> tensor<?x72xf32> {
    %y = dither.matmul %x, %w : tensor<?x100xf32>, tensor<100x72xf32>
    return %y : tensor<?x72xf32>
  }
  func.func @transposed(%x: tensor<?x100xf32>, %w: tensor<70x100xf32>) -> tensor<?x70xf32> {
    %y = dither.matmul %x, %w {transpose_y} : tensor<?x100xf32>, tensor<70x100xf32>
    return %y : tensor<?x70xf32>
  }
  func.func @half(%x: tensor<?x96xbf16>, %w: tensor<96x72xbf16>) -> tensor<?x72xbf16> {
    %y = dither.matmul %x, %w : tensor<?x96xbf16>, tensor<96x72xbf16>
    return %y : tensor<?x72xbf16>
  }
  func.func @packed(%x: tensor<?x100xf32>) -> tensor<?x72xf32> {
    %w = dither.read @int4 : tensor<100x72xf32>
    %y = dither.matmul %x, %w : tensor<?x100xf32>, tensor<100x72xf32>
    return %y : tensor<?x72xf32>
  }
  func.func @sparse_packed(%x: tensor<?x64xf32>) -> tensor<?x48xf32> {
    %w = dither.read @sparse : tensor<64x48xf32>
    %y = dither.matmul %x, %w : tensor<?x64xf32>, tensor<64x48xf32>
    return %y : tensor<?x48xf32>
  }
  func.func @codes(%x: tensor<?x100xf32>) -> tensor<?x72xf32> {
    %w = dither.read @int4 : tensor<100x72xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<?x100xf32>
    %y = dither.matmul %q, %w : tensor<?x100xf32>, tensor<100x72xf32>
    return %y : tensor<?x72xf32>
  }
  func.func @books(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
    %w = dither.read @book : tensor<64x64xf32>
    %y = dither.matmul %x, %w : tensor<?x64xf32>, tensor<64x64xf32>
    return %y : tensor<?x64xf32>
  }
  func.func @block_pattern(%x: tensor<?x96xf32>) -> tensor<?x64xf32> {
    %w = dither.read @blocks : tensor<96x64xf32>
    %y = dither.matmul %x, %w : tensor<?x96xf32>, tensor<96x64xf32>
    return %y : tensor<?x64xf32>
  }
  func.func @lists(%x: tensor<?x40xf32>) -> tensor<?x24xf32> {
    %w = dither.read @listed : tensor<40x24xf32>
    %y = dither.matmul %x, %w : tensor<?x40xf32>, tensor<40x24xf32>
    return %y : tensor<?x24xf32>
  }

  func.func @sums(%x: tensor<?x40xf32>) -> tensor<?x40xf32> {
    %y = dither.scan sum %x {dim = 1 : i64} : tensor<?x40xf32>
    return %y : tensor<?x40xf32>
  }
  // Few sums of many elements, by blocks of threads.
  func.func @few_sums(%x: tensor<3x5000xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
    %y = dither.reduce sum %x {dims = array<i64: 1>} : tensor<3x5000xf32>
    %z = dither.reduce max %x {dims = array<i64: 1>} : tensor<3x5000xf32>
    return %y, %z : tensor<3xf32>, tensor<3xf32>
  }
  // Steps that are no powers of two, transposed.
  dither.param @sixth : tensor<96x96xf32> init #dither.kaiming_uniform frozen {pattern = #dither.nm<2 : 6>}
  func.func @sixths(%x: tensor<5x96xf32>) -> tensor<5x96xf32> {
    %w = dither.read @sixth : tensor<96x96xf32>
    %y = dither.matmul %x, %w {transpose_y} : tensor<5x96xf32>, tensor<96x96xf32>
    return %y : tensor<5x96xf32>
  }
}
