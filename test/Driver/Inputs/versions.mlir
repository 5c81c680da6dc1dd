// Products in each way that kernels have, and random numbers.
dither.model @versions {
  dither.param @bytes : tensor<256x64xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 8>}
  dither.param @nibbles : tensor<256x64xf32> init #dither.kaiming_uniform frozen {
    pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4, group = 32, scale = f16>}
  dither.param @floats : tensor<256x300xf32> init #dither.kaiming_uniform frozen
  func.func @integers(%x: tensor<?x256xf32>) -> tensor<?x64xf32> {
    %w = dither.read @bytes : tensor<256x64xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<?x256xf32>
    %y = dither.matmul %q, %w : tensor<?x256xf32>, tensor<256x64xf32>
    return %y : tensor<?x64xf32>
  }
  func.func @packed(%x: tensor<?x256xf32>) -> tensor<?x64xf32> {
    %w = dither.read @nibbles : tensor<256x64xf32>
    %y = dither.matmul %x, %w : tensor<?x256xf32>, tensor<256x64xf32>
    return %y : tensor<?x64xf32>
  }
  func.func @dense(%x: tensor<?x256xf32>) -> tensor<?x300xf32> {
    %w = dither.read @floats : tensor<256x300xf32>
    %y = dither.matmul %x, %w : tensor<?x256xf32>, tensor<256x300xf32>
    return %y : tensor<?x300xf32>
  }
  func.func @bf16(%x: tensor<?x256xf32>) -> tensor<?x300xf32> {
    %w = dither.read @floats : tensor<256x300xf32>
    %a = dither.cast %x : tensor<?x256xf32> to tensor<?x256xbf16>
    %b = dither.cast %w : tensor<256x300xf32> to tensor<256x300xbf16>
    %y = dither.matmul %a, %b : tensor<?x256xbf16>, tensor<256x300xbf16>
    %z = dither.cast %y : tensor<?x300xbf16> to tensor<?x300xf32>
    return %z : tensor<?x300xf32>
  }
  func.func @random(%x: tensor<?x256xf32>) -> tensor<40x33xf32> {
    %rng = dither.rng : tensor<2xi64>
    %y = dither.uniform %rng {stream = 4 : i64} : tensor<2xi64> -> tensor<40x33xf32>
    return %y : tensor<40x33xf32>
  }
}
