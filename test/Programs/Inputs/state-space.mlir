// Selective scans of several lengths and widths, and what an associative scan says of the same recurrence.
dither.model @state_space {
  func.func @f(%x: tensor<?x70x24xf32>, %t: tensor<?x70x24xf32>, %r: tensor<24x16xf32>, %b: tensor<?x70x16xf32>, %c: tensor<?x70x16xf32>,
      %d: tensor<24xf32>, %h: tensor<?x24x16xf32>) -> (tensor<?x70x24xf32>, tensor<?x24x16xf32>) {
    %dt = dither.softplus %t : tensor<?x70x24xf32>
    %e = dither.exp %r : tensor<24x16xf32>
    %a = dither.neg %e : tensor<24x16xf32>
    %y:3 = dither.selective_scan %x, %dt, %a, %b, %c skip %d from %h
      : tensor<?x70x24xf32>, tensor<24x16xf32>, tensor<?x70x16xf32> skip tensor<24xf32> from tensor<?x24x16xf32>
    return %y#0, %y#1 : tensor<?x70x24xf32>, tensor<?x24x16xf32>
  }

  // A piece of the sequence after the other, less the whole of it.
  func.func @pieces(%x: tensor<?x40x5xf32>, %t: tensor<?x40x5xf32>, %r: tensor<5x3xf32>, %b: tensor<?x40x3xf32>, %c: tensor<?x40x3xf32>)
      -> tensor<?x24x5xf32> {
    %dt = dither.sigmoid %t : tensor<?x40x5xf32>
    %e = dither.exp %r : tensor<5x3xf32>
    %a = dither.neg %e : tensor<5x3xf32>
    %xs:2 = dither.split %x {dim = 1 : i64, sizes = array<i64: 16, 24>} : tensor<?x40x5xf32>
    %dts:2 = dither.split %dt {dim = 1 : i64, sizes = array<i64: 16, 24>} : tensor<?x40x5xf32>
    %bs:2 = dither.split %b {dim = 1 : i64, sizes = array<i64: 16, 24>} : tensor<?x40x3xf32>
    %cs:2 = dither.split %c {dim = 1 : i64, sizes = array<i64: 16, 24>} : tensor<?x40x3xf32>
    %front:3 = dither.selective_scan %xs#0, %dts#0, %a, %bs#0, %cs#0 : tensor<?x16x5xf32>, tensor<5x3xf32>, tensor<?x16x3xf32>
    %back:3 = dither.selective_scan %xs#1, %dts#1, %a, %bs#1, %cs#1 from %front#1 {block = 7 : i64}
      : tensor<?x24x5xf32>, tensor<5x3xf32>, tensor<?x24x3xf32> from tensor<?x5x3xf32>
    %whole:3 = dither.selective_scan %x, %dt, %a, %b, %c : tensor<?x40x5xf32>, tensor<5x3xf32>, tensor<?x40x3xf32>
    %behind:2 = dither.split %whole#0 {dim = 1 : i64, sizes = array<i64: 16, 24>} : tensor<?x40x5xf32>
    %difference = dither.sub %back#0, %behind#1 : tensor<?x24x5xf32>, tensor<?x24x5xf32>
    return %difference : tensor<?x24x5xf32>
  }

  // The same by a fold over steps, whose states are all kept.
  func.func @unfused(%x: tensor<?x40x5xf32>, %t: tensor<?x40x5xf32>, %r: tensor<5x3xf32>, %b: tensor<?x40x3xf32>, %c: tensor<?x40x3xf32>)
      -> tensor<?x40x5xf32> {
    %dt = dither.sigmoid %t : tensor<?x40x5xf32>
    %e = dither.exp %r : tensor<5x3xf32>
    %a = dither.neg %e : tensor<5x3xf32>
    %y:3 = dither.selective_scan %x, %dt, %a, %b, %c {block = 16 : i64} : tensor<?x40x5xf32>, tensor<5x3xf32>, tensor<?x40x3xf32>
    %z = dither.for over(%x, %dt, %b, %c) : (tensor<?x40x5xf32>, tensor<?x40x5xf32>, tensor<?x40x3xf32>, tensor<?x40x3xf32>) -> tensor<?x40x5xf32> {
    ^bb0(%i: tensor<i64>, %xi: tensor<40x5xf32>, %dti: tensor<40x5xf32>, %bi: tensor<40x3xf32>, %ci: tensor<40x3xf32>):
      %dt3 = dither.reshape %dti : tensor<40x5xf32> to tensor<40x5x1xf32>
      %product = dither.mul %dti, %xi : tensor<40x5xf32>, tensor<40x5xf32>
      %input = dither.reshape %product : tensor<40x5xf32> to tensor<40x5x1xf32>
      %b3 = dither.reshape %bi : tensor<40x3xf32> to tensor<40x1x3xf32>
      %c3 = dither.reshape %ci : tensor<40x3xf32> to tensor<40x1x3xf32>
      %exponent = dither.mul %dt3, %a : tensor<40x5x1xf32>, tensor<5x3xf32>
      %decay = dither.exp %exponent : tensor<40x5x3xf32>
      %added = dither.mul %input, %b3 : tensor<40x5x1xf32>, tensor<40x1x3xf32>
      %h = dither.recurrence %decay, %added {dim = 0 : i64} : tensor<40x5x3xf32>
      %w = dither.mul %h, %c3 : tensor<40x5x3xf32>, tensor<40x1x3xf32>
      %sum = dither.reduce sum %w {dims = array<i64: 2>} : tensor<40x5x3xf32>
      dither.yield %sum : tensor<40x5xf32>
    }
    %difference = dither.sub %y#0, %z : tensor<?x40x5xf32>, tensor<?x40x5xf32>
    return %difference : tensor<?x40x5xf32>
  }

  func.func @f_gradients(%x: tensor<?x70x24xf32>, %t: tensor<?x70x24xf32>, %r: tensor<24x16xf32>, %b: tensor<?x70x16xf32>, %c: tensor<?x70x16xf32>, %d: tensor<24xf32>, %h: tensor<?x24x16xf32>,
      %dy: tensor<?x70x24xf32>, %dl: tensor<?x24x16xf32>)
      -> (tensor<?x70x24xf32>, tensor<?x70x24xf32>, tensor<24x16xf32>, tensor<?x70x16xf32>, tensor<?x70x16xf32>, tensor<24xf32>, tensor<?x24x16xf32>) {
    %g:9 = dither.vjp @f(%x, %t, %r, %b, %c, %d, %h) along(%dy, %dl)
      : (tensor<?x70x24xf32>, tensor<?x70x24xf32>, tensor<24x16xf32>, tensor<?x70x16xf32>, tensor<?x70x16xf32>, tensor<24xf32>, tensor<?x24x16xf32>, tensor<?x70x24xf32>, tensor<?x24x16xf32>)
      -> (tensor<?x70x24xf32>, tensor<?x24x16xf32>, tensor<?x70x24xf32>, tensor<?x70x24xf32>, tensor<24x16xf32>, tensor<?x70x16xf32>, tensor<?x70x16xf32>, tensor<24xf32>, tensor<?x24x16xf32>)
    return %g#2, %g#3, %g#4, %g#5, %g#6, %g#7, %g#8
      : tensor<?x70x24xf32>, tensor<?x70x24xf32>, tensor<24x16xf32>, tensor<?x70x16xf32>, tensor<?x70x16xf32>, tensor<24xf32>, tensor<?x24x16xf32>
  }
}
