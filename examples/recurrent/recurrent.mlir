// A recurrent network that predicts the next character: 3 layers, whose states are a linear recurrence of the first order that is gated by the input,
// as in Feng et al., "Were RNNs all we needed?", 2024. No position is known but by what the state remembers. Its data is that of the transformer.
// Parameters of all layers lie in one tensor, of which a loop takes a row for each layer. Initializers count the layers, not the rows of a
// matrix: `gain = 0.15` makes a standard deviation of 0.09.
dither.model @recurrent {
  dither.param @characters : tensor<96x128xf32> init #dither.kaiming_uniform<gain = 0.5>
  dither.param @scale : tensor<3x128xf32> init #dither.fill<1.0>
  dither.param @into : tensor<3x128x768xf32> init #dither.kaiming_uniform<gain = 0.15>
  dither.param @into_bias : tensor<3x768xf32> init #dither.fill<0.0>
  dither.param @out : tensor<3x256x128xf32> init #dither.kaiming_uniform<gain = 0.07>
  dither.param @last_scale : tensor<128xf32> init #dither.fill<1.0>
  dither.param @head : tensor<128x96xf32> init #dither.kaiming_uniform<gain = 0.5>

  // State i is `keep * state before + (1 - keep) * candidate`; what leaves is gated once more.
  func.func @remember(%x: tensor<?x128x128xf32>, %into: tensor<128x768xf32>, %bias: tensor<768xf32>, %out: tensor<256x128xf32>)
      -> tensor<?x128x128xf32> {
    %one = dither.constant dense<1.0> : tensor<f32>
    %all = dither.linear %x, %into, %bias : tensor<?x128x128xf32>, tensor<128x768xf32>, tensor<768xf32>
    %parts:3 = dither.split %all {dim = 2 : i64, sizes = array<i64: 256, 256, 256>} : tensor<?x128x768xf32>
    %keep = dither.sigmoid %parts#0 : tensor<?x128x256xf32>
    %change = dither.sub %one, %keep : tensor<f32>, tensor<?x128x256xf32>
    %new = dither.mul %change, %parts#1 : tensor<?x128x256xf32>, tensor<?x128x256xf32>
    %states = dither.recurrence %keep, %new {dim = 1 : i64} : tensor<?x128x256xf32>
    %gate = dither.silu %parts#2 : tensor<?x128x256xf32>
    %gated = dither.mul %states, %gate : tensor<?x128x256xf32>, tensor<?x128x256xf32>
    %y = dither.linear %gated, %out : tensor<?x128x256xf32>, tensor<256x128xf32>
    return %y : tensor<?x128x128xf32>
  }

  func.func @logits(%x: tensor<?x128xi32>) -> tensor<?x128x96xf32> {
    %characters = dither.read @characters : tensor<96x128xf32>
    %scale = dither.read @scale : tensor<3x128xf32>
    %into = dither.read @into : tensor<3x128x768xf32>
    %into_bias = dither.read @into_bias : tensor<3x768xf32>
    %out = dither.read @out : tensor<3x256x128xf32>
    %last_scale = dither.read @last_scale : tensor<128xf32>
    %head = dither.read @head : tensor<128x96xf32>

    %first = dither.gather %characters, %x : tensor<96x128xf32>, tensor<?x128xi32>
    %last = dither.for carry(%first) over(%scale, %into, %into_bias, %out)
      : (tensor<?x128x128xf32>, tensor<3x128xf32>, tensor<3x128x768xf32>, tensor<3x768xf32>, tensor<3x256x128xf32>) -> tensor<?x128x128xf32> {
    ^bb0(%i: tensor<i64>, %h: tensor<?x128x128xf32>, %s: tensor<128xf32>, %w: tensor<128x768xf32>, %b: tensor<768xf32>, %v: tensor<256x128xf32>):
      %n = dither.rms_norm %h, %s : tensor<?x128x128xf32>, tensor<128xf32>
      %y = func.call @remember(%n, %w, %b, %v)
        : (tensor<?x128x128xf32>, tensor<128x768xf32>, tensor<768xf32>, tensor<256x128xf32>) -> tensor<?x128x128xf32>
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
