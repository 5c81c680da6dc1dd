// A transformer that predicts the next character: 4 layers of 128 channels and 4 heads, over 128 characters. What text.py writes is its data:
// characters are numbers from 0 to 95.
// Parameters of all layers lie in one tensor, of which a loop takes a row for each layer. Initializers count the layers, not the rows of a
// matrix: `gain = 0.12` makes a standard deviation of 0.06.
dither.model @transformer {
  dither.param @characters : tensor<96x128xf32> init #dither.kaiming_uniform<gain = 0.5>
  dither.param @positions : tensor<128x128xf32> init #dither.kaiming_uniform<gain = 0.25>
  dither.param @scale1 : tensor<4x128xf32> init #dither.fill<1.0>
  dither.param @shift1 : tensor<4x128xf32> init #dither.fill<0.0>
  dither.param @qkv : tensor<4x128x384xf32> init #dither.kaiming_uniform<gain = 0.12>
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

  // Heads pay less attention to characters further back, each to another degree: Press et al., "Train short, test long", 2022.
  func.func @distances() -> tensor<4x128x128xf32> {
    %i = dither.iota {dim = 0 : i64} : tensor<128x1xi32>
    %j = dither.iota {dim = 1 : i64} : tensor<1x128xi32>
    %ahead = dither.sub %j, %i : tensor<1x128xi32>, tensor<128x1xi32>
    %distances = dither.cast %ahead : tensor<128x128xi32> to tensor<128x128xf32>
    %slopes = dither.constant dense<[[[1.0]], [[0.25]], [[0.0625]], [[0.015625]]]> : tensor<4x1x1xf32>
    %bias = dither.mul %distances, %slopes : tensor<128x128xf32>, tensor<4x1x1xf32>
    return %bias : tensor<4x128x128xf32>
  }

  // [characters, 128] to [heads, characters, 32].
  func.func @split_heads(%x: tensor<?x128x128xf32>) -> tensor<?x4x128x32xf32> {
    %y = dither.reshape %x : tensor<?x128x128xf32> to tensor<?x128x4x32xf32>
    %z = dither.transpose %y {permutation = array<i64: 0, 2, 1, 3>} : tensor<?x128x4x32xf32>
    return %z : tensor<?x4x128x32xf32>
  }

  func.func @attend(%x: tensor<?x128x128xf32>, %qkv: tensor<128x384xf32>, %mix: tensor<128x128xf32>,
      %bias: tensor<4x128x128xf32>) -> tensor<?x128x128xf32> {
    %all = dither.linear %x, %qkv : tensor<?x128x128xf32>, tensor<128x384xf32>
    %parts:3 = dither.split %all {dim = 2 : i64, sizes = array<i64: 128, 128, 128>} : tensor<?x128x384xf32>
    %q = func.call @split_heads(%parts#0) : (tensor<?x128x128xf32>) -> tensor<?x4x128x32xf32>
    %k = func.call @split_heads(%parts#1) : (tensor<?x128x128xf32>) -> tensor<?x4x128x32xf32>
    %v = func.call @split_heads(%parts#2) : (tensor<?x128x128xf32>) -> tensor<?x4x128x32xf32>
    %y, %lse = dither.attention %q, %k, %v bias %bias {causal}
      : tensor<?x4x128x32xf32>, tensor<?x4x128x32xf32>, tensor<?x4x128x32xf32>, tensor<4x128x128xf32>
    %back = dither.transpose %y {permutation = array<i64: 0, 2, 1, 3>} : tensor<?x4x128x32xf32>
    %rows = dither.reshape %back : tensor<?x128x4x32xf32> to tensor<?x128x128xf32>
    %mixed = dither.linear %rows, %mix : tensor<?x128x128xf32>, tensor<128x128xf32>
    return %mixed : tensor<?x128x128xf32>
  }

  func.func @logits(%x: tensor<?x128xi32>) -> tensor<?x128x96xf32> {
    %characters = dither.read @characters : tensor<96x128xf32>
    %positions = dither.read @positions : tensor<128x128xf32>
    %scale1 = dither.read @scale1 : tensor<4x128xf32>
    %shift1 = dither.read @shift1 : tensor<4x128xf32>
    %qkv = dither.read @qkv : tensor<4x128x384xf32>
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

    %embedded = dither.gather %characters, %x : tensor<96x128xf32>, tensor<?x128xi32>
    %first = dither.add %embedded, %positions : tensor<?x128x128xf32>, tensor<128x128xf32>
    %bias = func.call @distances() : () -> tensor<4x128x128xf32>
    %last = dither.for carry(%first) over(%scale1, %shift1, %qkv, %mix, %scale2, %shift2, %up, %up_bias, %down, %down_bias)
      : (tensor<?x128x128xf32>, tensor<4x128xf32>, tensor<4x128xf32>, tensor<4x128x384xf32>, tensor<4x128x128xf32>, tensor<4x128xf32>,
         tensor<4x128xf32>, tensor<4x128x512xf32>, tensor<4x512xf32>, tensor<4x512x128xf32>, tensor<4x128xf32>) -> tensor<?x128x128xf32> {
    ^bb0(%i: tensor<i64>, %h: tensor<?x128x128xf32>, %s1: tensor<128xf32>, %t1: tensor<128xf32>, %wqkv: tensor<128x384xf32>,
         %wmix: tensor<128x128xf32>, %s2: tensor<128xf32>, %t2: tensor<128xf32>, %wup: tensor<128x512xf32>, %bup: tensor<512xf32>,
         %wdown: tensor<512x128xf32>, %bdown: tensor<128xf32>):
      %n1 = dither.layer_norm %h, %s1, %t1 : tensor<?x128x128xf32>, tensor<128xf32>, tensor<128xf32>
      %a = func.call @attend(%n1, %wqkv, %wmix, %bias)
        : (tensor<?x128x128xf32>, tensor<128x384xf32>, tensor<128x128xf32>, tensor<4x128x128xf32>) -> tensor<?x128x128xf32>
      %h1 = dither.add %h, %a : tensor<?x128x128xf32>, tensor<?x128x128xf32>
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
    schedule = #dither.linear_decay<to = 0.05>, batch = 8 : i64, epochs = 8 : i64}
}
