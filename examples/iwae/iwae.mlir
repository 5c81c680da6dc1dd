// Importance weighted autoencoders of handwritten digits (Burda et al., "Importance weighted autoencoders", 2016). The encoder and decoder are those of
// examples/vae. Of each image, K latent vectors z are drawn instead of one, and the bound of log p(x) is
//   L_K = log (1/K sum_k w_k),   w_k = p(x, z_k) / q(z_k | x),   z_k = mean + deviation * noise_k.
// L_1 is the evidence lower bound, and the more samples, the closer to log p(x). Each of three models is trained with its own K: 1, 5 and 50. Loss and
// metric are -L_K of an image in nats, with pixels as probabilities; so they should fall with K.
//
// Shapes are static but for the batch, so the functions whose shapes hold K are there once for each K: @bound, for which the sample is one
// more dimension.
// Inputs are 8x8 images with pixels 0 to 16, and labels, which are not used.
dither.model @iwae {
  dither.param @w1 : tensor<64x256xf32> init #dither.kaiming_uniform
  dither.param @b1 : tensor<256xf32> init #dither.fill<0.0>
  dither.param @w2 : tensor<256x32xf32> init #dither.kaiming_uniform<gain = 0.5>
  dither.param @b2 : tensor<32xf32> init #dither.fill<0.0>
  dither.param @w3 : tensor<16x256xf32> init #dither.kaiming_uniform
  dither.param @b3 : tensor<256xf32> init #dither.fill<0.0>
  dither.param @w4 : tensor<256x64xf32> init #dither.kaiming_uniform
  dither.param @b4 : tensor<64xf32> init #dither.fill<0.0>

  // The mean and the logarithm of the deviation of the latent numbers, with a dimension of 1 for the samples.
  func.func @encode(%pixels: tensor<?x64xf32>) -> (tensor<?x1x16xf32>, tensor<?x1x16xf32>) {
    %w1 = dither.read @w1 : tensor<64x256xf32>
    %b1 = dither.read @b1 : tensor<256xf32>
    %w2 = dither.read @w2 : tensor<256x32xf32>
    %b2 = dither.read @b2 : tensor<32xf32>
    %z = dither.linear %pixels, %w1, %b1 : tensor<?x64xf32>, tensor<64x256xf32>, tensor<256xf32>
    %h = dither.gelu %z : tensor<?x256xf32>
    %both = dither.linear %h, %w2, %b2 : tensor<?x256xf32>, tensor<256x32xf32>, tensor<32xf32>
    %column = dither.reshape %both : tensor<?x32xf32> to tensor<?x1x32xf32>
    %mean, %log_deviation = dither.split %column {dim = 2 : i64, sizes = array<i64: 16, 16>} : tensor<?x1x32xf32>
    return %mean, %log_deviation : tensor<?x1x16xf32>, tensor<?x1x16xf32>
  }

  // 0, 1, 2, ... for the images of a batch: all bounds share one table of random numbers, of which image i of a batch of 64 takes row i.
  func.func @positions(%labels: tensor<?xi32>) -> tensor<?xi32> {
    %one = dither.constant dense<1> : tensor<i32>
    %ones = dither.broadcast %one like %labels : tensor<i32>, tensor<?xi32>
    %positions = dither.scan sum %ones {dim = 0 : i64, exclusive} : tensor<?xi32>
    return %positions : tensor<?xi32>
  }

  func.func @scale(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
    %sixteenth = dither.constant dense<0.0625> : tensor<f32>
    %pixels = dither.mul %x, %sixteenth : tensor<?x64xf32>, tensor<f32>
    return %pixels : tensor<?x64xf32>
  }

  func.func @bound1(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<?xf32> {
    %w3 = dither.read @w3 : tensor<16x256xf32>
    %b3 = dither.read @b3 : tensor<256xf32>
    %w4 = dither.read @w4 : tensor<256x64xf32>
    %b4 = dither.read @b4 : tensor<64xf32>
    %half = dither.constant dense<0.5> : tensor<f32>
    %log_count = dither.constant dense<0.0> : tensor<f32> // log 1
    %rng = dither.rng : tensor<2xi64>
    %table = dither.normal %rng {stream = 64 : i64} : tensor<2xi64> -> tensor<64x1x16xf32>
    %rows = func.call @positions(%labels) : (tensor<?xi32>) -> tensor<?xi32>
    %noise = dither.gather %table, %rows : tensor<64x1x16xf32>, tensor<?xi32>
    %pixels = func.call @scale(%x) : (tensor<?x64xf32>) -> tensor<?x64xf32>
    %mean, %log_deviation = func.call @encode(%pixels) : (tensor<?x64xf32>) -> (tensor<?x1x16xf32>, tensor<?x1x16xf32>)
    %deviation = dither.exp %log_deviation : tensor<?x1x16xf32>
    %spread = dither.mul %deviation, %noise : tensor<?x1x16xf32>, tensor<?x1x16xf32>
    %latent = dither.add %mean, %spread : tensor<?x1x16xf32>, tensor<?x1x16xf32>
    %z = dither.linear %latent, %w3, %b3 : tensor<?x1x16xf32>, tensor<16x256xf32>, tensor<256xf32>
    %h = dither.gelu %z : tensor<?x1x256xf32>
    %logits = dither.linear %h, %w4, %b4 : tensor<?x1x256xf32>, tensor<256x64xf32>, tensor<64xf32>

    // log p(x | z): the sum over pixels of pixel * logit - softplus(logit).
    %one_sample = dither.reshape %pixels : tensor<?x64xf32> to tensor<?x1x64xf32>
    %explained = dither.mul %one_sample, %logits : tensor<?x1x64xf32>, tensor<?x1x64xf32>
    %softplus = dither.softplus %logits : tensor<?x1x64xf32>
    %each = dither.sub %explained, %softplus : tensor<?x1x64xf32>, tensor<?x1x64xf32>
    %likelihood = dither.reduce sum %each {dims = array<i64: 2>} : tensor<?x1x64xf32>

    // log p(z) - log q(z | x): the sum over latent numbers of noise^2 / 2 + log deviation - z^2 / 2.
    %noise_square = dither.mul %noise, %noise : tensor<?x1x16xf32>, tensor<?x1x16xf32>
    %latent_square = dither.mul %latent, %latent : tensor<?x1x16xf32>, tensor<?x1x16xf32>
    %squares = dither.sub %noise_square, %latent_square : tensor<?x1x16xf32>, tensor<?x1x16xf32>
    %halves = dither.mul %squares, %half : tensor<?x1x16xf32>, tensor<f32>
    %ratios = dither.add %halves, %log_deviation : tensor<?x1x16xf32>, tensor<?x1x16xf32>
    %ratio = dither.reduce sum %ratios {dims = array<i64: 2>} : tensor<?x1x16xf32>

    %log_weights = dither.add %likelihood, %ratio : tensor<?x1xf32>, tensor<?x1xf32>
    %log_sum = dither.logsumexp %log_weights {dims = array<i64: 1>} : tensor<?x1xf32>
    %bound = dither.sub %log_count, %log_sum : tensor<f32>, tensor<?xf32>
    return %bound : tensor<?xf32>
  }

  func.func @loss1(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<f32> {
    %bounds = func.call @bound1(%x, %labels) : (tensor<?x64xf32>, tensor<?xi32>) -> tensor<?xf32>
    %loss = dither.mean %bounds : tensor<?xf32>
    return %loss : tensor<f32>
  }

  dither.train @samples1 loss @loss1 metric @bound1 optimizer #dither.adamw<rate = 2.0e-3> {
    schedule = #dither.linear_decay<to = 0.0>, batch = 64 : i64, epochs = 20 : i64}

  func.func @bound5(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<?xf32> {
    %w3 = dither.read @w3 : tensor<16x256xf32>
    %b3 = dither.read @b3 : tensor<256xf32>
    %w4 = dither.read @w4 : tensor<256x64xf32>
    %b4 = dither.read @b4 : tensor<64xf32>
    %half = dither.constant dense<0.5> : tensor<f32>
    %log_count = dither.constant dense<1.6094379124> : tensor<f32> // log 5
    %rng = dither.rng : tensor<2xi64>
    %table = dither.normal %rng {stream = 64 : i64} : tensor<2xi64> -> tensor<64x5x16xf32>
    %rows = func.call @positions(%labels) : (tensor<?xi32>) -> tensor<?xi32>
    %noise = dither.gather %table, %rows : tensor<64x5x16xf32>, tensor<?xi32>
    %pixels = func.call @scale(%x) : (tensor<?x64xf32>) -> tensor<?x64xf32>
    %mean, %log_deviation = func.call @encode(%pixels) : (tensor<?x64xf32>) -> (tensor<?x1x16xf32>, tensor<?x1x16xf32>)
    %deviation = dither.exp %log_deviation : tensor<?x1x16xf32>
    %spread = dither.mul %deviation, %noise : tensor<?x1x16xf32>, tensor<?x5x16xf32>
    %latent = dither.add %mean, %spread : tensor<?x1x16xf32>, tensor<?x5x16xf32>
    %z = dither.linear %latent, %w3, %b3 : tensor<?x5x16xf32>, tensor<16x256xf32>, tensor<256xf32>
    %h = dither.gelu %z : tensor<?x5x256xf32>
    %logits = dither.linear %h, %w4, %b4 : tensor<?x5x256xf32>, tensor<256x64xf32>, tensor<64xf32>

    // log p(x | z): the sum over pixels of pixel * logit - softplus(logit).
    %one_sample = dither.reshape %pixels : tensor<?x64xf32> to tensor<?x1x64xf32>
    %explained = dither.mul %one_sample, %logits : tensor<?x1x64xf32>, tensor<?x5x64xf32>
    %softplus = dither.softplus %logits : tensor<?x5x64xf32>
    %each = dither.sub %explained, %softplus : tensor<?x5x64xf32>, tensor<?x5x64xf32>
    %likelihood = dither.reduce sum %each {dims = array<i64: 2>} : tensor<?x5x64xf32>

    // log p(z) - log q(z | x): the sum over latent numbers of noise^2 / 2 + log deviation - z^2 / 2.
    %noise_square = dither.mul %noise, %noise : tensor<?x5x16xf32>, tensor<?x5x16xf32>
    %latent_square = dither.mul %latent, %latent : tensor<?x5x16xf32>, tensor<?x5x16xf32>
    %squares = dither.sub %noise_square, %latent_square : tensor<?x5x16xf32>, tensor<?x5x16xf32>
    %halves = dither.mul %squares, %half : tensor<?x5x16xf32>, tensor<f32>
    %ratios = dither.add %halves, %log_deviation : tensor<?x5x16xf32>, tensor<?x1x16xf32>
    %ratio = dither.reduce sum %ratios {dims = array<i64: 2>} : tensor<?x5x16xf32>

    %log_weights = dither.add %likelihood, %ratio : tensor<?x5xf32>, tensor<?x5xf32>
    %log_sum = dither.logsumexp %log_weights {dims = array<i64: 1>} : tensor<?x5xf32>
    %bound = dither.sub %log_count, %log_sum : tensor<f32>, tensor<?xf32>
    return %bound : tensor<?xf32>
  }

  func.func @loss5(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<f32> {
    %bounds = func.call @bound5(%x, %labels) : (tensor<?x64xf32>, tensor<?xi32>) -> tensor<?xf32>
    %loss = dither.mean %bounds : tensor<?xf32>
    return %loss : tensor<f32>
  }

  dither.train @samples5 loss @loss5 metric @bound5 optimizer #dither.adamw<rate = 2.0e-3> {
    schedule = #dither.linear_decay<to = 0.0>, batch = 64 : i64, epochs = 20 : i64}

  func.func @bound50(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<?xf32> {
    %w3 = dither.read @w3 : tensor<16x256xf32>
    %b3 = dither.read @b3 : tensor<256xf32>
    %w4 = dither.read @w4 : tensor<256x64xf32>
    %b4 = dither.read @b4 : tensor<64xf32>
    %half = dither.constant dense<0.5> : tensor<f32>
    %log_count = dither.constant dense<3.9120230054> : tensor<f32> // log 50
    %rng = dither.rng : tensor<2xi64>
    %table = dither.normal %rng {stream = 64 : i64} : tensor<2xi64> -> tensor<64x50x16xf32>
    %rows = func.call @positions(%labels) : (tensor<?xi32>) -> tensor<?xi32>
    %noise = dither.gather %table, %rows : tensor<64x50x16xf32>, tensor<?xi32>
    %pixels = func.call @scale(%x) : (tensor<?x64xf32>) -> tensor<?x64xf32>
    %mean, %log_deviation = func.call @encode(%pixels) : (tensor<?x64xf32>) -> (tensor<?x1x16xf32>, tensor<?x1x16xf32>)
    %deviation = dither.exp %log_deviation : tensor<?x1x16xf32>
    %spread = dither.mul %deviation, %noise : tensor<?x1x16xf32>, tensor<?x50x16xf32>
    %latent = dither.add %mean, %spread : tensor<?x1x16xf32>, tensor<?x50x16xf32>
    %z = dither.linear %latent, %w3, %b3 : tensor<?x50x16xf32>, tensor<16x256xf32>, tensor<256xf32>
    %h = dither.gelu %z : tensor<?x50x256xf32>
    %logits = dither.linear %h, %w4, %b4 : tensor<?x50x256xf32>, tensor<256x64xf32>, tensor<64xf32>

    // log p(x | z): the sum over pixels of pixel * logit - softplus(logit).
    %one_sample = dither.reshape %pixels : tensor<?x64xf32> to tensor<?x1x64xf32>
    %explained = dither.mul %one_sample, %logits : tensor<?x1x64xf32>, tensor<?x50x64xf32>
    %softplus = dither.softplus %logits : tensor<?x50x64xf32>
    %each = dither.sub %explained, %softplus : tensor<?x50x64xf32>, tensor<?x50x64xf32>
    %likelihood = dither.reduce sum %each {dims = array<i64: 2>} : tensor<?x50x64xf32>

    // log p(z) - log q(z | x): the sum over latent numbers of noise^2 / 2 + log deviation - z^2 / 2.
    %noise_square = dither.mul %noise, %noise : tensor<?x50x16xf32>, tensor<?x50x16xf32>
    %latent_square = dither.mul %latent, %latent : tensor<?x50x16xf32>, tensor<?x50x16xf32>
    %squares = dither.sub %noise_square, %latent_square : tensor<?x50x16xf32>, tensor<?x50x16xf32>
    %halves = dither.mul %squares, %half : tensor<?x50x16xf32>, tensor<f32>
    %ratios = dither.add %halves, %log_deviation : tensor<?x50x16xf32>, tensor<?x1x16xf32>
    %ratio = dither.reduce sum %ratios {dims = array<i64: 2>} : tensor<?x50x16xf32>

    %log_weights = dither.add %likelihood, %ratio : tensor<?x50xf32>, tensor<?x50xf32>
    %log_sum = dither.logsumexp %log_weights {dims = array<i64: 1>} : tensor<?x50xf32>
    %bound = dither.sub %log_count, %log_sum : tensor<f32>, tensor<?xf32>
    return %bound : tensor<?xf32>
  }

  func.func @loss50(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<f32> {
    %bounds = func.call @bound50(%x, %labels) : (tensor<?x64xf32>, tensor<?xi32>) -> tensor<?xf32>
    %loss = dither.mean %bounds : tensor<?xf32>
    return %loss : tensor<f32>
  }

  dither.train @samples50 loss @loss50 metric @bound50 optimizer #dither.adamw<rate = 2.0e-3> {
    schedule = #dither.linear_decay<to = 0.0>, batch = 64 : i64, epochs = 20 : i64}
}
