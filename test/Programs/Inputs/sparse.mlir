dither.model @sparse {
  // Ties, zeros of both signs, NaN; more than there is, nothing.
  func.func @top(%x: tensor<13x7xf32>) -> (tensor<13x7xi32>, tensor<13x7xi32>, tensor<13x7xi32>) {
    %a = dither.top_mask %x {count = 20 : i64} : tensor<13x7xf32>
    %b = dither.top_mask %x {count = 200 : i64} : tensor<13x7xf32>
    %c = dither.top_mask %x {count = 0 : i64} : tensor<13x7xf32>
    %d = dither.cast %a : tensor<13x7xi1> to tensor<13x7xi32>
    %e = dither.cast %b : tensor<13x7xi1> to tensor<13x7xi32>
    %f = dither.cast %c : tensor<13x7xi1> to tensor<13x7xi32>
    return %d, %e, %f : tensor<13x7xi32>, tensor<13x7xi32>, tensor<13x7xi32>
  }
  func.func @line(%x: tensor<300xf32>) -> tensor<300xi32> {
    %h = dither.cast %x : tensor<300xf32> to tensor<300xbf16>
    %a = dither.top_mask %h {count = 37 : i64} : tensor<300xbf16>
    %y = dither.cast %a : tensor<300xi1> to tensor<300xi32>
    return %y : tensor<300xi32>
  }
  // The mask is the result itself.
  func.func @mask(%x: tensor<300xf32>) -> tensor<300xi1> {
    %a = dither.top_mask %x {count = 37 : i64} : tensor<300xf32>
    return %a : tensor<300xi1>
  }
  func.func @empty(%x: tensor<0x3xf32>) -> tensor<0x3xi32> {
    %a = dither.top_mask %x {count = 1 : i64} : tensor<0x3xf32>
    %y = dither.cast %a : tensor<0x3xi1> to tensor<0x3xi32>
    return %y : tensor<0x3xi32>
  }
  // A mask that keeps more than the list holds, and one that keeps fewer.
  func.func @lists(%x: tensor<5x4xf32>) -> (tensor<6xi8>, tensor<5xi32>, tensor<9xi8>, tensor<5xi32>) {
    %m = dither.top_mask %x {count = 8 : i64} : tensor<5x4xf32>
    %r, %o = dither.list_rows %m : tensor<5x4xi1> -> tensor<6xi8>, tensor<5xi32>
    %s, %p = dither.list_rows %m : tensor<5x4xi1> -> tensor<9xi8>, tensor<5xi32>
    return %r, %o, %s, %p : tensor<6xi8>, tensor<5xi32>, tensor<9xi8>, tensor<5xi32>
  }
  func.func @unstructured(%x: tensor<12x10xf32>, %y: tensor<12x10xf32>, %z: tensor<?x12xf32>)
      -> (tensor<36xf32>, tensor<12x10xf32>, tensor<36xf32>, tensor<?x10xf32>) {
    %m = dither.pattern_mask #dither.unstructured<sparsity = 0.7> %x : tensor<12x10xf32>
    %v, %r, %o = dither.pack %x, %m {pattern = #dither.unstructured<sparsity = 0.7>}
      : tensor<12x10xf32>, tensor<12x10xi1> -> tensor<36xf32>, tensor<36xi8>, tensor<11xi32>
    %w = dither.unpack %v, %r, %o {pattern = #dither.unstructured<sparsity = 0.7>} : tensor<36xf32>, tensor<36xi8>, tensor<11xi32> -> tensor<12x10xf32>
    %s = dither.sample %y, %r, %o {pattern = #dither.unstructured<sparsity = 0.7>} : tensor<12x10xf32>, tensor<36xi8>, tensor<11xi32> -> tensor<36xf32>
    %q = dither.matmul %z, %w : tensor<?x12xf32>, tensor<12x10xf32>
    return %v, %w, %s, %q : tensor<36xf32>, tensor<12x10xf32>, tensor<36xf32>, tensor<?x10xf32>
  }
  func.func @block(%x: tensor<12x32xf32>, %y: tensor<12x32xf32>, %z: tensor<?x12xf32>)
      -> (tensor<6x32xf32>, tensor<12x32xf32>, tensor<6x32xf32>, tensor<?x32xf32>) {
    %m = dither.pattern_mask #dither.block<3 x 16, sparsity = 0.5> %x : tensor<12x32xf32>
    %v, %b = dither.pack %x, %m {pattern = #dither.block<3 x 16, sparsity = 0.5>} : tensor<12x32xf32>, tensor<12x32xi1> -> tensor<6x32xf32>, tensor<2x2xi8>
    %w = dither.unpack %v, %b {pattern = #dither.block<3 x 16, sparsity = 0.5>} : tensor<6x32xf32>, tensor<2x2xi8> -> tensor<12x32xf32>
    %s = dither.sample %y, %b {pattern = #dither.block<3 x 16, sparsity = 0.5>} : tensor<12x32xf32>, tensor<2x2xi8> -> tensor<6x32xf32>
    %q = dither.matmul %z, %w : tensor<?x12xf32>, tensor<12x32xf32>
    return %v, %w, %s, %q : tensor<6x32xf32>, tensor<12x32xf32>, tensor<6x32xf32>, tensor<?x32xf32>
  }
}
