// What would be one loop after another, at sizes around those of warps, blocks and pieces.
dither.model @loops {
  // Running sums: a thread for a row, a warp, a block.
  func.func @f0(%x: tensor<0xf32>) -> tensor<0xf32> {
    %y = dither.scan sum %x {dim = 0 : i64} : tensor<0xf32>
    return %y : tensor<0xf32>
  }
  func.func @f1(%x: tensor<1xf32>) -> tensor<1xf32> {
    %y = dither.scan sum %x {dim = 0 : i64} : tensor<1xf32>
    return %y : tensor<1xf32>
  }
  func.func @f2(%x: tensor<33xf32>) -> tensor<33xf32> {
    %y = dither.scan sum %x {dim = 0 : i64} : tensor<33xf32>
    return %y : tensor<33xf32>
  }
  func.func @f3(%x: tensor<257xf32>) -> tensor<257xf32> {
    %y = dither.scan sum %x {dim = 0 : i64} : tensor<257xf32>
    return %y : tensor<257xf32>
  }
  func.func @f4(%x: tensor<1023xf32>) -> tensor<1023xf32> {
    %y = dither.scan sum %x {dim = 0 : i64} : tensor<1023xf32>
    return %y : tensor<1023xf32>
  }
  func.func @f5(%x: tensor<1025xf32>) -> tensor<1025xf32> {
    %y = dither.scan sum %x {dim = 0 : i64} : tensor<1025xf32>
    return %y : tensor<1025xf32>
  }
  func.func @f6(%x: tensor<5000xf32>) -> tensor<5000xf32> {
    %y = dither.scan sum %x {dim = 0 : i64} : tensor<5000xf32>
    return %y : tensor<5000xf32>
  }
  func.func @f7(%x: tensor<40x32xi32>) -> tensor<40x32xi32> {
    %y = dither.scan sum %x {dim = 1 : i64} : tensor<40x32xi32>
    return %y : tensor<40x32xi32>
  }
  func.func @f8(%x: tensor<3x255xf32>) -> tensor<3x255xf32> {
    %y = dither.scan sum %x {dim = 1 : i64} : tensor<3x255xf32>
    return %y : tensor<3x255xf32>
  }
  func.func @f9(%x: tensor<700x3xf32>) -> tensor<700x3xf32> {
    %y = dither.scan sum %x {dim = 0 : i64} : tensor<700x3xf32>
    return %y : tensor<700x3xf32>
  }
  func.func @f10(%x: tensor<2x1500xi64>) -> tensor<2x1500xi64> {
    %y = dither.scan sum %x {dim = 1 : i64} : tensor<2x1500xi64>
    return %y : tensor<2x1500xi64>
  }
  func.func @f11(%x: tensor<1500x2xf64>) -> tensor<1500x2xf64> {
    %y = dither.scan sum %x {dim = 0 : i64} : tensor<1500x2xf64>
    return %y : tensor<1500x2xf64>
  }
  func.func @f12(%x: tensor<3x2049xi8>) -> tensor<3x2049xi8> {
    %y = dither.scan sum %x {dim = 1 : i64} : tensor<3x2049xi8>
    return %y : tensor<3x2049xi8>
  }
  func.func @f13(%x: tensor<?x100xf32>) -> tensor<?x100xf32> {
    %y = dither.scan sum %x {dim = 0 : i64} : tensor<?x100xf32>
    return %y : tensor<?x100xf32>
  }
  func.func @f14(%x: tensor<?x100xi32>) -> tensor<?x100xi32> {
    %y = dither.scan sum %x {dim = 1 : i64} : tensor<?x100xi32>
    return %y : tensor<?x100xi32>
  }
  // Best elements.
  func.func @f15(%x: tensor<31xf32>) -> tensor<i32> {
    %y = dither.argmax %x : tensor<31xf32>
    return %y : tensor<i32>
  }
  func.func @f16(%x: tensor<5000xf32>) -> tensor<i32> {
    %y = dither.argmax %x : tensor<5000xf32>
    return %y : tensor<i32>
  }
  func.func @f17(%x: tensor<3x64xi32>) -> tensor<3xi32> {
    %y = dither.argmax %x : tensor<3x64xi32>
    return %y : tensor<3xi32>
  }
  func.func @f18(%x: tensor<?x100xf16>) -> tensor<?xi32> {
    %y = dither.argmax %x : tensor<?x100xf16>
    return %y : tensor<?xi32>
  }
  func.func @f19(%x: tensor<?x2100xf32>) -> tensor<?xi32> {
    %y = dither.argmax %x : tensor<?x2100xf32>
    return %y : tensor<?xi32>
  }
  // Largest elements.
  func.func @f20(%x: tensor<0xf32>) -> tensor<0xi1> {
    %m = dither.top_mask %x {count = 0 : i64} : tensor<0xf32>
    return %m : tensor<0xi1>
  }
  func.func @f21(%x: tensor<1xf32>) -> tensor<1xi1> {
    %m = dither.top_mask %x {count = 1 : i64} : tensor<1xf32>
    return %m : tensor<1xi1>
  }
  func.func @f22(%x: tensor<33xf32>) -> tensor<33xi1> {
    %m = dither.top_mask %x {count = 11 : i64} : tensor<33xf32>
    return %m : tensor<33xi1>
  }
  func.func @f23(%x: tensor<256xf32>) -> tensor<256xi1> {
    %m = dither.top_mask %x {count = 0 : i64} : tensor<256xf32>
    return %m : tensor<256xi1>
  }
  func.func @f24(%x: tensor<257xf32>) -> tensor<257xi1> {
    %m = dither.top_mask %x {count = 300 : i64} : tensor<257xf32>
    return %m : tensor<257xi1>
  }
  func.func @f25(%x: tensor<9001xf32>) -> tensor<9001xi1> {
    %m = dither.top_mask %x {count = 3000 : i64} : tensor<9001xf32>
    return %m : tensor<9001xi1>
  }
  func.func @f26(%x: tensor<7x3x301xf32>) -> tensor<7x3x301xi1> {
    %m = dither.top_mask %x {count = 700 : i64} : tensor<7x3x301xf32>
    return %m : tensor<7x3x301xi1>
  }
  // Lists that are too short, too long, of long and of many columns.
  func.func @f27(%m: tensor<1x1xi1>, %x: tensor<1x1xf32>) -> (tensor<1xi8>, tensor<2xi32>, tensor<1xf32>, tensor<1x1xf32>) {
    %r, %o = dither.list_rows %m : tensor<1x1xi1> -> tensor<1xi8>, tensor<2xi32>
    %s = dither.gather_listed %x, %r, %o : tensor<1x1xf32>, tensor<1xi8>, tensor<2xi32> -> tensor<1xf32>
    %d = dither.scatter_listed %s, %r, %o : tensor<1xf32>, tensor<1xi8>, tensor<2xi32> -> tensor<1x1xf32>
    return %r, %o, %s, %d : tensor<1xi8>, tensor<2xi32>, tensor<1xf32>, tensor<1x1xf32>
  }
  func.func @f28(%m: tensor<33x257xi1>, %x: tensor<33x257xf32>) -> (tensor<4000xi8>, tensor<258xi32>, tensor<4000xf32>, tensor<33x257xf32>) {
    %r, %o = dither.list_rows %m : tensor<33x257xi1> -> tensor<4000xi8>, tensor<258xi32>
    %s = dither.gather_listed %x, %r, %o : tensor<33x257xf32>, tensor<4000xi8>, tensor<258xi32> -> tensor<4000xf32>
    %d = dither.scatter_listed %s, %r, %o : tensor<4000xf32>, tensor<4000xi8>, tensor<258xi32> -> tensor<33x257xf32>
    return %r, %o, %s, %d : tensor<4000xi8>, tensor<258xi32>, tensor<4000xf32>, tensor<33x257xf32>
  }
  func.func @f29(%m: tensor<257x31xi1>, %x: tensor<257x31xf32>) -> (tensor<20000xi16>, tensor<32xi32>, tensor<20000xf32>, tensor<257x31xf32>) {
    %r, %o = dither.list_rows %m : tensor<257x31xi1> -> tensor<20000xi16>, tensor<32xi32>
    %s = dither.gather_listed %x, %r, %o : tensor<257x31xf32>, tensor<20000xi16>, tensor<32xi32> -> tensor<20000xf32>
    %d = dither.scatter_listed %s, %r, %o : tensor<20000xf32>, tensor<20000xi16>, tensor<32xi32> -> tensor<257x31xf32>
    return %r, %o, %s, %d : tensor<20000xi16>, tensor<32xi32>, tensor<20000xf32>, tensor<257x31xf32>
  }
  func.func @f30(%m: tensor<1023x5xi1>, %x: tensor<1023x5xf32>) -> (tensor<5115xi16>, tensor<6xi32>, tensor<5115xf32>, tensor<1023x5xf32>) {
    %r, %o = dither.list_rows %m : tensor<1023x5xi1> -> tensor<5115xi16>, tensor<6xi32>
    %s = dither.gather_listed %x, %r, %o : tensor<1023x5xf32>, tensor<5115xi16>, tensor<6xi32> -> tensor<5115xf32>
    %d = dither.scatter_listed %s, %r, %o : tensor<5115xf32>, tensor<5115xi16>, tensor<6xi32> -> tensor<1023x5xf32>
    return %r, %o, %s, %d : tensor<5115xi16>, tensor<6xi32>, tensor<5115xf32>, tensor<1023x5xf32>
  }
  func.func @f31(%m: tensor<40x3xi1>, %x: tensor<40x3xf32>) -> (tensor<0xi8>, tensor<4xi32>, tensor<0xf32>, tensor<40x3xf32>) {
    %r, %o = dither.list_rows %m : tensor<40x3xi1> -> tensor<0xi8>, tensor<4xi32>
    %s = dither.gather_listed %x, %r, %o : tensor<40x3xf32>, tensor<0xi8>, tensor<4xi32> -> tensor<0xf32>
    %d = dither.scatter_listed %s, %r, %o : tensor<0xf32>, tensor<0xi8>, tensor<4xi32> -> tensor<40x3xf32>
    return %r, %o, %s, %d : tensor<0xi8>, tensor<4xi32>, tensor<0xf32>, tensor<40x3xf32>
  }
  // Rows that are replaced, most of them several times.
  func.func @f32(%u: tensor<1xf32>, %x: tensor<10xf32>, %r: tensor<1xi32>) -> tensor<10xf32> {
    %y = dither.scatter %u into %x at %r : tensor<1xf32>, tensor<10xf32>, tensor<1xi32>
    return %y : tensor<10xf32>
  }
  func.func @f33(%u: tensor<300x257xf32>, %x: tensor<3x257xf32>, %r: tensor<300xi32>) -> tensor<3x257xf32> {
    %y = dither.scatter %u into %x at %r : tensor<300x257xf32>, tensor<3x257xf32>, tensor<300xi32>
    return %y : tensor<3x257xf32>
  }
  func.func @f34(%u: tensor<256x2x5xf32>, %x: tensor<100x2x5xf32>, %r: tensor<256xi32>) -> tensor<100x2x5xf32> {
    %y = dither.scatter %u into %x at %r : tensor<256x2x5xf32>, tensor<100x2x5xf32>, tensor<256xi32>
    return %y : tensor<100x2x5xf32>
  }
  func.func @f35(%u: tensor<0x4xf32>, %x: tensor<7x4xf32>, %r: tensor<0xi32>) -> tensor<7x4xf32> {
    %y = dither.scatter %u into %x at %r : tensor<0x4xf32>, tensor<7x4xf32>, tensor<0xi32>
    return %y : tensor<7x4xf32>
  }
  // Sums ahead of each element, and from the last one; what no operation combines is a thread's for each row.
  func.func @f36(%x: tensor<3x40xf32>) -> tensor<3x40xf32> {
    %y = dither.scan sum %x {dim = 1 : i64, exclusive} : tensor<3x40xf32>
    return %y : tensor<3x40xf32>
  }
  func.func @f37(%x: tensor<2x2100xf32>) -> tensor<2x2100xf32> {
    %y = dither.scan sum %x {dim = 1 : i64, exclusive} : tensor<2x2100xf32>
    return %y : tensor<2x2100xf32>
  }
  func.func @f38(%x: tensor<2x1500xf16>) -> tensor<2x1500xf16> {
    %y = dither.scan max %x {dim = 1 : i64, exclusive} : tensor<2x1500xf16>
    return %y : tensor<2x1500xf16>
  }
  func.func @f39(%x: tensor<2x1500xf32>) -> tensor<2x1500xf32> {
    %y = dither.scan min %x {dim = 1 : i64, reverse} : tensor<2x1500xf32>
    return %y : tensor<2x1500xf32>
  }
  func.func @f40(%x: tensor<?x33xi32>) -> tensor<?x33xi32> {
    %y = dither.scan product %x {dim = 0 : i64, reverse, exclusive} : tensor<?x33xi32>
    return %y : tensor<?x33xi32>
  }
  func.func @f41(%x: tensor<3x2500xi8>) -> tensor<3x2500xi8> {
    %y = dither.scan product %x {dim = 1 : i64} : tensor<3x2500xi8>
    return %y : tensor<3x2500xi8>
  }
  func.func @f42(%x: tensor<2x1100xf32>) -> tensor<2x1100xf32> {
    %a = dither.sign %x : tensor<2x1100xf32>
    %y = dither.recurrence %a, %x {dim = 1 : i64, reverse} : tensor<2x1100xf32>
    return %y : tensor<2x1100xf32>
  }
  func.func @f43(%x: tensor<?x40xf32>) -> tensor<?x40xf32> {
    %a = dither.sign %x : tensor<?x40xf32>
    %y = dither.recurrence %a, %x {dim = 0 : i64, exclusive} : tensor<?x40xf32>
    return %y : tensor<?x40xf32>
  }
  func.func @f44(%x: tensor<3x40xf32>) -> tensor<3x40xf32> {
    %a = dither.sign %x : tensor<3x40xf32>
    %y = dither.recurrence %a, %x {dim = 1 : i64} : tensor<3x40xf32>
    return %y : tensor<3x40xf32>
  }
  func.func @f45(%x: tensor<?x3000xi32>) -> tensor<?xi32> {
    %y = dither.reduce and %x {dims = array<i64: 1>} : tensor<?x3000xi32>
    return %y : tensor<?xi32>
  }
  func.func @f46(%x: tensor<?x3000xi1>) -> tensor<?xi1> {
    %y = dither.reduce or %x {dims = array<i64: 1>} : tensor<?x3000xi1>
    return %y : tensor<?xi1>
  }
  func.func @f47(%x: tensor<?x3000xi1>) -> tensor<?xi1> {
    %y = dither.reduce and %x {dims = array<i64: 1>} : tensor<?x3000xi1>
    return %y : tensor<?xi1>
  }
  func.func @f48(%x: tensor<?x3000xi32>) -> tensor<?xi32> {
    %y = dither.reduce product %x {dims = array<i64: 1>} : tensor<?x3000xi32>
    return %y : tensor<?xi32>
  }
  // The factor of many elements overflows, of a state that is 0.
  func.func @f49(%x: tensor<2x1100xf32>) -> tensor<2x1100xf32> {
    %zero = dither.constant dense<0.0> : tensor<f32>
    %large = dither.constant dense<1.0e10> : tensor<f32>
    %minus = dither.constant dense<-1.0> : tensor<f32>
    %from = dither.constant dense<1000> : tensor<i32>
    %i = dither.iota {dim = 1 : i64} : tensor<2x1100xi32>
    %first = dither.compare lt %i, %from : tensor<2x1100xi32>, tensor<i32>
    %a = dither.select %first, %large, %minus : tensor<2x1100xi1>, tensor<f32>, tensor<f32>
    %b = dither.select %first, %zero, %x : tensor<2x1100xi1>, tensor<f32>, tensor<2x1100xf32>
    %y = dither.recurrence %a, %b {dim = 1 : i64} : tensor<2x1100xf32>
    return %y : tensor<2x1100xf32>
  }
}
