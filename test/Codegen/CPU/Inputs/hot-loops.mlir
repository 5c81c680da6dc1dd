dither.model @m {
  dither.param @list : tensor<256x128xf32> init #dither.kaiming_uniform frozen {pattern = #dither.unstructured<sparsity = 0.9>}
  dither.param @codes : tensor<256x128xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 4, group = 32, scale = f16>}
  dither.param @whole : tensor<256x128xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 8>}
  func.func @blocked(%x: tensor<192x256xf32>, %w: tensor<256x640xf32>) -> tensor<192x640xf32> {
    %y = dither.matmul %x, %w : tensor<192x256xf32>, tensor<256x640xf32>
    return %y : tensor<192x640xf32>
  }
  func.func @row(%x: tensor<1x512xf32>, %w: tensor<512x512xf32>) -> tensor<1x512xf32> {
    %y = dither.matmul %x, %w : tensor<1x512xf32>, tensor<512x512xf32>
    return %y : tensor<1x512xf32>
  }
  func.func @halves(%x: tensor<192x256xf16>, %w: tensor<256x640xf16>) -> tensor<192x640xf16> {
    %y = dither.matmul %x, %w : tensor<192x256xf16>, tensor<256x640xf16>
    return %y : tensor<192x640xf16>
  }
  // Rows that positions choose.
  func.func @chosen(%x: tensor<64x192xf32>, %g: tensor<256x512xf32>, %rows: tensor<64xi32>) -> tensor<192x512xf32> {
    %s = dither.gather %g, %rows : tensor<256x512xf32>, tensor<64xi32>
    %y = dither.matmul %x, %s {transpose_x} : tensor<64x192xf32>, tensor<64x512xf32>
    return %y : tensor<192x512xf32>
  }
  func.func @listed(%x: tensor<64x256xf32>) -> tensor<64x128xf32> {
    %w = dither.read @list : tensor<256x128xf32>
    %y = dither.matmul %x, %w : tensor<64x256xf32>, tensor<256x128xf32>
    return %y : tensor<64x128xf32>
  }
  func.func @listed_inputs(%dy: tensor<64x128xf32>) -> tensor<64x256xf32> {
    %w = dither.read @list : tensor<256x128xf32>
    %dx = dither.matmul %dy, %w {transpose_y} : tensor<64x128xf32>, tensor<256x128xf32>
    return %dx : tensor<64x256xf32>
  }
  func.func @nibbles(%x: tensor<1x256xf32>) -> tensor<1x128xf32> {
    %w = dither.read @codes : tensor<256x128xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<1x256xf32>
    %y = dither.matmul %q, %w : tensor<1x256xf32>, tensor<256x128xf32>
    return %y : tensor<1x128xf32>
  }  // Codes of a byte, of which nothing is decoded, and of four bits in groups.
  func.func @bytes(%x: tensor<60x256xf32>) -> tensor<60x128xf32> {
    %w = dither.read @whole : tensor<256x128xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<60x256xf32>
    %y = dither.matmul %q, %w : tensor<60x256xf32>, tensor<256x128xf32>
    return %y : tensor<60x128xf32>
  }
  func.func @nibbles_of_many(%x: tensor<64x256xf32>) -> tensor<64x128xf32> {
    %w = dither.read @codes : tensor<256x128xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<64x256xf32>
    %y = dither.matmul %q, %w : tensor<64x256xf32>, tensor<256x128xf32>
    return %y : tensor<64x128xf32>
  }
}
