// What puts elements in other places, and the gradients of what reads them from there.
dither.model @placement {
  func.func @joined(%a: tensor<?x3xf32>, %b: tensor<?x300xf32>, %c: tensor<?x0xf32>) -> (tensor<?x306xf32>, tensor<?x299xf32>) {
    %t = dither.tanh %b : tensor<?x300xf32>
    %y = dither.concat %a, %t, %c, %a {dim = 1 : i64} : tensor<?x3xf32>, tensor<?x300xf32>, tensor<?x0xf32>, tensor<?x3xf32>
    %p, %q = dither.split %y {dim = 1 : i64, sizes = array<i64: 7, 299>} : tensor<?x306xf32>
    return %y, %q : tensor<?x306xf32>, tensor<?x299xf32>
  }
  // One result is part of another, and both are asked for.
  func.func @twice(%a: tensor<5x7xf32>) -> (tensor<5x7xf32>, tensor<10x7xf32>, tensor<12x9xf32>) {
    %e = dither.exp %a : tensor<5x7xf32>
    %y = dither.concat %e, %e {dim = 0 : i64} : tensor<5x7xf32>, tensor<5x7xf32>
    %z = dither.pad %y {low = array<i64: 0, 2>, high = array<i64: 2, 0>, value = -3.0 : f64} : tensor<10x7xf32>
    return %e, %y, %z : tensor<5x7xf32>, tensor<10x7xf32>, tensor<12x9xf32>
  }
  func.func @shorts(%a: tensor<?x4xf32>, %i: tensor<3x0xi8>, %t: tensor<5x?xf32>) -> (tensor<?x9xbf16>, tensor<4x1xi8>, tensor<7x?xf32>) {
    %h = dither.cast %a : tensor<?x4xf32> to tensor<?x4xbf16>
    %r = dither.reverse %h {dims = array<i64: 1>} : tensor<?x4xbf16>
    %y = dither.pad %r {low = array<i64: 0, 2>, high = array<i64: 0, 3>, value = 0x7FF0000000000000 : f64} : tensor<?x4xbf16>
    %z = dither.pad %i {low = array<i64: 1, 1>, high = array<i64: 0, 0>, value = -128.0 : f64} : tensor<3x0xi8>
    %s = dither.slice %t {offsets = array<i64: 1, 0>, sizes = array<i64: 2, -1>, strides = array<i64: 2, 1>} : tensor<5x?xf32>
    %c = dither.concat %s, %t {dim = 0 : i64} : tensor<2x?xf32>, tensor<5x?xf32>
    return %y, %z, %c : tensor<?x9xbf16>, tensor<4x1xi8>, tensor<7x?xf32>
  }
  func.func @circles(%a: tensor<?x5x130xf32>, %e: tensor<2x0xf32>) -> (tensor<?x5x130xf32>, tensor<?x10x390xf32>, tensor<2x0xf32>) {
    %r = dither.roll %a {shifts = array<i64: -2, 131>, dims = array<i64: 1, 2>} : tensor<?x5x130xf32>
    %y = dither.reverse %r {dims = array<i64: 1, 2>} : tensor<?x5x130xf32>
    %z = dither.repeat %r {counts = array<i64: 1, 2, 3>} : tensor<?x5x130xf32>
    %n = dither.roll %e {shifts = array<i64: 1, 1>, dims = array<i64: 0, 1>} : tensor<2x0xf32>
    return %y, %z, %n : tensor<?x5x130xf32>, tensor<?x10x390xf32>, tensor<2x0xf32>
  }
  // The step of a table: rows that are read several times get the sum of their gradients.
  func.func @table(%x: tensor<50x33xf32>, %tokens: tensor<?x7xi32>, %dy: tensor<?x7x33xf32>) -> (tensor<?x7x33xf32>, tensor<50x33xf32>) {
    %y = dither.gather %x, %tokens : tensor<50x33xf32>, tensor<?x7xi32>
    %new = dither.scatter_add %dy into %x at %tokens : tensor<?x7x33xf32>, tensor<50x33xf32>, tensor<?x7xi32>
    return %y, %new : tensor<?x7x33xf32>, tensor<50x33xf32>
  }
  func.func @ranks(%x: tensor<3xf32>, %one: tensor<i32>, %u: tensor<f32>, %d: tensor<4x?xf32>, %v: tensor<?xf32>)
      -> (tensor<f32>, tensor<3xf32>, tensor<?xf32>, tensor<4x?xf32>) {
    %y = dither.gather %x, %one : tensor<3xf32>, tensor<i32>
    %a = dither.scatter_add %u into %x at %one : tensor<f32>, tensor<3xf32>, tensor<i32>
    %z = dither.gather %d, %one : tensor<4x?xf32>, tensor<i32>
    %b = dither.scatter_add %v into %d at %one : tensor<?xf32>, tensor<4x?xf32>, tensor<i32>
    return %y, %a, %z, %b : tensor<f32>, tensor<3xf32>, tensor<?xf32>, tensor<4x?xf32>
  }
  func.func @sums(%x: tensor<?x16xf32>, %s: tensor<?xi32>, %i: tensor<2x3xi8>, %r: tensor<2xi32>, %j: tensor<5x3xi8>)
      -> (tensor<4x16xf32>, tensor<4x16xbf16>, tensor<5x3xi8>, tensor<?x4xf32>) {
    %y = dither.segment_sum %x, %s {count = 4 : i64} : tensor<?x16xf32>, tensor<?xi32>
    %h = dither.cast %x : tensor<?x16xf32> to tensor<?x16xbf16>
    %z = dither.segment_sum %h, %s {count = 4 : i64} : tensor<?x16xbf16>, tensor<?xi32>
    %w = dither.scatter_add %i into %j at %r : tensor<2x3xi8>, tensor<5x3xi8>, tensor<2xi32>
    %o = dither.one_hot %s : tensor<?xi32> to tensor<?x4xf32>
    return %y, %z, %w, %o : tensor<4x16xf32>, tensor<4x16xbf16>, tensor<5x3xi8>, tensor<?x4xf32>
  }
  // Of known shapes, a device has a kernel.
  func.func @known(%x: tensor<9x300xf32>, %h: tensor<5x7xf32>, %rows: tensor<13x2xi32>, %u: tensor<13x2x300xf32>, %v: tensor<13x2x7xf32>)
      -> (tensor<9x300xf32>, tensor<5x7xf16>) {
    %y = dither.scatter_add %u into %x at %rows : tensor<13x2x300xf32>, tensor<9x300xf32>, tensor<13x2xi32>
    %a = dither.cast %h : tensor<5x7xf32> to tensor<5x7xf16>
    %b = dither.cast %v : tensor<13x2x7xf32> to tensor<13x2x7xf16>
    %z = dither.scatter_add %b into %a at %rows : tensor<13x2x7xf16>, tensor<5x7xf16>, tensor<13x2xi32>
    return %y, %z : tensor<9x300xf32>, tensor<5x7xf16>
  }
  func.func @nothing(%x: tensor<3x0xf32>, %r: tensor<0x4xi32>, %u: tensor<0x4x2xf32>, %t: tensor<3x2xf32>) -> (tensor<0x4x0xf32>, tensor<3x2xf32>) {
    %y = dither.gather %x, %r : tensor<3x0xf32>, tensor<0x4xi32>
    %z = dither.scatter_add %u into %t at %r : tensor<0x4x2xf32>, tensor<3x2xf32>, tensor<0x4xi32>
    return %y, %z : tensor<0x4x0xf32>, tensor<3x2xf32>
  }
}
