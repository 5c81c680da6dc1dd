// Gradients of sorted elements go back to where they came from; those of soft ones pass through the network.
dither.model @sorting_gradients {
  func.func @sort(%x: tensor<?x90xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %y = dither.sort %x {dim = 1 : i64, descending} : tensor<?x90xf32>
    %z = dither.mul %y, %y : tensor<?x90xf32>, tensor<?x90xf32>
    %w = dither.scan sum %z {dim = 1 : i64} : tensor<?x90xf32>
    %l = dither.mean %w : tensor<?x90xf32>
    return %l : tensor<f32>
  }
  func.func @soft_sort(%x: tensor<?x9xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %y = dither.soft_sort odd_even cauchy %x {steepness = 3.0 : f64} : tensor<?x9xf32>
    %w = dither.scan sum %y {dim = 1 : i64} : tensor<?x9xf32>
    %z = dither.mul %w, %w : tensor<?x9xf32>, tensor<?x9xf32>
    %l = dither.mean %z : tensor<?x9xf32>
    return %l : tensor<f32>
  }
  func.func @soft_permutation(%x: tensor<?x8xf32>, %t: tensor<?x8x8xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %p = dither.soft_permutation bitonic optimal %x {steepness = 3.0 : f64} : tensor<?x8xf32>
    %d = dither.sub %p, %t : tensor<?x8x8xf32>, tensor<?x8x8xf32>
    %z = dither.mul %d, %d : tensor<?x8x8xf32>, tensor<?x8x8xf32>
    %l = dither.mean %z : tensor<?x8x8xf32>
    return %l : tensor<f32>
  }
}
