// Products of 16 bits on tensor cores: extents that fill no tile, all transposes, gathered rows.
dither.model @tensor {
  func.func @dense(%x: tensor<?x64xbf16>, %w: tensor<64x128xbf16>) -> tensor<?x128xf32> {
    %y = dither.matmul %x, %w : tensor<?x64xbf16>, tensor<64x128xbf16>
    %z = dither.cast %y : tensor<?x128xbf16> to tensor<?x128xf32>
    return %z : tensor<?x128xf32>
  }
  func.func @ragged(%x: tensor<100x77xf16>, %w: tensor<77x131xf16>) -> tensor<100x131xf16> {
    %y = dither.matmul %x, %w : tensor<100x77xf16>, tensor<77x131xf16>
    return %y : tensor<100x131xf16>
  }
  func.func @few(%x: tensor<3x70xbf16>, %w: tensor<70x36xbf16>) -> tensor<3x36xbf16> {
    %y = dither.matmul %x, %w : tensor<3x70xbf16>, tensor<70x36xbf16>
    return %y : tensor<3x36xbf16>
  }
  func.func @transposed(%x: tensor<200x72xbf16>, %w: tensor<40x72xbf16>) -> tensor<200x40xbf16> {
    %y = dither.matmul %x, %w {transpose_y} : tensor<200x72xbf16>, tensor<40x72xbf16>
    return %y : tensor<200x40xbf16>
  }
  func.func @gradient(%x: tensor<?x72xbf16>, %w: tensor<?x136xbf16>) -> tensor<72x136xbf16> {
    %y = dither.matmul %x, %w {transpose_x} : tensor<?x72xbf16>, tensor<?x136xbf16>
    return %y : tensor<72x136xbf16>
  }
  func.func @gathered(%x: tensor<20x40xbf16>, %w: tensor<100x64xbf16>, %rows: tensor<40xi32>) -> tensor<20x64xbf16> {
    %g = dither.gather %w, %rows : tensor<100x64xbf16>, tensor<40xi32>
    %y = dither.matmul %x, %g : tensor<20x40xbf16>, tensor<40x64xbf16>
    return %y : tensor<20x64xbf16>
  }
  // Without rows, without columns, without a contraction.
  func.func @no_rows(%x: tensor<0x40xbf16>, %w: tensor<40x24xbf16>) -> tensor<0x24xbf16> {
    %y = dither.matmul %x, %w : tensor<0x40xbf16>, tensor<40x24xbf16>
    return %y : tensor<0x24xbf16>
  }
  func.func @no_depth(%x: tensor<7x0xbf16>, %w: tensor<0x24xbf16>) -> tensor<7x24xbf16> {
    %y = dither.matmul %x, %w : tensor<7x0xbf16>, tensor<0x24xbf16>
    return %y : tensor<7x24xbf16>
  }
  func.func @ones(%x: tensor<1x1xf16>, %w: tensor<1x1xf16>) -> tensor<1x1xf16> {
    %y = dither.matmul %x, %w : tensor<1x1xf16>, tensor<1x1xf16>
    return %y : tensor<1x1xf16>
  }
  func.func @epilogue(%x: tensor<?x64xbf16>, %w: tensor<64x40xbf16>, %b: tensor<40xf32>) -> tensor<?x40xbf16> {
    %y = dither.matmul %x, %w : tensor<?x64xbf16>, tensor<64x40xbf16>
    %f = dither.cast %y : tensor<?x40xbf16> to tensor<?x40xf32>
    %s = dither.add %f, %b : tensor<?x40xf32>, tensor<40xf32>
    %g = dither.gelu %s : tensor<?x40xf32>
    %z = dither.cast %g : tensor<?x40xf32> to tensor<?x40xbf16>
    return %z : tensor<?x40xbf16>
  }
  func.func @large(%x: tensor<300x200xbf16>, %w: tensor<200x260xbf16>) -> tensor<300x260xbf16> {
    %y = dither.matmul %x, %w : tensor<300x200xbf16>, tensor<200x260xbf16>
    return %y : tensor<300x260xbf16>
  }
}
