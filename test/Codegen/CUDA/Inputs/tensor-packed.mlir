// Packed weights of all kinds meet activations of 16 bits, forward and transposed; ragged extents.
dither.model @tensor {
  dither.param @int8 : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 8>}
  dither.param @int4 : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4, group = 32>}
  dither.param @int4a : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4, group = 32, affine = true>}
  dither.param @int3 : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 3, group = 32>}
  dither.param @int2 : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 2, group = 32>}
  dither.param @e2m1 : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
  dither.param @e4m3 : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.minifloat<e4m3, group = 32>}
  dither.param @e5m2 : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.minifloat<e5m2, group = 32>}
  dither.param @e3m2 : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.minifloat<e3m2, group = 32>}
  dither.param @ternary : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.ternary<group = 32>}
  dither.param @sign : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.sign<group = 0>}
  dither.param @shift : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.shift<bits = 3, group = 32>}
  dither.param @book : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.codebook<books = 2, index_bits = 8>}
  dither.param @book16 : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.codebook<books = 1, index_bits = 16>}
  dither.param @half : tensor<96x80xf32> init #dither.kaiming_uniform frozen {pattern = #dither.nm<2 : 4>}
  dither.param @half_int4 : tensor<96x80xf32> init #dither.kaiming_uniform frozen {pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4, group = 32>}
  dither.param @half_e2m1 : tensor<96x80xf32> init #dither.kaiming_uniform frozen {pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
  dither.param @quarter : tensor<96x80xf32> init #dither.kaiming_uniform frozen {pattern = #dither.nm<1 : 4>, format = #dither.int<bits = 8>}
  dither.param @bf16 : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.float16<bf16>}
  dither.param @half_bf16 : tensor<96x80xf32> init #dither.kaiming_uniform frozen {pattern = #dither.nm<2 : 4>, format = #dither.float16<bf16>}
  dither.param @onebit : tensor<96x80xf32> init #dither.kaiming_uniform frozen {format = #dither.onebit<scale = f16>}
  dither.param @block : tensor<96x80xf32> init #dither.kaiming_uniform frozen {pattern = #dither.block<16 x 16, sparsity = 0.5>}
  func.func @int8_forward(%x: tensor<?x96xf16>) -> tensor<?x80xf16> {
    %w = dither.read @int8 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xf16>
    %y = dither.matmul %x, %c : tensor<?x96xf16>, tensor<96x80xf16>
    return %y : tensor<?x80xf16>
  }
  func.func @int8_backward(%x: tensor<5x80xf16>) -> tensor<5x96xf16> {
    %w = dither.read @int8 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xf16>
    %y = dither.matmul %x, %c {transpose_y} : tensor<5x80xf16>, tensor<96x80xf16>
    return %y : tensor<5x96xf16>
  }
  func.func @bf16_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @bf16 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
  func.func @half_bf16_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @half_bf16 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
  func.func @int4_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @int4 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
  func.func @int4a_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @int4a : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
  func.func @int4a_backward(%x: tensor<5x80xbf16>) -> tensor<5x96xbf16> {
    %w = dither.read @int4a : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c {transpose_y} : tensor<5x80xbf16>, tensor<96x80xbf16>
    return %y : tensor<5x96xbf16>
  }
  func.func @int3_forward(%x: tensor<?x96xf16>) -> tensor<?x80xf16> {
    %w = dither.read @int3 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xf16>
    %y = dither.matmul %x, %c : tensor<?x96xf16>, tensor<96x80xf16>
    return %y : tensor<?x80xf16>
  }
  func.func @int2_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @int2 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
  func.func @int2_backward(%x: tensor<5x80xbf16>) -> tensor<5x96xbf16> {
    %w = dither.read @int2 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c {transpose_y} : tensor<5x80xbf16>, tensor<96x80xbf16>
    return %y : tensor<5x96xbf16>
  }
  func.func @e2m1_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @e2m1 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
  func.func @e4m3_forward(%x: tensor<?x96xf16>) -> tensor<?x80xf16> {
    %w = dither.read @e4m3 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xf16>
    %y = dither.matmul %x, %c : tensor<?x96xf16>, tensor<96x80xf16>
    return %y : tensor<?x80xf16>
  }
  func.func @e4m3_backward(%x: tensor<5x80xf16>) -> tensor<5x96xf16> {
    %w = dither.read @e4m3 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xf16>
    %y = dither.matmul %x, %c {transpose_y} : tensor<5x80xf16>, tensor<96x80xf16>
    return %y : tensor<5x96xf16>
  }
  func.func @e5m2_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @e5m2 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
  func.func @e3m2_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @e3m2 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
  func.func @e3m2_backward(%x: tensor<5x80xbf16>) -> tensor<5x96xbf16> {
    %w = dither.read @e3m2 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c {transpose_y} : tensor<5x80xbf16>, tensor<96x80xbf16>
    return %y : tensor<5x96xbf16>
  }
  func.func @ternary_forward(%x: tensor<?x96xf16>) -> tensor<?x80xf16> {
    %w = dither.read @ternary : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xf16>
    %y = dither.matmul %x, %c : tensor<?x96xf16>, tensor<96x80xf16>
    return %y : tensor<?x80xf16>
  }
  func.func @sign_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @sign : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
  func.func @sign_backward(%x: tensor<5x80xbf16>) -> tensor<5x96xbf16> {
    %w = dither.read @sign : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c {transpose_y} : tensor<5x80xbf16>, tensor<96x80xbf16>
    return %y : tensor<5x96xbf16>
  }
  func.func @shift_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @shift : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
  func.func @book_forward(%x: tensor<?x96xf16>) -> tensor<?x80xf16> {
    %w = dither.read @book : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xf16>
    %y = dither.matmul %x, %c : tensor<?x96xf16>, tensor<96x80xf16>
    return %y : tensor<?x80xf16>
  }
  func.func @book_backward(%x: tensor<5x80xf16>) -> tensor<5x96xf16> {
    %w = dither.read @book : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xf16>
    %y = dither.matmul %x, %c {transpose_y} : tensor<5x80xf16>, tensor<96x80xf16>
    return %y : tensor<5x96xf16>
  }
  func.func @book16_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @book16 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
  func.func @half_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @half : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
  func.func @half_backward(%x: tensor<5x80xbf16>) -> tensor<5x96xbf16> {
    %w = dither.read @half : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c {transpose_y} : tensor<5x80xbf16>, tensor<96x80xbf16>
    return %y : tensor<5x96xbf16>
  }
  func.func @half_int4_forward(%x: tensor<?x96xf16>) -> tensor<?x80xf16> {
    %w = dither.read @half_int4 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xf16>
    %y = dither.matmul %x, %c : tensor<?x96xf16>, tensor<96x80xf16>
    return %y : tensor<?x80xf16>
  }
  func.func @half_e2m1_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @half_e2m1 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
  func.func @half_e2m1_backward(%x: tensor<5x80xbf16>) -> tensor<5x96xbf16> {
    %w = dither.read @half_e2m1 : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c {transpose_y} : tensor<5x80xbf16>, tensor<96x80xbf16>
    return %y : tensor<5x96xbf16>
  }
  func.func @quarter_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @quarter : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
  func.func @onebit_forward(%x: tensor<?x96xf16>) -> tensor<?x80xf16> {
    %w = dither.read @onebit : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xf16>
    %y = dither.matmul %x, %c : tensor<?x96xf16>, tensor<96x80xf16>
    return %y : tensor<?x80xf16>
  }
  func.func @onebit_backward(%x: tensor<5x80xf16>) -> tensor<5x96xf16> {
    %w = dither.read @onebit : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xf16>
    %y = dither.matmul %x, %c {transpose_y} : tensor<5x80xf16>, tensor<96x80xf16>
    return %y : tensor<5x96xf16>
  }
  func.func @block_forward(%x: tensor<?x96xbf16>) -> tensor<?x80xbf16> {
    %w = dither.read @block : tensor<96x80xf32>
    %c = dither.cast %w : tensor<96x80xf32> to tensor<96x80xbf16>
    %y = dither.matmul %x, %c : tensor<?x96xbf16>, tensor<96x80xbf16>
    return %y : tensor<?x80xbf16>
  }
}
