// A model without attention that predicts the next character: 4 layers of 128 channels over 128 characters. Where a transformer has attention,
// a long causal convolution between two gates mixes characters (Poli et al., "Hyena hierarchy", 2023): each channel has a filter as long as the
// text, which a small function of the position makes. Products of Fourier transforms do it in O(T log T).
// What text.py of examples/transformer writes is its data: characters are numbers from 0 to 95.
// Parameters of all layers lie in one tensor, of which a loop takes a row for each layer. Initializers count the layers, not the rows of a
// matrix: `gain = 0.12` makes a standard deviation of 0.06.
dither.model @fft_mixer {
  dither.param @characters : tensor<96x128xf32> init #dither.kaiming_uniform<gain = 0.5>
  dither.param @scale1 : tensor<4x128xf32> init #dither.fill<1.0>
  dither.param @shift1 : tensor<4x128xf32> init #dither.fill<0.0>
  dither.param @project : tensor<4x128x384xf32> init #dither.kaiming_uniform<gain = 0.12>
  dither.param @waves : tensor<4x32x32xf32> init #dither.kaiming_uniform<gain = 0.4>
  dither.param @filters : tensor<4x32x128xf32> init #dither.kaiming_uniform<gain = 0.4>
  dither.param @mix : tensor<4x128x128xf32> init #dither.kaiming_uniform<gain = 0.06>
  dither.param @scale2 : tensor<4x128xf32> init #dither.fill<1.0>
  dither.param @shift2 : tensor<4x128xf32> init #dither.fill<0.0>
  dither.param @up : tensor<4x128x512xf32> init #dither.kaiming_uniform<gain = 0.12>
  dither.param @up_bias : tensor<4x512xf32> init #dither.fill<0.0>
  dither.param @down : tensor<4x512x128xf32> init #dither.kaiming_uniform<gain = 0.04>
  dither.param @down_bias : tensor<4x128xf32> init #dither.fill<0.0>
  dither.param @scale3 : tensor<128xf32> init #dither.fill<1.0>
  dither.param @shift3 : tensor<128xf32> init #dither.fill<0.0>
  dither.param @head : tensor<128x96xf32> init #dither.kaiming_uniform<gain = 0.5>

  // Sines and cosines of the position, of 16 wavelengths from 2 characters on, each the root of 2 longer.
  func.func @positions() -> tensor<128x32xf32> {
    %s = dither.iota {dim = 0 : i64} : tensor<128x1xf32>
    %i = dither.iota {dim = 1 : i64} : tensor<1x16xf32>
    %octaves = dither.constant dense<-0.34657359> : tensor<f32>
    %pi = dither.constant dense<3.14159265> : tensor<f32>
    %exponent = dither.mul %i, %octaves : tensor<1x16xf32>, tensor<f32>
    %relative = dither.exp %exponent : tensor<1x16xf32>
    %frequency = dither.mul %relative, %pi : tensor<1x16xf32>, tensor<f32>
    %angle = dither.mul %s, %frequency : tensor<128x1xf32>, tensor<1x16xf32>
    %sines = dither.sin %angle : tensor<128x16xf32>
    %cosines = dither.cos %angle : tensor<128x16xf32>
    %all = dither.concat %sines, %cosines {dim = 1 : i64} : tensor<128x16xf32>, tensor<128x16xf32>
    return %all : tensor<128x32xf32>
  }

  // What is left of a filter at each step: channels fade from within a step to hardly within the text.
  func.func @window() -> tensor<128x128xf32> {
    %s = dither.iota {dim = 0 : i64} : tensor<128x1xf32>
    %c = dither.iota {dim = 1 : i64} : tensor<1x128xf32>
    %range = dither.constant dense<-0.04> : tensor<f32>
    %exponent = dither.mul %c, %range : tensor<1x128xf32>, tensor<f32>
    %rate = dither.exp %exponent : tensor<1x128xf32>
    %faded = dither.mul %s, %rate : tensor<128x1xf32>, tensor<1x128xf32>
    %negative = dither.neg %faded : tensor<128x128xf32>
    %window = dither.exp %negative : tensor<128x128xf32>
    return %window : tensor<128x128xf32>
  }

  func.func @mixed(%x: tensor<?x128x128xf32>, %project: tensor<128x384xf32>, %waves: tensor<32x32xf32>, %filters: tensor<32x128xf32>,
      %mix: tensor<128x128xf32>, %positions: tensor<128x32xf32>, %window: tensor<128x128xf32>) -> tensor<?x128x128xf32> {
    %angles = dither.linear %positions, %waves : tensor<128x32xf32>, tensor<32x32xf32>
    %sines = dither.sin %angles : tensor<128x32xf32>
    %endless = dither.linear %sines, %filters : tensor<128x32xf32>, tensor<32x128xf32>
    %filter = dither.mul %endless, %window : tensor<128x128xf32>, tensor<128x128xf32>

    %all = dither.linear %x, %project : tensor<?x128x128xf32>, tensor<128x384xf32>
    %parts:3 = dither.split %all {dim = 2 : i64, sizes = array<i64: 128, 128, 128>} : tensor<?x128x384xf32>
    %let_in = dither.mul %parts#0, %parts#1 : tensor<?x128x128xf32>, tensor<?x128x128xf32>
    %past = dither.fft_conv %let_in, %filter : tensor<?x128x128xf32>, tensor<128x128xf32>
    %let_out = dither.mul %past, %parts#2 : tensor<?x128x128xf32>, tensor<?x128x128xf32>
    %mixed = dither.linear %let_out, %mix : tensor<?x128x128xf32>, tensor<128x128xf32>
    return %mixed : tensor<?x128x128xf32>
  }

  func.func @logits(%x: tensor<?x128xi32>) -> tensor<?x128x96xf32> {
    %characters = dither.read @characters : tensor<96x128xf32>
    %scale1 = dither.read @scale1 : tensor<4x128xf32>
    %shift1 = dither.read @shift1 : tensor<4x128xf32>
    %project = dither.read @project : tensor<4x128x384xf32>
    %waves = dither.read @waves : tensor<4x32x32xf32>
    %filters = dither.read @filters : tensor<4x32x128xf32>
    %mix = dither.read @mix : tensor<4x128x128xf32>
    %scale2 = dither.read @scale2 : tensor<4x128xf32>
    %shift2 = dither.read @shift2 : tensor<4x128xf32>
    %up = dither.read @up : tensor<4x128x512xf32>
    %up_bias = dither.read @up_bias : tensor<4x512xf32>
    %down = dither.read @down : tensor<4x512x128xf32>
    %down_bias = dither.read @down_bias : tensor<4x128xf32>
    %scale3 = dither.read @scale3 : tensor<128xf32>
    %shift3 = dither.read @shift3 : tensor<128xf32>
    %head = dither.read @head : tensor<128x96xf32>

    %first = dither.gather %characters, %x : tensor<96x128xf32>, tensor<?x128xi32>
    %positions = func.call @positions() : () -> tensor<128x32xf32>
    %window = func.call @window() : () -> tensor<128x128xf32>
    %last = dither.for carry(%first) over(%scale1, %shift1, %project, %waves, %filters, %mix, %scale2, %shift2, %up, %up_bias, %down, %down_bias)
      : (tensor<?x128x128xf32>, tensor<4x128xf32>, tensor<4x128xf32>, tensor<4x128x384xf32>, tensor<4x32x32xf32>, tensor<4x32x128xf32>,
         tensor<4x128x128xf32>, tensor<4x128xf32>, tensor<4x128xf32>, tensor<4x128x512xf32>, tensor<4x512xf32>, tensor<4x512x128xf32>,
         tensor<4x128xf32>) -> tensor<?x128x128xf32> {
    ^bb0(%i: tensor<i64>, %h: tensor<?x128x128xf32>, %s1: tensor<128xf32>, %t1: tensor<128xf32>, %wproject: tensor<128x384xf32>,
         %wwaves: tensor<32x32xf32>, %wfilters: tensor<32x128xf32>, %wmix: tensor<128x128xf32>, %s2: tensor<128xf32>, %t2: tensor<128xf32>,
         %wup: tensor<128x512xf32>, %bup: tensor<512xf32>, %wdown: tensor<512x128xf32>, %bdown: tensor<128xf32>):
      %n1 = dither.layer_norm %h, %s1, %t1 : tensor<?x128x128xf32>, tensor<128xf32>, tensor<128xf32>
      %m = func.call @mixed(%n1, %wproject, %wwaves, %wfilters, %wmix, %positions, %window)
        : (tensor<?x128x128xf32>, tensor<128x384xf32>, tensor<32x32xf32>, tensor<32x128xf32>, tensor<128x128xf32>, tensor<128x32xf32>,
           tensor<128x128xf32>) -> tensor<?x128x128xf32>
      %h1 = dither.add %h, %m : tensor<?x128x128xf32>, tensor<?x128x128xf32>
      %n2 = dither.layer_norm %h1, %s2, %t2 : tensor<?x128x128xf32>, tensor<128xf32>, tensor<128xf32>
      %u = dither.linear %n2, %wup, %bup : tensor<?x128x128xf32>, tensor<128x512xf32>, tensor<512xf32>
      %g = dither.gelu %u : tensor<?x128x512xf32>
      %d = dither.linear %g, %wdown, %bdown : tensor<?x128x512xf32>, tensor<512x128xf32>, tensor<128xf32>
      %h2 = dither.add %h1, %d : tensor<?x128x128xf32>, tensor<?x128x128xf32>
      dither.yield %h2 : tensor<?x128x128xf32>
    }
    %n3 = dither.layer_norm %last, %scale3, %shift3 : tensor<?x128x128xf32>, tensor<128xf32>, tensor<128xf32>
    %logits = dither.linear %n3, %head : tensor<?x128x128xf32>, tensor<128x96xf32>
    return %logits : tensor<?x128x96xf32>
  }

  func.func @loss(%x: tensor<?x128xi32>, %next: tensor<?x128xi32>) -> tensor<f32> {
    %logits = func.call @logits(%x) : (tensor<?x128xi32>) -> tensor<?x128x96xf32>
    %loss = dither.cross_entropy %logits, %next : tensor<?x128x96xf32>, tensor<?x128xi32>
    return %loss : tensor<f32>
  }

  // The mean loss of the characters of each sample.
  func.func @loss_of_each(%x: tensor<?x128xi32>, %next: tensor<?x128xi32>) -> tensor<?xf32> {
    %logits = func.call @logits(%x) : (tensor<?x128xi32>) -> tensor<?x128x96xf32>
    %log_probability = dither.log_softmax %logits : tensor<?x128x96xf32>
    %one_hot = dither.one_hot %next : tensor<?x128xi32> to tensor<?x128x96xf32>
    %picked = dither.mul %log_probability, %one_hot : tensor<?x128x96xf32>, tensor<?x128x96xf32>
    %sum = dither.reduce sum %picked {dims = array<i64: 1, 2>} : tensor<?x128x96xf32>
    %share = dither.constant dense<-0.0078125> : tensor<f32>
    %loss = dither.mul %sum, %share : tensor<?xf32>, tensor<f32>
    return %loss : tensor<?xf32>
  }

  dither.train @fit loss @loss metric @loss_of_each optimizer #dither.adamw<rate = 3.0e-3, beta2 = 0.98, decay = 0.05> {
    schedule = #dither.linear_decay<to = 0.05>, batch = 8 : i64, epochs = 5 : i64}
}
