// What goes through the rows of a large buffer several times, which is done a few rows at a time.
dither.model @rows {
  func.func @softmax(%x: tensor<96x300xf32>) -> tensor<96x300xf32> {
    %y = dither.softmax %x : tensor<96x300xf32>
    return %y : tensor<96x300xf32>
  }
  // A prime number of rows, each a part; the gain is read by all.
  func.func @normalize(%x: tensor<97x301xf32>, %gain: tensor<301xf32>) -> tensor<97x301xf32> {
    %mean = dither.mean %x {dims = array<i64: 1>, keep} : tensor<97x301xf32>
    %centered = dither.sub %x, %mean : tensor<97x301xf32>, tensor<97x1xf32>
    %square = dither.mul %centered, %centered : tensor<97x301xf32>, tensor<97x301xf32>
    %variance = dither.mean %square {dims = array<i64: 1>, keep} : tensor<97x301xf32>
    %scale = dither.rsqrt %variance : tensor<97x1xf32>
    %normal = dither.mul %centered, %scale : tensor<97x301xf32>, tensor<97x1xf32>
    %y = dither.mul %normal, %gain : tensor<97x301xf32>, tensor<301xf32>
    return %y : tensor<97x301xf32>
  }
  func.func @codes(%x: tensor<?x700xf32>) -> tensor<?x700xf32> {
    %y = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<?x700xf32>
    return %y : tensor<?x700xf32>
  }
  // Softmax of any number of rows, and of as many of other rows.
  func.func @two(%x: tensor<?x257xf32>, %z: tensor<?x257xf32>) -> (tensor<?x257xf32>, tensor<?x257xf32>) {
    %y = dither.softmax %x : tensor<?x257xf32>
    %u = dither.log_softmax %z : tensor<?x257xf32>
    return %y, %u : tensor<?x257xf32>, tensor<?x257xf32>
  }
  // Four, sixteen rows, and one of a reshaped matrix: parts are equal shares of it.
  func.func @weights(%w: tensor<192x64xf32>) -> tensor<192x64xf32> {
    %a = dither.abs %w : tensor<192x64xf32>
    %mask = dither.pattern_mask #dither.nm<2 : 4> %a : tensor<192x64xf32>
    %y = dither.represent %w, %mask {format = #dither.minifloat<e2m1, group = 16, scale = e8m0>} : tensor<192x64xf32>, tensor<192x64xi1>
    return %y : tensor<192x64xf32>
  }
  // Positions are those in the whole buffer.
  func.func @positions(%x: tensor<64x200xf32>) -> tensor<64x200xf32> {
    %i = dither.iota {dim = 0 : i64} : tensor<64x200xi32>
    %j = dither.cast %i : tensor<64x200xi32> to tensor<64x200xf32>
    %s = dither.softmax %x : tensor<64x200xf32>
    %t = dither.mul %s, %j : tensor<64x200xf32>, tensor<64x200xf32>
    %y = dither.softmax %t : tensor<64x200xf32>
    return %y : tensor<64x200xf32>
  }
  // The last rows are read first: all parts must have been written.
  func.func @reversed(%x: tensor<128x200xf32>) -> (tensor<128x200xf32>, tensor<128x200xf32>) {
    %e = dither.exp %x : tensor<128x200xf32>
    %i = dither.iota {dim = 0 : i64} : tensor<128xi32>
    %last = dither.constant dense<127> : tensor<128xi32>
    %rows = dither.sub %last, %i : tensor<128xi32>, tensor<128xi32>
    %g = dither.gather %e, %rows : tensor<128x200xf32>, tensor<128xi32>
    %y = dither.mul %g, %x : tensor<128x200xf32>, tensor<128x200xf32>
    return %y, %e : tensor<128x200xf32>, tensor<128x200xf32>
  }
  // Columns are summed over all parts: no row of the quotient can be had before.
  func.func @columns(%x: tensor<128x128xf32>) -> tensor<128x128xf32> {
    %e = dither.exp %x : tensor<128x128xf32>
    %sum = dither.reduce sum %e {dims = array<i64: 0>, keep} : tensor<128x128xf32>
    %y = dither.div %e, %sum : tensor<128x128xf32>, tensor<1x128xf32>
    %z = dither.softmax %y : tensor<128x128xf32>
    return %z : tensor<128x128xf32>
  }
}
