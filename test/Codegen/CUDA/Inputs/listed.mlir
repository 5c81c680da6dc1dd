// Products with transposed lists: short and long ones, with sums in shared memory and in the result.
dither.model @listed {
  dither.param @w0 : tensor<40x24xf32> init #dither.kaiming_uniform frozen {pattern = #dither.unstructured<sparsity = 0.5>}
  dither.param @w1 : tensor<1x5xf32> init #dither.kaiming_uniform frozen {pattern = #dither.unstructured<sparsity = 0.0>}
  dither.param @w2 : tensor<3000x17xf32> init #dither.kaiming_uniform frozen {pattern = #dither.unstructured<sparsity = 0.9>}
  dither.param @w3 : tensor<9000x3xf32> init #dither.kaiming_uniform frozen {pattern = #dither.unstructured<sparsity = 0.5>}
  func.func @f0(%y: tensor<?x24xf32>) -> tensor<?x40xf32> {
    %w = dither.read @w0 : tensor<40x24xf32>
    %x = dither.matmul %y, %w {transpose_y} : tensor<?x24xf32>, tensor<40x24xf32>
    return %x : tensor<?x40xf32>
  }
  func.func @f1(%y: tensor<?x5xf32>) -> tensor<?x1xf32> {
    %w = dither.read @w1 : tensor<1x5xf32>
    %x = dither.matmul %y, %w {transpose_y} : tensor<?x5xf32>, tensor<1x5xf32>
    return %x : tensor<?x1xf32>
  }
  func.func @f2(%y: tensor<?x17xf32>) -> tensor<?x3000xf32> {
    %w = dither.read @w2 : tensor<3000x17xf32>
    %x = dither.matmul %y, %w {transpose_y} : tensor<?x17xf32>, tensor<3000x17xf32>
    return %x : tensor<?x3000xf32>
  }
  func.func @f3(%y: tensor<?x3xf32>) -> tensor<?x9000xf32> {
    %w = dither.read @w3 : tensor<9000x3xf32>
    %x = dither.matmul %y, %w {transpose_y} : tensor<?x3xf32>, tensor<9000x3xf32>
    return %x : tensor<?x9000xf32>
  }
}
