// A selective state-space model that predicts the next character: 2 layers as those of Gu and Dao, "Mamba: Linear-Time Sequence Modeling with Selective
// State Spaces", 2023, which mix characters by a short convolution and a scan and have no further ones. Its data is that of the transformer.
// Parameters of all layers lie in one tensor, of which a loop takes a row for each layer. Initializers count the layers, not the rows of a
// matrix: `gain = 0.12` makes a standard deviation of 0.09.
dither.model @state_space {
  dither.param @characters : tensor<96x128xf32> init #dither.kaiming_uniform<gain = 0.5>
  dither.param @scale : tensor<2x128xf32> init #dither.fill<1.0>
  dither.param @into : tensor<2x128x512xf32> init #dither.kaiming_uniform<gain = 0.12>
  dither.param @window : tensor<2x4x256xf32> init #dither.kaiming_uniform<gain = 0.5>
  dither.param @window_bias : tensor<2x256xf32> init #dither.fill<0.0>
  dither.param @select : tensor<2x256x40xf32> init #dither.kaiming_uniform<gain = 0.08>
  dither.param @time : tensor<2x8x256xf32> init #dither.kaiming_uniform<gain = 0.3>
  dither.param @time_bias : tensor<2x256xf32> init #dither.fill<-2.5>
  dither.param @rates : tensor<2x256x16xf32> init #dither.fill<0.0>
  dither.param @skip : tensor<2x256xf32> init #dither.fill<1.0>
  dither.param @out : tensor<2x256x128xf32> init #dither.kaiming_uniform<gain = 0.06>
  dither.param @last_scale : tensor<128xf32> init #dither.fill<1.0>
  dither.param @head : tensor<128x96xf32> init #dither.kaiming_uniform<gain = 0.5>

  // Each channel sees itself and the three characters before.
  func.func @convolve(%x: tensor<?x128x256xf32>, %window: tensor<4x256xf32>, %bias: tensor<256xf32>) -> tensor<?x128x256xf32> {
    %images = dither.reshape %x : tensor<?x128x256xf32> to tensor<?x128x1x256xf32>
    %convolved = dither.conv2d %images, %window, %bias {kernel = array<i64: 4, 1>, padding = array<i64: 3, 0, 0, 0>, groups = 256 : i64}
      : tensor<?x128x1x256xf32>, tensor<4x256xf32>, tensor<256xf32>
    %y = dither.reshape %convolved : tensor<?x128x1x256xf32> to tensor<?x128x256xf32>
    return %y : tensor<?x128x256xf32>
  }

  // State i of each channel fades at a rate of i + 1 at first.
  func.func @fading(%learned: tensor<256x16xf32>) -> tensor<256x16xf32> {
    %i = dither.iota {dim = 1 : i64} : tensor<1x16xi32>
    %one = dither.constant dense<1> : tensor<i32>
    %n = dither.add %i, %one : tensor<1x16xi32>, tensor<i32>
    %numbers = dither.cast %n : tensor<1x16xi32> to tensor<1x16xf32>
    %factors = dither.exp %learned : tensor<256x16xf32>
    %rates = dither.mul %factors, %numbers : tensor<256x16xf32>, tensor<1x16xf32>
    %a = dither.neg %rates : tensor<256x16xf32>
    return %a : tensor<256x16xf32>
  }

  func.func @mix(%x: tensor<?x128x128xf32>, %into: tensor<128x512xf32>, %window: tensor<4x256xf32>, %window_bias: tensor<256xf32>,
      %select: tensor<256x40xf32>, %time: tensor<8x256xf32>, %time_bias: tensor<256xf32>, %rates: tensor<256x16xf32>, %skip: tensor<256xf32>,
      %out: tensor<256x128xf32>) -> tensor<?x128x128xf32> {
    %all = dither.linear %x, %into : tensor<?x128x128xf32>, tensor<128x512xf32>
    %halves:2 = dither.split %all {dim = 2 : i64, sizes = array<i64: 256, 256>} : tensor<?x128x512xf32>
    %near = func.call @convolve(%halves#0, %window, %window_bias)
      : (tensor<?x128x256xf32>, tensor<4x256xf32>, tensor<256xf32>) -> tensor<?x128x256xf32>
    %u = dither.silu %near : tensor<?x128x256xf32>
    %selected = dither.linear %u, %select : tensor<?x128x256xf32>, tensor<256x40xf32>
    %parts:3 = dither.split %selected {dim = 2 : i64, sizes = array<i64: 8, 16, 16>} : tensor<?x128x40xf32>
    %times = dither.linear %parts#0, %time, %time_bias : tensor<?x128x8xf32>, tensor<8x256xf32>, tensor<256xf32>
    %dt = dither.softplus %times : tensor<?x128x256xf32>
    %a = func.call @fading(%rates) : (tensor<256x16xf32>) -> tensor<256x16xf32>
    %y, %last, %starts = dither.selective_scan %u, %dt, %a, %parts#1, %parts#2 skip %skip
      : tensor<?x128x256xf32>, tensor<256x16xf32>, tensor<?x128x16xf32> skip tensor<256xf32>
    %gate = dither.silu %halves#1 : tensor<?x128x256xf32>
    %gated = dither.mul %y, %gate : tensor<?x128x256xf32>, tensor<?x128x256xf32>
    %mixed = dither.linear %gated, %out : tensor<?x128x256xf32>, tensor<256x128xf32>
    return %mixed : tensor<?x128x128xf32>
  }

  func.func @logits(%x: tensor<?x128xi32>) -> tensor<?x128x96xf32> {
    %characters = dither.read @characters : tensor<96x128xf32>
    %scale = dither.read @scale : tensor<2x128xf32>
    %into = dither.read @into : tensor<2x128x512xf32>
    %window = dither.read @window : tensor<2x4x256xf32>
    %window_bias = dither.read @window_bias : tensor<2x256xf32>
    %select = dither.read @select : tensor<2x256x40xf32>
    %time = dither.read @time : tensor<2x8x256xf32>
    %time_bias = dither.read @time_bias : tensor<2x256xf32>
    %rates = dither.read @rates : tensor<2x256x16xf32>
    %skip = dither.read @skip : tensor<2x256xf32>
    %out = dither.read @out : tensor<2x256x128xf32>
    %last_scale = dither.read @last_scale : tensor<128xf32>
    %head = dither.read @head : tensor<128x96xf32>

    %first = dither.gather %characters, %x : tensor<96x128xf32>, tensor<?x128xi32>
    %last = dither.for carry(%first) over(%scale, %into, %window, %window_bias, %select, %time, %time_bias, %rates, %skip, %out)
      : (tensor<?x128x128xf32>, tensor<2x128xf32>, tensor<2x128x512xf32>, tensor<2x4x256xf32>, tensor<2x256xf32>, tensor<2x256x40xf32>,
         tensor<2x8x256xf32>, tensor<2x256xf32>, tensor<2x256x16xf32>, tensor<2x256xf32>, tensor<2x256x128xf32>) -> tensor<?x128x128xf32> {
    ^bb0(%i: tensor<i64>, %h: tensor<?x128x128xf32>, %s: tensor<128xf32>, %w: tensor<128x512xf32>, %k: tensor<4x256xf32>, %kb: tensor<256xf32>,
         %q: tensor<256x40xf32>, %t: tensor<8x256xf32>, %tb: tensor<256xf32>, %r: tensor<256x16xf32>, %d: tensor<256xf32>, %v: tensor<256x128xf32>):
      %n = dither.rms_norm %h, %s : tensor<?x128x128xf32>, tensor<128xf32>
      %y = func.call @mix(%n, %w, %k, %kb, %q, %t, %tb, %r, %d, %v)
        : (tensor<?x128x128xf32>, tensor<128x512xf32>, tensor<4x256xf32>, tensor<256xf32>, tensor<256x40xf32>, tensor<8x256xf32>, tensor<256xf32>,
           tensor<256x16xf32>, tensor<256xf32>, tensor<256x128xf32>) -> tensor<?x128x128xf32>
      %sum = dither.add %h, %y : tensor<?x128x128xf32>, tensor<?x128x128xf32>
      dither.yield %sum : tensor<?x128x128xf32>
    }
    %normal = dither.rms_norm %last, %last_scale : tensor<?x128x128xf32>, tensor<128xf32>
    %logits = dither.linear %normal, %head : tensor<?x128x128xf32>, tensor<128x96xf32>
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
    schedule = #dither.linear_decay<to = 0.05>, batch = 8 : i64, epochs = 6 : i64}
}
