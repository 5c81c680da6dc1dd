// A normalizing flow of points of the plane (Dinh et al., "Density estimation using Real NVP", 2017): an invertible function from points to standard
// normal numbers. The density of a point is that of its numbers, times how much the function stretches the plane there:
//   log p(x) = log normal(z) + log |det dz/dx|,   z = f(x).
// f is 8 coupling layers. Each leaves one coordinate, a, as it is, and scales and shifts the other by what a network makes of a:
//   (a, b) becomes (b exp(s(a)) + t(a), a),
// which is undone without inverting the network, and whose determinant is exp(s(a)), but for the sign. Coordinates swap places, so that the next
// layer changes the other one. Data is what moons.py writes; the loss is the mean of -log p(x), in nats.
//
// To draw points, the layers run backwards:
//   dither train examples/flow/flow.mlir --data moons.csv --out flow
//   dither run examples/flow/flow.mlir --params flow/model.safetensors --function sample --input points.npy
//
// Parameters of all layers lie in one tensor, of which a loop takes a row for each layer. Initializers count the layers, not the rows of a matrix:
// `gain = 0.5` makes a standard deviation of 0.18. Scales and shifts begin close to 0, so that f begins close to the identity.
dither.model @flow {
  dither.param @w1 : tensor<8x1x64xf32> init #dither.kaiming_uniform<gain = 3.0>
  dither.param @b1 : tensor<8x64xf32> init #dither.kaiming_uniform<gain = 3.0>
  dither.param @w2 : tensor<8x64x64xf32> init #dither.kaiming_uniform<gain = 0.5>
  dither.param @b2 : tensor<8x64xf32> init #dither.fill<0.0>
  dither.param @w3 : tensor<8x64x2xf32> init #dither.kaiming_uniform<gain = 0.02>
  dither.param @b3 : tensor<8x2xf32> init #dither.fill<0.0>

  // s and t of a layer. tanh bounds s, so that no layer stretches by more than exp(2).
  func.func @scale_and_shift(%a: tensor<?x1xf32>, %w1: tensor<1x64xf32>, %b1: tensor<64xf32>, %w2: tensor<64x64xf32>, %b2: tensor<64xf32>,
      %w3: tensor<64x2xf32>, %b3: tensor<2xf32>) -> (tensor<?x1xf32>, tensor<?x1xf32>) {
    %two = dither.constant dense<2.0> : tensor<f32>
    %y1 = dither.linear %a, %w1, %b1 : tensor<?x1xf32>, tensor<1x64xf32>, tensor<64xf32>
    %h1 = dither.silu %y1 : tensor<?x64xf32>
    %y2 = dither.linear %h1, %w2, %b2 : tensor<?x64xf32>, tensor<64x64xf32>, tensor<64xf32>
    %h2 = dither.silu %y2 : tensor<?x64xf32>
    %y3 = dither.linear %h2, %w3, %b3 : tensor<?x64xf32>, tensor<64x2xf32>, tensor<2xf32>
    %raw, %t = dither.split %y3 {dim = 1 : i64, sizes = array<i64: 1, 1>} : tensor<?x2xf32>
    %bounded = dither.tanh %raw : tensor<?x1xf32>
    %s = dither.mul %bounded, %two : tensor<?x1xf32>, tensor<f32>
    return %s, %t : tensor<?x1xf32>, tensor<?x1xf32>
  }

  // z = f(x), and the logarithm of the determinant: the sum of s over layers, of which the loop stacks the terms.
  func.func @normalize(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x1xf32>) {
    %w1 = dither.read @w1 : tensor<8x1x64xf32>
    %b1 = dither.read @b1 : tensor<8x64xf32>
    %w2 = dither.read @w2 : tensor<8x64x64xf32>
    %b2 = dither.read @b2 : tensor<8x64xf32>
    %w3 = dither.read @w3 : tensor<8x64x2xf32>
    %b3 = dither.read @b3 : tensor<8x2xf32>
    %z, %terms = dither.for carry(%x) over(%w1, %b1, %w2, %b2, %w3, %b3)
      : (tensor<?x2xf32>, tensor<8x1x64xf32>, tensor<8x64xf32>, tensor<8x64x64xf32>, tensor<8x64xf32>, tensor<8x64x2xf32>, tensor<8x2xf32>)
        -> (tensor<?x2xf32>, tensor<8x?x1xf32>) {
    ^bb0(%i: tensor<i64>, %point: tensor<?x2xf32>, %v1: tensor<1x64xf32>, %c1: tensor<64xf32>, %v2: tensor<64x64xf32>, %c2: tensor<64xf32>,
         %v3: tensor<64x2xf32>, %c3: tensor<2xf32>):
      %a, %b = dither.split %point {dim = 1 : i64, sizes = array<i64: 1, 1>} : tensor<?x2xf32>
      %s, %t = func.call @scale_and_shift(%a, %v1, %c1, %v2, %c2, %v3, %c3)
        : (tensor<?x1xf32>, tensor<1x64xf32>, tensor<64xf32>, tensor<64x64xf32>, tensor<64xf32>, tensor<64x2xf32>, tensor<2xf32>)
          -> (tensor<?x1xf32>, tensor<?x1xf32>)
      %factor = dither.exp %s : tensor<?x1xf32>
      %scaled = dither.mul %b, %factor : tensor<?x1xf32>, tensor<?x1xf32>
      %changed = dither.add %scaled, %t : tensor<?x1xf32>, tensor<?x1xf32>
      %next = dither.concat %changed, %a {dim = 1 : i64} : tensor<?x1xf32>, tensor<?x1xf32>
      dither.yield %next, %s : tensor<?x2xf32>, tensor<?x1xf32>
    }
    %log_determinant = dither.reduce sum %terms {dims = array<i64: 0>} : tensor<8x?x1xf32>
    return %z, %log_determinant : tensor<?x2xf32>, tensor<?x1xf32>
  }

  // The inverse of f: the same layers from the last to the first, each undone. (c, a) becomes (a, (c - t(a)) exp(-s(a))).
  func.func @generate(%z: tensor<?x2xf32>) -> tensor<?x2xf32> {
    %w1 = dither.read @w1 : tensor<8x1x64xf32>
    %b1 = dither.read @b1 : tensor<8x64xf32>
    %w2 = dither.read @w2 : tensor<8x64x64xf32>
    %b2 = dither.read @b2 : tensor<8x64xf32>
    %w3 = dither.read @w3 : tensor<8x64x2xf32>
    %b3 = dither.read @b3 : tensor<8x2xf32>
    %x = dither.for carry(%z) over(%w1, %b1, %w2, %b2, %w3, %b3) {reverse}
      : (tensor<?x2xf32>, tensor<8x1x64xf32>, tensor<8x64xf32>, tensor<8x64x64xf32>, tensor<8x64xf32>, tensor<8x64x2xf32>, tensor<8x2xf32>)
        -> tensor<?x2xf32> {
    ^bb0(%i: tensor<i64>, %point: tensor<?x2xf32>, %v1: tensor<1x64xf32>, %c1: tensor<64xf32>, %v2: tensor<64x64xf32>, %c2: tensor<64xf32>,
         %v3: tensor<64x2xf32>, %c3: tensor<2xf32>):
      %c, %a = dither.split %point {dim = 1 : i64, sizes = array<i64: 1, 1>} : tensor<?x2xf32>
      %s, %t = func.call @scale_and_shift(%a, %v1, %c1, %v2, %c2, %v3, %c3)
        : (tensor<?x1xf32>, tensor<1x64xf32>, tensor<64xf32>, tensor<64x64xf32>, tensor<64xf32>, tensor<64x2xf32>, tensor<2xf32>)
          -> (tensor<?x1xf32>, tensor<?x1xf32>)
      %moved = dither.sub %c, %t : tensor<?x1xf32>, tensor<?x1xf32>
      %minus = dither.neg %s : tensor<?x1xf32>
      %factor = dither.exp %minus : tensor<?x1xf32>
      %b = dither.mul %moved, %factor : tensor<?x1xf32>, tensor<?x1xf32>
      %before = dither.concat %a, %b {dim = 1 : i64} : tensor<?x1xf32>, tensor<?x1xf32>
      dither.yield %before : tensor<?x2xf32>
    }
    return %x : tensor<?x2xf32>
  }

  // As many new points as there are in `like`, at most 1000. They are drawn into a table, of which point i takes row i.
  func.func @sample(%like: tensor<?x2xf32>) -> tensor<?x2xf32> {
    %one = dither.constant dense<1> : tensor<i32>
    %rng = dither.rng : tensor<2xi64>
    %table = dither.normal %rng {stream = 64 : i64} : tensor<2xi64> -> tensor<1000x2xf32>
    %column = dither.reduce sum %like {dims = array<i64: 1>} : tensor<?x2xf32>
    %ones = dither.broadcast %one like %column : tensor<i32>, tensor<?xf32>
    %rows = dither.scan sum %ones {dim = 0 : i64, exclusive} : tensor<?xi32>
    %z = dither.gather %table, %rows : tensor<1000x2xf32>, tensor<?xi32>
    %x = func.call @generate(%z) : (tensor<?x2xf32>) -> tensor<?x2xf32>
    return %x : tensor<?x2xf32>
  }

  // How far points are from where they were after f and its inverse: 0, but for rounding.
  func.func @return_error(%x: tensor<?x2xf32>) -> tensor<f32> {
    %z, %unused = func.call @normalize(%x) : (tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x1xf32>)
    %back = func.call @generate(%z) : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %difference = dither.sub %back, %x : tensor<?x2xf32>, tensor<?x2xf32>
    %distance = dither.abs %difference : tensor<?x2xf32>
    %largest = dither.reduce max %distance : tensor<?x2xf32>
    return %largest : tensor<f32>
  }

  // -log p of each point.
  func.func @surprise(%x: tensor<?x2xf32>) -> tensor<?xf32> {
    %half = dither.constant dense<0.5> : tensor<f32>
    %log_two_pi = dither.constant dense<1.8378770664> : tensor<f32>
    %z, %column = func.call @normalize(%x) : (tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x1xf32>)
    %log_determinant = dither.reshape %column : tensor<?x1xf32> to tensor<?xf32>
    %square = dither.mul %z, %z : tensor<?x2xf32>, tensor<?x2xf32>
    %sum = dither.reduce sum %square {dims = array<i64: 1>} : tensor<?x2xf32>
    %exponent = dither.mul %sum, %half : tensor<?xf32>, tensor<f32>
    %normal = dither.add %exponent, %log_two_pi : tensor<?xf32>, tensor<f32>
    %surprise = dither.sub %normal, %log_determinant : tensor<?xf32>, tensor<?xf32>
    return %surprise : tensor<?xf32>
  }

  func.func @loss(%x: tensor<?x2xf32>) -> tensor<f32> {
    %surprise = func.call @surprise(%x) : (tensor<?x2xf32>) -> tensor<?xf32>
    %loss = dither.mean %surprise : tensor<?xf32>
    return %loss : tensor<f32>
  }

  dither.train @fit loss @loss metric @surprise optimizer #dither.adamw<rate = 2.0e-3> {
    schedule = #dither.linear_decay<to = 0.0>, batch = 128 : i64, epochs = 60 : i64}
}
