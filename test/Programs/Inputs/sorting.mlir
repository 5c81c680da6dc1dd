// Rows that are sorted by insertion and by digits, along all dimensions, of all types.
dither.model @sorting {
  func.func @digits(%x: tensor<?x3x400xf32>) -> tensor<?x3x400xi32> {
    %y = dither.argsort %x {dim = 2 : i64} : tensor<?x3x400xf32>
    return %y : tensor<?x3x400xi32>
  }
  func.func @columns(%x: tensor<300x7xf32>) -> tensor<300x7xf32> {
    %y = dither.sort %x {dim = 0 : i64, descending} : tensor<300x7xf32>
    return %y : tensor<300x7xf32>
  }
  func.func @first_digits(%x: tensor<?x400xf32>) -> (tensor<?x100xf32>, tensor<?x100xi32>) {
    %y, %i = dither.top_k %x {k = 100 : i64} : tensor<?x400xf32>
    return %y, %i : tensor<?x100xf32>, tensor<?x100xi32>
  }
  func.func @first(%x: tensor<?x400xf32>) -> (tensor<?x5xf32>, tensor<?x5xi32>) {
    %y, %i = dither.top_k %x {k = 5 : i64, smallest} : tensor<?x400xf32>
    return %y, %i : tensor<?x5xf32>, tensor<?x5xi32>
  }
  func.func @integers(%x: tensor<?x90xi32>) -> tensor<?x90xi32> {
    %y = dither.sort %x {dim = 1 : i64, descending} : tensor<?x90xi32>
    return %y : tensor<?x90xi32>
  }
  func.func @short(%x: tensor<?x90xf32>) -> tensor<?x90xi32> {
    %s = dither.cast %x : tensor<?x90xf32> to tensor<?x90xbf16>
    %y = dither.argsort %s {dim = 1 : i64, descending} : tensor<?x90xbf16>
    return %y : tensor<?x90xi32>
  }
  func.func @bytes(%x: tensor<?x90xi32>) -> (tensor<?x90xi8>, tensor<?x60xi32>) {
    %s = dither.cast %x : tensor<?x90xi32> to tensor<?x90xi8>
    %y = dither.sort %s {dim = 1 : i64} : tensor<?x90xi8>
    %i = dither.argsort %s {dim = 1 : i64, count = 60 : i64} : tensor<?x90xi8>
    return %y, %i : tensor<?x90xi8>, tensor<?x60xi32>
  }
  // A result that is read again, and one that is made in a loop.
  func.func @twice(%x: tensor<?x60xf32>) -> (tensor<?x60xi32>, tensor<?x60xi32>) {
    %i = dither.argsort %x {dim = 1 : i64} : tensor<?x60xf32>
    %j = dither.argsort %i {dim = 1 : i64} : tensor<?x60xi32>
    return %i, %j : tensor<?x60xi32>, tensor<?x60xi32>
  }
  func.func @loop(%x: tensor<3x60xf32>) -> tensor<3x60xf32> {
    %y = dither.for over(%x) : (tensor<3x60xf32>) -> tensor<3x60xf32> {
    ^bb0(%i: tensor<i64>, %row: tensor<60xf32>):
      %s = dither.sort %row {dim = 0 : i64} : tensor<60xf32>
      dither.yield %s : tensor<60xf32>
    }
    return %y : tensor<3x60xf32>
  }
  // x is read after sums went into a copy of it.
  func.func @sums(%u: tensor<?x9xf32>, %x: tensor<?x40xf32>, %i: tensor<?x9xi32>) -> tensor<?x40xf32> {
    %s = dither.scatter_add_along %u into %x at %i {dim = 1 : i64} : tensor<?x9xf32>, tensor<?x40xf32>, tensor<?x9xi32>
    %y = dither.max %s, %x : tensor<?x40xf32>, tensor<?x40xf32>
    return %y : tensor<?x40xf32>
  }
}
