// How many of 2^28 numbers lie beyond a threshold, by 2^22 at a time.
dither.model @tails {
  func.func @gumbel() -> tensor<1xf32> {
    %rng = dither.rng : tensor<2xi64>
    %threshold = dither.constant dense<16.7> : tensor<f32>
    %zero = dither.constant dense<0.0> : tensor<1xf32>
    %y = dither.for carry(%zero) {trips = 64 : i64} : (tensor<1xf32>) -> tensor<1xf32> {
    ^bb0(%i: tensor<i64>, %count: tensor<1xf32>):
      %own = dither.fold_in %rng, %i {stream = 0 : i64} : tensor<2xi64>
      %g = dither.gumbel %own {stream = 1 : i64} : tensor<2xi64> -> tensor<4194304xf32>
      %beyond = dither.compare gt %g, %threshold : tensor<4194304xf32>, tensor<f32>
      %ones = dither.cast %beyond : tensor<4194304xi1> to tensor<4194304xf32>
      %some = dither.reduce sum %ones {keep} : tensor<4194304xf32>
      %next = dither.add %count, %some : tensor<1xf32>, tensor<1xf32>
      dither.yield %next : tensor<1xf32>
    }
    return %y : tensor<1xf32>
  }

  // -log(-log u) of 24 bits, as is common in f32.
  func.func @naive() -> tensor<1xf32> {
    %rng = dither.rng : tensor<2xi64>
    %threshold = dither.constant dense<16.7> : tensor<f32>
    %zero = dither.constant dense<0.0> : tensor<1xf32>
    %y = dither.for carry(%zero) {trips = 64 : i64} : (tensor<1xf32>) -> tensor<1xf32> {
    ^bb0(%i: tensor<i64>, %count: tensor<1xf32>):
      %own = dither.fold_in %rng, %i {stream = 0 : i64} : tensor<2xi64>
      %eight = dither.constant dense<8> : tensor<i32>
      %half = dither.constant dense<0.5> : tensor<f32>
      %unit = dither.constant dense<5.9604644775390625e-08> : tensor<f32>
      %below = dither.constant dense<0.99999994> : tensor<f32>
      %bits = dither.random_bits %own {stream = 1 : i64} : tensor<2xi64> -> tensor<4194304xi32>
      %high = dither.shr %bits, %eight : tensor<4194304xi32>, tensor<i32>
      %real = dither.cast %high : tensor<4194304xi32> to tensor<4194304xf32>
      %odd = dither.add %real, %half : tensor<4194304xf32>, tensor<f32>
      %all = dither.mul %odd, %unit : tensor<4194304xf32>, tensor<f32>
      %u = dither.min %all, %below : tensor<4194304xf32>, tensor<f32>
      %l = dither.log %u : tensor<4194304xf32>
      %e = dither.neg %l : tensor<4194304xf32>
      %m = dither.log %e : tensor<4194304xf32>
      %g = dither.neg %m : tensor<4194304xf32>
      %beyond = dither.compare gt %g, %threshold : tensor<4194304xf32>, tensor<f32>
      %ones = dither.cast %beyond : tensor<4194304xi1> to tensor<4194304xf32>
      %some = dither.reduce sum %ones {keep} : tensor<4194304xf32>
      %next = dither.add %count, %some : tensor<1xf32>, tensor<1xf32>
      dither.yield %next : tensor<1xf32>
    }
    return %y : tensor<1xf32>
  }
}
