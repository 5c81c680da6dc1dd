// An autoencoder of handwritten digits with discrete codes (van den Oord et al., "Neural discrete representation learning", 2017). The encoder makes
// 16 vectors of an image, one for each place of a 4x4 grid; each is replaced by the nearest of the 512 rows of a codebook, and the decoder
// draws the image from these. So an image is 16 numbers from 0 to 511.
//
// To be replaced has no useful gradient. Two rules that give the encoder one are compared; they share everything else:
//  * straight-through: the gradient of the code is that of the vector, as if nothing had been replaced;
//  * the rotation trick (Fifty et al., "Restructuring vector quantization with the rotation trick", 2024): the vector is turned and stretched to
//    the code, by a rotation and a factor that count as constants. So the gradient is turned with it, and its angle to the vector is that
//    which it has to the code. What it says then depends on where in the region of its code a vector lies.
//
// Metric is the squared error of an image, summed over pixels from 0 to 1; @perplexity is how many codes would be in use if all of those in use were
// so equally often.
// Inputs are 8x8 images with pixels 0 to 16, and labels, which are not used.
dither.model @vq_vae {
  dither.param @w1 : tensor<9x32xf32> init #dither.kaiming_uniform
  dither.param @b1 : tensor<32xf32> init #dither.fill<0.0>
  dither.param @w2 : tensor<512x64xf32> init #dither.kaiming_uniform
  dither.param @b2 : tensor<64xf32> init #dither.fill<0.0>
  dither.param @w3 : tensor<64x8xf32> init #dither.kaiming_uniform<gain = 1.0>
  // Not 0, so that vectors of blank places have a direction, too.
  dither.param @b3 : tensor<8xf32> init #dither.kaiming_uniform<gain = 0.3>
  dither.param @codebook : tensor<512x8xf32> init #dither.kaiming_uniform<gain = 22.6>
  dither.param @w4 : tensor<8x64xf32> init #dither.kaiming_uniform
  dither.param @b4 : tensor<64xf32> init #dither.fill<0.0>
  dither.param @w5 : tensor<64x512xf32> init #dither.kaiming_uniform<gain = 0.7>
  dither.param @b5 : tensor<32xf32> init #dither.fill<0.0>
  dither.param @w6 : tensor<288x1xf32> init #dither.kaiming_uniform<gain = 1.0>
  dither.param @b6 : tensor<1xf32> init #dither.fill<0.0>

  // 16 vectors of 8 numbers, of variance 1, as those of the codebook have in the beginning.
  func.func @encode(%pixels: tensor<?x64xf32>) -> tensor<?x16x8xf32> {
    %w1 = dither.read @w1 : tensor<9x32xf32>
    %b1 = dither.read @b1 : tensor<32xf32>
    %w2 = dither.read @w2 : tensor<512x64xf32>
    %b2 = dither.read @b2 : tensor<64xf32>
    %w3 = dither.read @w3 : tensor<64x8xf32>
    %b3 = dither.read @b3 : tensor<8xf32>
    %images = dither.reshape %pixels : tensor<?x64xf32> to tensor<?x8x8x1xf32>
    %z1 = dither.conv2d %images, %w1, %b1 {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>}
      : tensor<?x8x8x1xf32>, tensor<9x32xf32>, tensor<32xf32>
    %h1 = dither.gelu %z1 : tensor<?x8x8x32xf32>
    %z2 = dither.conv2d %h1, %w2, %b2 {kernel = array<i64: 4, 4>, strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>}
      : tensor<?x8x8x32xf32>, tensor<512x64xf32>, tensor<64xf32>
    %h2 = dither.gelu %z2 : tensor<?x4x4x64xf32>
    %grid = dither.linear %h2, %w3, %b3 : tensor<?x4x4x64xf32>, tensor<64x8xf32>, tensor<8xf32>
    %raw = dither.reshape %grid : tensor<?x4x4x8xf32> to tensor<?x16x8xf32>
    %vectors = dither.layer_norm %raw : tensor<?x16x8xf32>
    return %vectors : tensor<?x16x8xf32>
  }

  func.func @decode(%codes: tensor<?x16x8xf32>) -> tensor<?x64xf32> {
    %w4 = dither.read @w4 : tensor<8x64xf32>
    %b4 = dither.read @b4 : tensor<64xf32>
    %w5 = dither.read @w5 : tensor<64x512xf32>
    %b5 = dither.read @b5 : tensor<32xf32>
    %w6 = dither.read @w6 : tensor<288x1xf32>
    %b6 = dither.read @b6 : tensor<1xf32>
    %grid = dither.reshape %codes : tensor<?x16x8xf32> to tensor<?x4x4x8xf32>
    %z1 = dither.linear %grid, %w4, %b4 : tensor<?x4x4x8xf32>, tensor<8x64xf32>, tensor<64xf32>
    %h1 = dither.gelu %z1 : tensor<?x4x4x64xf32>
    %z2 = dither.conv_transpose2d %h1, %w5, %b5 {kernel = array<i64: 4, 4>, strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>}
      : tensor<?x4x4x64xf32>, tensor<64x512xf32>, tensor<32xf32>
    %h2 = dither.gelu %z2 : tensor<?x8x8x32xf32>
    %z3 = dither.conv2d %h2, %w6, %b6 {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>}
      : tensor<?x8x8x32xf32>, tensor<288x1xf32>, tensor<1xf32>
    %pixels = dither.reshape %z3 : tensor<?x8x8x1xf32> to tensor<?x64xf32>
    return %pixels : tensor<?x64xf32>
  }

  // The number of the nearest row of the codebook: that with the largest 2 vector . row - |row|^2, since |vector|^2 is the same for all.
  func.func @nearest(%vectors: tensor<?x16x8xf32>) -> tensor<?x16xi32> {
    %two = dither.constant dense<2.0> : tensor<f32>
    %codebook = dither.read @codebook : tensor<512x8xf32>
    %square = dither.mul %codebook, %codebook : tensor<512x8xf32>, tensor<512x8xf32>
    %norms = dither.reduce sum %square {dims = array<i64: 1>} : tensor<512x8xf32>
    %products = dither.matmul %vectors, %codebook {transpose_y} : tensor<?x16x8xf32>, tensor<512x8xf32>
    %twice = dither.mul %products, %two : tensor<?x16x512xf32>, tensor<f32>
    %closeness = dither.sub %twice, %norms : tensor<?x16x512xf32>, tensor<512xf32>
    %numbers = dither.argmax %closeness : tensor<?x16x512xf32>
    return %numbers : tensor<?x16xi32>
  }

  func.func @length(%x: tensor<?x16x8xf32>) -> tensor<?x16x1xf32> {
    %tiny = dither.constant dense<1.0e-12> : tensor<f32>
    %square = dither.mul %x, %x : tensor<?x16x8xf32>, tensor<?x16x8xf32>
    %sum = dither.reduce sum %square {dims = array<i64: 2>, keep} : tensor<?x16x8xf32>
    %positive = dither.add %sum, %tiny : tensor<?x16x1xf32>, tensor<f32>
    %length = dither.sqrt %positive : tensor<?x16x1xf32>
    return %length : tensor<?x16x1xf32>
  }

  // The vectors e turned and stretched to the codes q: |q|/|e| R e. R turns in the plane of both, so that it is the identity but for two directions,
  //   R e = e - 2 r (r . e) + 2 q' (e' . e),  e' = e/|e|, q' = q/|q|, r = (e' + q')/|e' + q'|,
  // and no matrix is made. All but the e that is turned counts as constant: its gradient is |q|/|e| R^T dy.
  func.func @rotate(%e: tensor<?x16x8xf32>, %q: tensor<?x16x8xf32>) -> tensor<?x16x8xf32> {
    %two = dither.constant dense<2.0> : tensor<f32>
    %e0 = dither.stop_gradient %e : tensor<?x16x8xf32>
    %q0 = dither.stop_gradient %q : tensor<?x16x8xf32>
    %e_length = func.call @length(%e0) : (tensor<?x16x8xf32>) -> tensor<?x16x1xf32>
    %q_length = func.call @length(%q0) : (tensor<?x16x8xf32>) -> tensor<?x16x1xf32>
    %e1 = dither.div %e0, %e_length : tensor<?x16x8xf32>, tensor<?x16x1xf32>
    %q1 = dither.div %q0, %q_length : tensor<?x16x8xf32>, tensor<?x16x1xf32>
    %sum = dither.add %e1, %q1 : tensor<?x16x8xf32>, tensor<?x16x8xf32>
    %sum_length = func.call @length(%sum) : (tensor<?x16x8xf32>) -> tensor<?x16x1xf32>
    %r = dither.div %sum, %sum_length : tensor<?x16x8xf32>, tensor<?x16x1xf32>

    %along_r = dither.mul %r, %e : tensor<?x16x8xf32>, tensor<?x16x8xf32>
    %r_e = dither.reduce sum %along_r {dims = array<i64: 2>, keep} : tensor<?x16x8xf32>
    %along_e = dither.mul %e1, %e : tensor<?x16x8xf32>, tensor<?x16x8xf32>
    %e_e = dither.reduce sum %along_e {dims = array<i64: 2>, keep} : tensor<?x16x8xf32>
    %mirrored = dither.mul %r, %r_e : tensor<?x16x8xf32>, tensor<?x16x1xf32>
    %placed = dither.mul %q1, %e_e : tensor<?x16x8xf32>, tensor<?x16x1xf32>
    %half = dither.sub %placed, %mirrored : tensor<?x16x8xf32>, tensor<?x16x8xf32>
    %change = dither.mul %half, %two : tensor<?x16x8xf32>, tensor<f32>
    %turned = dither.add %e, %change : tensor<?x16x8xf32>, tensor<?x16x8xf32>
    %stretch = dither.div %q_length, %e_length : tensor<?x16x1xf32>, tensor<?x16x1xf32>
    %rotated = dither.mul %turned, %stretch : tensor<?x16x8xf32>, tensor<?x16x1xf32>
    return %rotated : tensor<?x16x8xf32>
  }

  // What both rules share: the pixels from 0 to 1, the vectors of an image and the codes that replace them.
  func.func @codes(%x: tensor<?x64xf32>) -> (tensor<?x64xf32>, tensor<?x16x8xf32>, tensor<?x16x8xf32>) {
    %sixteenth = dither.constant dense<0.0625> : tensor<f32>
    %pixels = dither.mul %x, %sixteenth : tensor<?x64xf32>, tensor<f32>
    %vectors = func.call @encode(%pixels) : (tensor<?x64xf32>) -> tensor<?x16x8xf32>
    %numbers = func.call @nearest(%vectors) : (tensor<?x16x8xf32>) -> tensor<?x16xi32>
    %codebook = dither.read @codebook : tensor<512x8xf32>
    %codes = dither.gather %codebook, %numbers : tensor<512x8xf32>, tensor<?x16xi32>
    return %pixels, %vectors, %codes : tensor<?x64xf32>, tensor<?x16x8xf32>, tensor<?x16x8xf32>
  }

  func.func @squared_error(%x: tensor<?x64xf32>, %y: tensor<?x64xf32>) -> tensor<?xf32> {
    %difference = dither.sub %x, %y : tensor<?x64xf32>, tensor<?x64xf32>
    %square = dither.mul %difference, %difference : tensor<?x64xf32>, tensor<?x64xf32>
    %error = dither.reduce sum %square {dims = array<i64: 1>} : tensor<?x64xf32>
    return %error : tensor<?xf32>
  }

  // The error of images that are drawn from `decoded`, and how far vectors and codes are from each other: codes move to vectors, vectors to codes.
  func.func @total(%pixels: tensor<?x64xf32>, %decoded: tensor<?x16x8xf32>, %vectors: tensor<?x16x8xf32>, %codes: tensor<?x16x8xf32>)
      -> tensor<f32> {
    %drawn = func.call @decode(%decoded) : (tensor<?x16x8xf32>) -> tensor<?x64xf32>
    %errors = func.call @squared_error(%drawn, %pixels) : (tensor<?x64xf32>, tensor<?x64xf32>) -> tensor<?xf32>
    %error = dither.mean %errors : tensor<?xf32>
    %still_vectors = dither.stop_gradient %vectors : tensor<?x16x8xf32>
    %still_codes = dither.stop_gradient %codes : tensor<?x16x8xf32>
    %to_vectors = dither.sub %codes, %still_vectors : tensor<?x16x8xf32>, tensor<?x16x8xf32>
    %book_square = dither.mul %to_vectors, %to_vectors : tensor<?x16x8xf32>, tensor<?x16x8xf32>
    %book = dither.mean %book_square : tensor<?x16x8xf32>
    %to_codes = dither.sub %vectors, %still_codes : tensor<?x16x8xf32>, tensor<?x16x8xf32>
    %commit_square = dither.mul %to_codes, %to_codes : tensor<?x16x8xf32>, tensor<?x16x8xf32>
    %commit = dither.mean %commit_square : tensor<?x16x8xf32>
    %distance = dither.add %book, %commit : tensor<f32>, tensor<f32>
    %total = dither.add %error, %distance : tensor<f32>, tensor<f32>
    return %total : tensor<f32>
  }

  func.func @loss_straight(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<f32> {
    %pixels, %vectors, %codes = func.call @codes(%x) : (tensor<?x64xf32>) -> (tensor<?x64xf32>, tensor<?x16x8xf32>, tensor<?x16x8xf32>)
    %decoded = dither.surrogate %codes for %vectors : tensor<?x16x8xf32>
    %loss = func.call @total(%pixels, %decoded, %vectors, %codes)
      : (tensor<?x64xf32>, tensor<?x16x8xf32>, tensor<?x16x8xf32>, tensor<?x16x8xf32>) -> tensor<f32>
    return %loss : tensor<f32>
  }

  // The value of what is rotated is that of the codes, to rounding: the codes themselves are taken, and only its gradient is computed.
  func.func @loss_rotation(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<f32> {
    %pixels, %vectors, %codes = func.call @codes(%x) : (tensor<?x64xf32>) -> (tensor<?x64xf32>, tensor<?x16x8xf32>, tensor<?x16x8xf32>)
    %rotated = func.call @rotate(%vectors, %codes) : (tensor<?x16x8xf32>, tensor<?x16x8xf32>) -> tensor<?x16x8xf32>
    %decoded = dither.surrogate %codes for %rotated : tensor<?x16x8xf32>
    %loss = func.call @total(%pixels, %decoded, %vectors, %codes)
      : (tensor<?x64xf32>, tensor<?x16x8xf32>, tensor<?x16x8xf32>, tensor<?x16x8xf32>) -> tensor<f32>
    return %loss : tensor<f32>
  }

  func.func @error(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<?xf32> {
    %pixels, %vectors, %codes = func.call @codes(%x) : (tensor<?x64xf32>) -> (tensor<?x64xf32>, tensor<?x16x8xf32>, tensor<?x16x8xf32>)
    %drawn = func.call @decode(%codes) : (tensor<?x16x8xf32>) -> tensor<?x64xf32>
    %error = func.call @squared_error(%drawn, %pixels) : (tensor<?x64xf32>, tensor<?x64xf32>) -> tensor<?xf32>
    return %error : tensor<?xf32>
  }

  // exp of the entropy of how often each code is used over all places of the images.
  func.func @perplexity(%x: tensor<?x64xf32>) -> tensor<f32> {
    %tiny = dither.constant dense<1.0e-12> : tensor<f32>
    %sixteenth = dither.constant dense<0.0625> : tensor<f32>
    %pixels = dither.mul %x, %sixteenth : tensor<?x64xf32>, tensor<f32>
    %vectors = func.call @encode(%pixels) : (tensor<?x64xf32>) -> tensor<?x16x8xf32>
    %numbers = func.call @nearest(%vectors) : (tensor<?x16x8xf32>) -> tensor<?x16xi32>
    %uses = dither.one_hot %numbers : tensor<?x16xi32> to tensor<?x16x512xf32>
    %share = dither.mean %uses {dims = array<i64: 0, 1>} : tensor<?x16x512xf32>
    %positive = dither.add %share, %tiny : tensor<512xf32>, tensor<f32>
    %log = dither.log %positive : tensor<512xf32>
    %terms = dither.mul %share, %log : tensor<512xf32>, tensor<512xf32>
    %sum = dither.reduce sum %terms : tensor<512xf32>
    %entropy = dither.neg %sum : tensor<f32>
    %perplexity = dither.exp %entropy : tensor<f32>
    return %perplexity : tensor<f32>
  }

  dither.train @straight loss @loss_straight metric @error optimizer #dither.adamw<rate = 2.0e-3> {
    schedule = #dither.linear_decay<to = 0.0>, batch = 64 : i64, epochs = 20 : i64}
  dither.train @rotation loss @loss_rotation metric @error optimizer #dither.adamw<rate = 2.0e-3> {
    schedule = #dither.linear_decay<to = 0.0>, batch = 64 : i64, epochs = 20 : i64}
}
