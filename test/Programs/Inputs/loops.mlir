dither.model @loops {
  func.func @power(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %y = dither.for carry(%x) {trips = 3 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32> {
    ^bb0(%i: tensor<i64>, %a: tensor<?x4xf32>):
      %b = dither.mul %a, %a : tensor<?x4xf32>, tensor<?x4xf32>
      dither.yield %b : tensor<?x4xf32>
    }
    return %y : tensor<?x4xf32>
  }
  func.func @rnn(%x: tensor<?x4xf32>, %s: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> (tensor<?x4xf32>, tensor<8x?x4xf32>) {
    %h, %all = dither.for carry(%x) over(%s) : (tensor<?x4xf32>, tensor<8x4xf32>) -> (tensor<?x4xf32>, tensor<8x?x4xf32>) {
    ^bb0(%i: tensor<i64>, %a: tensor<?x4xf32>, %row: tensor<4xf32>):
      %m = dither.matmul %a, %w : tensor<?x4xf32>, tensor<4x4xf32>
      %b = dither.add %m, %row : tensor<?x4xf32>, tensor<4xf32>
      %c = dither.tanh %b : tensor<?x4xf32>
      dither.yield %c, %c : tensor<?x4xf32>, tensor<?x4xf32>
    }
    return %h, %all : tensor<?x4xf32>, tensor<8x?x4xf32>
  }
  func.func @map(%x: tensor<?x4xf32>) -> tensor<?xf32> {
    %all = dither.for over(%x) {reverse} : (tensor<?x4xf32>) -> tensor<?xf32> {
    ^bb0(%i: tensor<i64>, %row: tensor<4xf32>):
      %m = dither.reduce sum %row : tensor<4xf32>
      dither.yield %m : tensor<f32>
    }
    return %all : tensor<?xf32>
  }
  func.func @swap(%x: tensor<5xf32>, %y: tensor<5xf32>) -> (tensor<5xf32>, tensor<5xf32>) {
    %a, %b = dither.for carry(%x, %y) {trips = 3 : i64} : (tensor<5xf32>, tensor<5xf32>) -> (tensor<5xf32>, tensor<5xf32>) {
    ^bb0(%i: tensor<i64>, %p: tensor<5xf32>, %q: tensor<5xf32>):
      dither.yield %q, %p : tensor<5xf32>, tensor<5xf32>
    }
    return %a, %b : tensor<5xf32>, tensor<5xf32>
  }
  func.func @cond(%c: tensor<i32>, %x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %zero = dither.constant dense<0> : tensor<i32>
    %p = dither.compare gt %c, %zero : tensor<i32>, tensor<i32>
    %y = dither.cond %p -> tensor<?x4xf32> {
      %a = dither.exp %x : tensor<?x4xf32>
      dither.yield %a : tensor<?x4xf32>
    } else {
      dither.yield %x : tensor<?x4xf32>
    }
    return %y : tensor<?x4xf32>
  }
  func.func @halve(%x: tensor<7xf32>) -> tensor<7xf32> {
    %y = dither.while carry(%x) {max_trips = 40 : i64} : tensor<7xf32> {
    ^bb0(%a: tensor<7xf32>):
      %limit = dither.constant dense<0.1> : tensor<f32>
      %abs = dither.abs %a : tensor<7xf32>
      %m = dither.reduce max %abs : tensor<7xf32>
      %c = dither.compare gt %m, %limit : tensor<f32>, tensor<f32>
      dither.yield %c : tensor<i1>
    } do {
    ^bb0(%a: tensor<7xf32>):
      %half = dither.constant dense<0.5> : tensor<f32>
      %b = dither.mul %a, %half : tensor<7xf32>, tensor<f32>
      dither.yield %b : tensor<7xf32>
    }
    return %y : tensor<7xf32>
  }
  func.func @random(%x: tensor<3xf32>) -> tensor<4x3xf32> {
    %rng = dither.rng : tensor<2xi64>
    %y = dither.for {trips = 4 : i64} : () -> tensor<4x3xf32> {
    ^bb0(%i: tensor<i64>):
      %own = dither.fold_in %rng, %i {stream = 0 : i64} : tensor<2xi64>
      %u = dither.uniform %own {stream = 1 : i64} : tensor<2xi64> -> tensor<3xf32>
      %v = dither.add %u, %x : tensor<3xf32>, tensor<3xf32>
      dither.yield %v : tensor<3xf32>
    }
    return %y : tensor<4x3xf32>
  }
  func.func @views(%x: tensor<6xf32>, %y: tensor<2x3xf32>, %z: tensor<6xf32>) -> (tensor<6xf32>, tensor<2x3xf32>, tensor<6xf32>) {
    %a, %b, %c = dither.for carry(%x, %y, %z) {trips = 5 : i64} : (tensor<6xf32>, tensor<2x3xf32>, tensor<6xf32>) -> (tensor<6xf32>, tensor<2x3xf32>, tensor<6xf32>) {
    ^bb0(%i: tensor<i64>, %p: tensor<6xf32>, %q: tensor<2x3xf32>, %r: tensor<6xf32>):
      %f = dither.reshape %q : tensor<2x3xf32> to tensor<6xf32>
      %g = dither.reshape %p : tensor<6xf32> to tensor<2x3xf32>
      dither.yield %f, %g, %r : tensor<6xf32>, tensor<2x3xf32>, tensor<6xf32>
    }
    return %a, %b, %c : tensor<6xf32>, tensor<2x3xf32>, tensor<6xf32>
  }
  func.func @nested(%x: tensor<6xf32>, %y: tensor<3x6xf32>) -> tensor<6xf32> {
    %a = dither.for carry(%x) {trips = 5 : i64} : (tensor<6xf32>) -> tensor<6xf32> {
    ^bb0(%i: tensor<i64>, %p: tensor<6xf32>):
      %n = dither.cast %i : tensor<i64> to tensor<f32>
      %b = dither.for carry(%p) over(%y) : (tensor<6xf32>, tensor<3x6xf32>) -> tensor<6xf32> {
      ^bb0(%j: tensor<i64>, %q: tensor<6xf32>, %row: tensor<6xf32>):
        %s = dither.mul %row, %n : tensor<6xf32>, tensor<f32>
        %t = dither.add %q, %s : tensor<6xf32>, tensor<6xf32>
        %odd = dither.constant dense<1> : tensor<i64>
        %bit = dither.and %j, %odd : tensor<i64>, tensor<i64>
        %is = dither.compare eq %bit, %odd : tensor<i64>, tensor<i64>
        %v = dither.cond %is -> tensor<6xf32> {
          %w = dither.sub %t, %p : tensor<6xf32>, tensor<6xf32>
          dither.yield %w : tensor<6xf32>
        } else {
          dither.yield %t : tensor<6xf32>
        }
        dither.yield %v : tensor<6xf32>
      }
      dither.yield %b : tensor<6xf32>
    }
    return %a : tensor<6xf32>
  }
  // Nothing within the outer loop but what it carries tells the batch.
  func.func @inner(%x: tensor<?x8xf32>, %c: tensor<i1>) -> (tensor<?x8xf32>, tensor<3x2x?x8xf32>) {
    %y, %all = dither.for carry(%x) {trips = 3 : i64} : (tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<3x2x?x8xf32>) {
    ^bb0(%i: tensor<i64>, %a: tensor<?x8xf32>):
      %s = dither.cond %c -> tensor<?x8xf32> {
        %t = dither.sin %a : tensor<?x8xf32>
        dither.yield %t : tensor<?x8xf32>
      } else {
        dither.yield %a : tensor<?x8xf32>
      }
      %two = dither.for {trips = 2 : i64} : () -> tensor<2x?x8xf32> {
      ^bb0(%j: tensor<i64>):
        %n = dither.cast %j : tensor<i64> to tensor<f32>
        %r = dither.mul %a, %n : tensor<?x8xf32>, tensor<f32>
        dither.yield %r : tensor<?x8xf32>
      }
      dither.yield %s, %two : tensor<?x8xf32>, tensor<2x?x8xf32>
    }
    return %y, %all : tensor<?x8xf32>, tensor<3x2x?x8xf32>
  }

  // What is carried has no elements.
  func.func @while_empty(%x: tensor<?x7xf32>, %n: tensor<i32>) -> tensor<?x0xf32> {
    %a = dither.slice %x {offsets = array<i64: 0, 5>, sizes = array<i64: -1, 0>, strides = array<i64: 1, 1>} : tensor<?x7xf32>
    %zero = dither.constant dense<0> : tensor<i32>
    %y = dither.while carry(%a) {max_trips = 2 : i64} : tensor<?x0xf32> {
    ^bb0(%b: tensor<?x0xf32>):
      %t = dither.compare gt %n, %zero : tensor<i32>, tensor<i32>
      dither.yield %t : tensor<i1>
    } do {
    ^bb0(%b: tensor<?x0xf32>):
      %c = dither.sub %a, %b : tensor<?x0xf32>, tensor<?x0xf32>
      dither.yield %c : tensor<?x0xf32>
    }
    return %y : tensor<?x0xf32>
  }

  // Of rows whose number is dynamic, what is combined is a column.
  func.func @scan_columns(%x: tensor<?x7xf32>) -> tensor<?x7xf32> {
    %p, %h = dither.associative_scan %x, %x {dim = 1 : i64} : tensor<?x7xf32>, tensor<?x7xf32> {
    ^bb0(%a: tensor<?xf32>, %b: tensor<?xf32>, %c: tensor<?xf32>, %d: tensor<?xf32>):
      %ca = dither.mul %c, %a : tensor<?xf32>, tensor<?xf32>
      %cb = dither.mul %c, %b : tensor<?xf32>, tensor<?xf32>
      %e = dither.add %cb, %d : tensor<?xf32>, tensor<?xf32>
      dither.yield %ca, %e : tensor<?xf32>, tensor<?xf32>
    }
    return %p : tensor<?x7xf32>
  }
}
