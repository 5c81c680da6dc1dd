dither.model @control_flow {
  func.func @for_carried(%a: tensor<?x3xf64>) -> tensor<?x3xf64> {
    %y = dither.for carry(%a) {trips = 3 : i64} : (tensor<?x3xf64>) -> tensor<?x3xf64> {
    ^bb0(%i: tensor<i64>, %x: tensor<?x3xf64>):
      %s = dither.sin %x : tensor<?x3xf64>
      %n = dither.cast %i : tensor<i64> to tensor<f64>
      %z = dither.add %s, %n : tensor<?x3xf64>, tensor<f64>
      dither.yield %z : tensor<?x3xf64>
    }
    return %y : tensor<?x3xf64>
  }

  // A recurrent network: rows, captured weights, stacked states, from the last row to the first.
  func.func @for_rows(%a: tensor<?x3xf64>, %b: tensor<4x3xf64>, %c: tensor<3x3xf64>) -> tensor<4x?x3xf64> {
    %h, %all = dither.for carry(%a) over(%b) {reverse} : (tensor<?x3xf64>, tensor<4x3xf64>) -> (tensor<?x3xf64>, tensor<4x?x3xf64>) {
    ^bb0(%i: tensor<i64>, %x: tensor<?x3xf64>, %row: tensor<3xf64>):
      %m = dither.matmul %x, %c : tensor<?x3xf64>, tensor<3x3xf64>
      %s = dither.add %m, %row : tensor<?x3xf64>, tensor<3xf64>
      %t = dither.tanh %s : tensor<?x3xf64>
      %u = dither.mul %t, %x : tensor<?x3xf64>, tensor<?x3xf64>
      dither.yield %t, %u : tensor<?x3xf64>, tensor<?x3xf64>
    }
    return %all : tensor<4x?x3xf64>
  }

  // As many runs as the batch has rows; none of it is carried.
  func.func @for_map(%a: tensor<?x3xf64>, %b: tensor<3xf64>) -> tensor<?xf64> {
    %y = dither.for over(%a) : (tensor<?x3xf64>) -> tensor<?xf64> {
    ^bb0(%i: tensor<i64>, %row: tensor<3xf64>):
      %p = dither.mul %row, %b : tensor<3xf64>, tensor<3xf64>
      %s = dither.reduce sum %p : tensor<3xf64>
      %t = dither.sin %s : tensor<f64>
      dither.yield %t : tensor<f64>
    }
    return %y : tensor<?xf64>
  }

  // Carried values that change places, views of each other, one of which nothing depends on.
  func.func @for_swapped(%a: tensor<?x6xf64>, %b: tensor<?x2x3xf64>) -> tensor<?x6xf64> {
    %y, %z, %n = dither.for carry(%a, %b, %a) {trips = 3 : i64}
        : (tensor<?x6xf64>, tensor<?x2x3xf64>, tensor<?x6xf64>) -> (tensor<?x6xf64>, tensor<?x2x3xf64>, tensor<?x6xf64>) {
    ^bb0(%i: tensor<i64>, %p: tensor<?x6xf64>, %q: tensor<?x2x3xf64>, %r: tensor<?x6xf64>):
      %f = dither.reshape %q : tensor<?x2x3xf64> to tensor<?x6xf64>
      %g = dither.reshape %p : tensor<?x6xf64> to tensor<?x2x3xf64>
      dither.yield %f, %g, %r : tensor<?x6xf64>, tensor<?x2x3xf64>, tensor<?x6xf64>
    }
    return %y : tensor<?x6xf64>
  }

  func.func @for_nested(%a: tensor<?x3xf64>, %b: tensor<2x3xf64>) -> tensor<?x3xf64> {
    %y = dither.for carry(%a) {trips = 2 : i64} : (tensor<?x3xf64>) -> tensor<?x3xf64> {
    ^bb0(%i: tensor<i64>, %x: tensor<?x3xf64>):
      %z = dither.for carry(%x) over(%b) : (tensor<?x3xf64>, tensor<2x3xf64>) -> tensor<?x3xf64> {
      ^bb0(%j: tensor<i64>, %p: tensor<?x3xf64>, %row: tensor<3xf64>):
        %s = dither.mul %p, %row : tensor<?x3xf64>, tensor<3xf64>
        %t = dither.add %s, %x : tensor<?x3xf64>, tensor<?x3xf64>
        dither.yield %t : tensor<?x3xf64>
      }
      dither.yield %z : tensor<?x3xf64>
    }
    return %y : tensor<?x3xf64>
  }

  func.func @for_none(%a: tensor<?x3xf64>) -> tensor<?x3xf64> {
    %y = dither.for carry(%a) {trips = 0 : i64} : (tensor<?x3xf64>) -> tensor<?x3xf64> {
    ^bb0(%i: tensor<i64>, %x: tensor<?x3xf64>):
      %s = dither.exp %x : tensor<?x3xf64>
      dither.yield %s : tensor<?x3xf64>
    }
    return %y : tensor<?x3xf64>
  }

  func.func @cond(%a: tensor<?x3xf64>, %b: tensor<3xf64>, %c: tensor<i1>) -> tensor<?x3xf64> {
    %one = dither.constant dense<1> : tensor<i32>
    %y:2 = dither.cond %c -> tensor<?x3xf64>, tensor<i32> {
      %s = dither.mul %a, %b : tensor<?x3xf64>, tensor<3xf64>
      %t = dither.sin %s : tensor<?x3xf64>
      dither.yield %t, %one : tensor<?x3xf64>, tensor<i32>
    } else {
      dither.yield %a, %one : tensor<?x3xf64>, tensor<i32>
    }
    return %y#0 : tensor<?x3xf64>
  }

  // Newton's method for the square root, which ends by itself.
  func.func @while(%a: tensor<?x3xf64> {dither.range = [0.5, 3.0]}) -> tensor<?x3xf64> {
    %n = dither.constant dense<0> : tensor<i64>
    %y, %m = dither.while carry(%a, %n) {max_trips = 8 : i64} : tensor<?x3xf64>, tensor<i64> {
    ^bb0(%x: tensor<?x3xf64>, %k: tensor<i64>):
      %four = dither.constant dense<4> : tensor<i64>
      %more = dither.compare lt %k, %four : tensor<i64>, tensor<i64>
      dither.yield %more : tensor<i1>
    } do {
    ^bb0(%x: tensor<?x3xf64>, %k: tensor<i64>):
      %q = dither.div %a, %x : tensor<?x3xf64>, tensor<?x3xf64>
      %s = dither.add %q, %x : tensor<?x3xf64>, tensor<?x3xf64>
      %half = dither.constant dense<0.5> : tensor<f64>
      %z = dither.mul %s, %half : tensor<?x3xf64>, tensor<f64>
      %one = dither.constant dense<1> : tensor<i64>
      %l = dither.add %k, %one : tensor<i64>, tensor<i64>
      dither.yield %z, %l : tensor<?x3xf64>, tensor<i64>
    }
    return %y : tensor<?x3xf64>
  }

  // A linear recurrence, of which the products of factors are the other half.
  func.func @associative_scan_pairs(%a: tensor<?x4xf64>, %b: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %p, %h = dither.associative_scan %a, %b {dim = 1 : i64} : tensor<?x4xf64>, tensor<?x4xf64> {
    ^bb0(%a0: tensor<?xf64>, %b0: tensor<?xf64>, %a1: tensor<?xf64>, %b1: tensor<?xf64>):
      %c = dither.mul %a1, %a0 : tensor<?xf64>, tensor<?xf64>
      %d = dither.mul %a1, %b0 : tensor<?xf64>, tensor<?xf64>
      %e = dither.add %d, %b1 : tensor<?xf64>, tensor<?xf64>
      dither.yield %c, %e : tensor<?xf64>, tensor<?xf64>
    }
    return %h : tensor<?x4xf64>
  }

  // What does not commute, from the last matrix to the first; the last dimension of the tensor is gone through.
  func.func @associative_scan_matrices(%a: tensor<2x2x5xf64> {dither.range = [-1.0, 1.0]}) -> tensor<2x2x5xf64> {
    %y = dither.associative_scan %a {dim = 2 : i64, reverse} : tensor<2x2x5xf64> {
    ^bb0(%l: tensor<2x2xf64>, %r: tensor<2x2xf64>):
      %m = dither.matmul %l, %r : tensor<2x2xf64>, tensor<2x2xf64>
      dither.yield %m : tensor<2x2xf64>
    }
    return %y : tensor<2x2x5xf64>
  }

  // Six blocks of six elements and two more; the region reads a value from outside. sinh(x + y) and cosh(x + y) are an associative pair.
  func.func @associative_scan_blocks(%a: tensor<38xf64> {dither.range = [-0.2, 0.2]}, %b: tensor<38xf64> {dither.range = [-0.2, 0.2]}, %c: tensor<f64>)
      -> tensor<38xf64> {
    %y, %z = dither.associative_scan %a, %b {dim = 0 : i64} : tensor<38xf64>, tensor<38xf64> {
    ^bb0(%a0: tensor<f64>, %b0: tensor<f64>, %a1: tensor<f64>, %b1: tensor<f64>):
      %p = dither.mul %a0, %a1 : tensor<f64>, tensor<f64>
      %q = dither.mul %p, %c : tensor<f64>, tensor<f64>
      %r = dither.add %a0, %a1 : tensor<f64>, tensor<f64>
      %s = dither.add %r, %q : tensor<f64>, tensor<f64>
      %t = dither.add %b0, %b1 : tensor<f64>, tensor<f64>
      dither.yield %s, %t : tensor<f64>, tensor<f64>
    }
    return %y : tensor<38xf64>
  }

  // Small vectors along the second dimension, in blocks, from the last one; the second result of the region is that on the left.
  func.func @associative_scan_left(%a: tensor<2x36x3xf64> {dither.range = [0.8, 1.2]}, %b: tensor<2x36x3xf64>) -> tensor<2x36x3xf64> {
    %y, %z = dither.associative_scan %a, %b {dim = 1 : i64, reverse} : tensor<2x36x3xf64>, tensor<2x36x3xf64> {
    ^bb0(%a0: tensor<2x3xf64>, %b0: tensor<2x3xf64>, %a1: tensor<2x3xf64>, %b1: tensor<2x3xf64>):
      %p = dither.mul %a0, %a1 : tensor<2x3xf64>, tensor<2x3xf64>
      dither.yield %p, %b0 : tensor<2x3xf64>, tensor<2x3xf64>
    }
    return %z : tensor<2x36x3xf64>
  }

  func.func @associative_scan_none(%a: tensor<?x0xf64>) -> tensor<?x0xf64> {
    %y = dither.associative_scan %a {dim = 1 : i64} : tensor<?x0xf64> {
    ^bb0(%l: tensor<?xf64>, %r: tensor<?xf64>):
      %m = dither.add %l, %r : tensor<?xf64>, tensor<?xf64>
      dither.yield %m : tensor<?xf64>
    }
    return %y : tensor<?x0xf64>
  }
}
