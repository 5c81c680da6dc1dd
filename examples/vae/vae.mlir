// A variational autoencoder of handwritten digits (Kingma and Welling, "Auto-encoding variational Bayes", 2014): 16 latent numbers, whose
// noise makes gradients by the reparameterization z = mean + deviation * noise, and pixels as probabilities. Loss and metric are the negative
// evidence lower bound of an image in nats, with one sample of the noise.
// Inputs are 8x8 images with pixels 0 to 16, and labels, which are not used.
dither.model @vae {
  dither.param @w1 : tensor<64x256xf32> init #dither.kaiming_uniform
  dither.param @b1 : tensor<256xf32> init #dither.fill<0.0>
  dither.param @w2 : tensor<256x32xf32> init #dither.kaiming_uniform<gain = 0.5>
  dither.param @b2 : tensor<32xf32> init #dither.fill<0.0>
  dither.param @w3 : tensor<16x256xf32> init #dither.kaiming_uniform
  dither.param @b3 : tensor<256xf32> init #dither.fill<0.0>
  dither.param @w4 : tensor<256x64xf32> init #dither.kaiming_uniform
  dither.param @b4 : tensor<64xf32> init #dither.fill<0.0>

  // The mean and the logarithm of the variance of the latent numbers.
  func.func @encode(%pixels: tensor<?x64xf32>) -> (tensor<?x16xf32>, tensor<?x16xf32>) {
    %w1 = dither.read @w1 : tensor<64x256xf32>
    %b1 = dither.read @b1 : tensor<256xf32>
    %w2 = dither.read @w2 : tensor<256x32xf32>
    %b2 = dither.read @b2 : tensor<32xf32>
    %z = dither.linear %pixels, %w1, %b1 : tensor<?x64xf32>, tensor<64x256xf32>, tensor<256xf32>
    %h = dither.gelu %z : tensor<?x256xf32>
    %both = dither.linear %h, %w2, %b2 : tensor<?x256xf32>, tensor<256x32xf32>, tensor<32xf32>
    %mean, %log_variance = dither.split %both {dim = 1 : i64, sizes = array<i64: 16, 16>} : tensor<?x32xf32>
    return %mean, %log_variance : tensor<?x16xf32>, tensor<?x16xf32>
  }

  // A logit for each pixel.
  func.func @decode(%latent: tensor<?x16xf32>) -> tensor<?x64xf32> {
    %w3 = dither.read @w3 : tensor<16x256xf32>
    %b3 = dither.read @b3 : tensor<256xf32>
    %w4 = dither.read @w4 : tensor<256x64xf32>
    %b4 = dither.read @b4 : tensor<64xf32>
    %z = dither.linear %latent, %w3, %b3 : tensor<?x16xf32>, tensor<16x256xf32>, tensor<256xf32>
    %h = dither.gelu %z : tensor<?x256xf32>
    %logits = dither.linear %h, %w4, %b4 : tensor<?x256xf32>, tensor<256x64xf32>, tensor<64xf32>
    return %logits : tensor<?x64xf32>
  }

  func.func @bound(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<?xf32> {
    %sixteenth = dither.constant dense<0.0625> : tensor<f32>
    %half = dither.constant dense<0.5> : tensor<f32>
    %one = dither.constant dense<1.0> : tensor<f32>
    %pixels = dither.mul %x, %sixteenth : tensor<?x64xf32>, tensor<f32>
    %mean, %log_variance = func.call @encode(%pixels) : (tensor<?x64xf32>) -> (tensor<?x16xf32>, tensor<?x16xf32>)
    %log_deviation = dither.mul %log_variance, %half : tensor<?x16xf32>, tensor<f32>
    %deviation = dither.exp %log_deviation : tensor<?x16xf32>
    %rng = dither.rng : tensor<2xi64>
    %latent = dither.draw #dither.normal(%mean, %deviation) from %rng {stream = 64 : i64}
        : (tensor<?x16xf32>, tensor<?x16xf32>, tensor<2xi64>) -> tensor<?x16xf32>
    %logits = func.call @decode(%latent) : (tensor<?x16xf32>) -> tensor<?x64xf32>

    // -log p(x | z) of each pixel: softplus(logit) - pixel * logit.
    %softplus = dither.softplus %logits : tensor<?x64xf32>
    %explained = dither.mul %pixels, %logits : tensor<?x64xf32>, tensor<?x64xf32>
    %each = dither.sub %softplus, %explained : tensor<?x64xf32>, tensor<?x64xf32>
    %reconstruction = dither.reduce sum %each {dims = array<i64: 1>} : tensor<?x64xf32>

    // The divergence of the latent numbers from standard normal ones: (mean^2 + variance - 1 - log variance) / 2.
    %variance = dither.exp %log_variance : tensor<?x16xf32>
    %square = dither.mul %mean, %mean : tensor<?x16xf32>, tensor<?x16xf32>
    %moment = dither.add %square, %variance : tensor<?x16xf32>, tensor<?x16xf32>
    %above = dither.sub %moment, %one : tensor<?x16xf32>, tensor<f32>
    %twice = dither.sub %above, %log_variance : tensor<?x16xf32>, tensor<?x16xf32>
    %sum = dither.reduce sum %twice {dims = array<i64: 1>} : tensor<?x16xf32>
    %divergence = dither.mul %sum, %half : tensor<?xf32>, tensor<f32>
    %bound = dither.add %reconstruction, %divergence : tensor<?xf32>, tensor<?xf32>
    return %bound : tensor<?xf32>
  }

  func.func @loss(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<f32> {
    %bounds = func.call @bound(%x, %labels) : (tensor<?x64xf32>, tensor<?xi32>) -> tensor<?xf32>
    %loss = dither.mean %bounds : tensor<?xf32>
    return %loss : tensor<f32>
  }

  dither.train @fit loss @loss metric @bound optimizer #dither.adamw<rate = 2.0e-3> {
    schedule = #dither.linear_decay<to = 0.0>, batch = 64 : i64, epochs = 60 : i64}
}
