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
}
