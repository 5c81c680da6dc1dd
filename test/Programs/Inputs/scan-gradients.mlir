// Gradients of scans, of products and of normalizations, made by --dither-differentiate.
dither.model @gradients {
  func.func @scans(%x: tensor<?x7x16xf32>, %w: tensor<?x7x16xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %a = dither.scan logsumexp %x {dim = 1 : i64} : tensor<?x7x16xf32>
    %b = dither.scan max %x {dim = 0 : i64, reverse} : tensor<?x7x16xf32>
    %s = dither.add %a, %b : tensor<?x7x16xf32>, tensor<?x7x16xf32>
    %y = dither.tanh %s : tensor<?x7x16xf32>
    %q = dither.mul %y, %w : tensor<?x7x16xf32>, tensor<?x7x16xf32>
    %loss = dither.reduce sum %q : tensor<?x7x16xf32>
    return %loss : tensor<f32>
  }
  func.func @recurrence(%x: tensor<?x7x16xf32>, %z: tensor<?x7x16xf32>, %w: tensor<?x7x16xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %a = dither.tanh %z : tensor<?x7x16xf32>
    %y = dither.recurrence %a, %x {dim = 1 : i64} : tensor<?x7x16xf32>
    %q = dither.mul %y, %w : tensor<?x7x16xf32>, tensor<?x7x16xf32>
    %loss = dither.reduce sum %q : tensor<?x7x16xf32>
    return %loss : tensor<f32>
  }
  func.func @along_rows(%x: tensor<?x33xf32>, %z: tensor<?x33xf32>, %w: tensor<?x33xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %a = dither.tanh %z : tensor<?x33xf32>
    %h = dither.recurrence %a, %x {dim = 1 : i64, exclusive, reverse} : tensor<?x33xf32>
    %y = dither.tanh %h : tensor<?x33xf32>
    %q = dither.mul %y, %w : tensor<?x33xf32>, tensor<?x33xf32>
    %loss = dither.reduce sum %q : tensor<?x33xf32>
    return %loss : tensor<f32>
  }
  func.func @product(%x: tensor<?x5x6xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %a = dither.tanh %x : tensor<?x5x6xf32>
    %p = dither.reduce product %a {dims = array<i64: 1, 2>} : tensor<?x5x6xf32>
    %l = dither.logsumexp %p : tensor<?xf32>
    return %l : tensor<f32>
  }
  func.func @layer_norm(%x: tensor<?x3x24xf32>, %s: tensor<24xf32>, %t: tensor<24xf32>, %w: tensor<?x3x24xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %y = dither.layer_norm %x, %s, %t : tensor<?x3x24xf32>, tensor<24xf32>, tensor<24xf32>
    %q = dither.mul %y, %w : tensor<?x3x24xf32>, tensor<?x3x24xf32>
    %loss = dither.reduce sum %q : tensor<?x3x24xf32>
    return %loss : tensor<f32>
  }
  func.func @group_norm(%x: tensor<?x3x24xf32>, %s: tensor<24xf32>, %t: tensor<24xf32>, %w: tensor<?x3x24xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %y = dither.group_norm %x, %s, %t {groups = 4 : i64} : tensor<?x3x24xf32>, tensor<24xf32>, tensor<24xf32>
    %q = dither.mul %y, %w : tensor<?x3x24xf32>, tensor<?x3x24xf32>
    %loss = dither.reduce sum %q : tensor<?x3x24xf32>
    return %loss : tensor<f32>
  }
  func.func @rms_norm(%x: tensor<?x3x24xf32>, %s: tensor<24xf32>, %w: tensor<?x3x24xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %y = dither.rms_norm %x, %s : tensor<?x3x24xf32>, tensor<24xf32>
    %q = dither.mul %y, %w : tensor<?x3x24xf32>, tensor<?x3x24xf32>
    %loss = dither.reduce sum %q : tensor<?x3x24xf32>
    return %loss : tensor<f32>
  }
  func.func @batch_norm(%x: tensor<?x3x24xf32>, %s: tensor<24xf32>, %t: tensor<24xf32>, %w: tensor<?x3x24xf32>) -> tensor<f32> attributes {dither.differentiate} {
    %y, %m, %v = dither.batch_norm %x, %s, %t : tensor<?x3x24xf32>, tensor<24xf32>, tensor<24xf32> -> tensor<24xf32>
    %q = dither.mul %y, %w : tensor<?x3x24xf32>, tensor<?x3x24xf32>
    %loss = dither.reduce sum %q : tensor<?x3x24xf32>
    return %loss : tensor<f32>
  }
  func.func @halves(%x: tensor<?x24xf16>, %s: tensor<24xf16>) -> tensor<f32> attributes {dither.differentiate} {
    %n = dither.layer_norm %x, %s : tensor<?x24xf16>, tensor<24xf16>
    %r = dither.rms_norm %n : tensor<?x24xf16>
    %f = dither.cast %r : tensor<?x24xf16> to tensor<?x24xf32>
    %y = dither.tanh %f : tensor<?x24xf32>
    %loss = dither.reduce sum %y : tensor<?x24xf32>
    return %loss : tensor<f32>
  }
}
