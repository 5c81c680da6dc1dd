// A sparsely gated mixture of experts that predicts the next character (Shazeer et al., "Outrageously large neural networks", 2017; Lepikhin et al.,
// "GShard", 2021). What follows the last 8 characters is asked of 2 of 8 perceptrons, which a router chooses for each character: the model
// has the parameters of all of them and the work of 2. Its data is that of the transformer.
//
// Products need static shapes, so each expert has room for 320 characters, a quarter more than its share of the 2048 choices in a batch of 8 x 128.
// A character goes to the next free place of its expert; where there is none, that expert does not answer. A second loss keeps experts
// equally busy: 8 times the sum over experts of the share of choices that an expert gets times its mean probability, which is 1 if all are alike.
dither.model @mixture_of_experts {
  dither.param @characters : tensor<96x32xf32> init #dither.kaiming_uniform<gain = 5.0>
  dither.param @context : tensor<256x128xf32> init #dither.kaiming_uniform
  dither.param @context_bias : tensor<128xf32> init #dither.fill<0.0>
  dither.param @scale : tensor<128xf32> init #dither.fill<1.0>
  dither.param @router : tensor<128x8xf32> init #dither.kaiming_uniform<gain = 0.1>
  // Initializers count the experts, not the rows of their matrices: `gain = 0.35` makes a standard deviation of 0.12.
  dither.param @up : tensor<8x128x256xf32> init #dither.kaiming_uniform<gain = 0.35>
  dither.param @up_bias : tensor<8x1x256xf32> init #dither.fill<0.0>
  dither.param @down : tensor<8x256x128xf32> init #dither.kaiming_uniform<gain = 0.17>
  dither.param @dense_up : tensor<128x512xf32> init #dither.kaiming_uniform
  dither.param @dense_up_bias : tensor<512xf32> init #dither.fill<0.0>
  dither.param @dense_down : tensor<512x128xf32> init #dither.kaiming_uniform<gain = 1.0>
  dither.param @last_scale : tensor<128xf32> init #dither.fill<1.0>
  dither.param @head : tensor<128x96xf32> init #dither.kaiming_uniform<gain = 0.5>

  // How many of the characters in front of each one chose the same expert: those of sequences in front, and those in front in its own. Then `before`
  // more, for each expert. Both are sums of what is 0 or 1, which f32 counts exactly.
  func.func @place(%choice: tensor<?x128x8xf32>, %before: tensor<1x1x8xf32>) -> tensor<?x128xf32> {
    %in_sequence = dither.scan sum %choice {dim = 1 : i64, exclusive} : tensor<?x128x8xf32>
    %of_sequence = dither.reduce sum %choice {dims = array<i64: 1>, keep} : tensor<?x128x8xf32>
    %in_front = dither.scan sum %of_sequence {dim = 0 : i64, exclusive} : tensor<?x1x8xf32>
    %start = dither.add %in_front, %before : tensor<?x1x8xf32>, tensor<1x1x8xf32>
    %counts = dither.add %in_sequence, %start : tensor<?x128x8xf32>, tensor<?x1x8xf32>
    %own = dither.mul %counts, %choice : tensor<?x128x8xf32>, tensor<?x128x8xf32>
    %place = dither.reduce sum %own {dims = array<i64: 2>} : tensor<?x128x8xf32>
    return %place : tensor<?x128xf32>
  }

  // Where a choice goes: row expert * 320 + place of all places, or none, -1.
  func.func @slot(%expert: tensor<?x128xi32>, %place: tensor<?x128xf32>) -> tensor<?x128xi32> {
    %room = dither.constant dense<320> : tensor<i32>
    %none = dither.constant dense<-1> : tensor<i32>
    %number = dither.cast %place : tensor<?x128xf32> to tensor<?x128xi32>
    %first = dither.mul %expert, %room : tensor<?x128xi32>, tensor<i32>
    %row = dither.add %first, %number : tensor<?x128xi32>, tensor<?x128xi32>
    %fits = dither.compare lt %number, %room : tensor<?x128xi32>, tensor<i32>
    %slot = dither.select %fits, %row, %none : tensor<?x128xi1>, tensor<?x128xi32>, tensor<i32>
    return %slot : tensor<?x128xi32>
  }

  // The slots of the first and second choice, the weights of their answers, and how unequally busy the experts are.
  func.func @route(%x: tensor<?x128x128xf32>)
      -> (tensor<?x128xi32>, tensor<?x128xi32>, tensor<?x128x1xf32>, tensor<?x128x1xf32>, tensor<f32>) {
    %router = dither.read @router : tensor<128x8xf32>
    %zeros = dither.constant dense<0.0> : tensor<1x1x8xf32>
    %two = dither.constant dense<2.0> : tensor<f32>
    %four = dither.constant dense<4.0> : tensor<f32>
    %logits = dither.linear %x, %router : tensor<?x128x128xf32>, tensor<128x8xf32>
    %p = dither.softmax %logits : tensor<?x128x8xf32>
    // Which expert is chosen has no gradient, only how much it counts.
    %first = dither.argmax %p : tensor<?x128x8xf32>
    %hot1 = dither.one_hot %first : tensor<?x128xi32> to tensor<?x128x8xf32>
    %choice1 = dither.stop_gradient %hot1 : tensor<?x128x8xf32>
    %taken = dither.mul %choice1, %two : tensor<?x128x8xf32>, tensor<f32>
    %rest = dither.sub %p, %taken : tensor<?x128x8xf32>, tensor<?x128x8xf32>
    %second = dither.argmax %rest : tensor<?x128x8xf32>
    %hot2 = dither.one_hot %second : tensor<?x128xi32> to tensor<?x128x8xf32>
    %choice2 = dither.stop_gradient %hot2 : tensor<?x128x8xf32>

    // First choices come before all second ones.
    %place1 = func.call @place(%choice1, %zeros) : (tensor<?x128x8xf32>, tensor<1x1x8xf32>) -> tensor<?x128xf32>
    %firsts = dither.reduce sum %choice1 {dims = array<i64: 0, 1>, keep} : tensor<?x128x8xf32>
    %place2 = func.call @place(%choice2, %firsts) : (tensor<?x128x8xf32>, tensor<1x1x8xf32>) -> tensor<?x128xf32>
    %slot1 = func.call @slot(%first, %place1) : (tensor<?x128xi32>, tensor<?x128xf32>) -> tensor<?x128xi32>
    %slot2 = func.call @slot(%second, %place2) : (tensor<?x128xi32>, tensor<?x128xf32>) -> tensor<?x128xi32>

    // Weights are the probabilities of both, made to sum to 1.
    %picked1 = dither.mul %p, %choice1 : tensor<?x128x8xf32>, tensor<?x128x8xf32>
    %picked2 = dither.mul %p, %choice2 : tensor<?x128x8xf32>, tensor<?x128x8xf32>
    %p1 = dither.reduce sum %picked1 {dims = array<i64: 2>, keep} : tensor<?x128x8xf32>
    %p2 = dither.reduce sum %picked2 {dims = array<i64: 2>, keep} : tensor<?x128x8xf32>
    %both = dither.add %p1, %p2 : tensor<?x128x1xf32>, tensor<?x128x1xf32>
    %weight1 = dither.div %p1, %both : tensor<?x128x1xf32>, tensor<?x128x1xf32>
    %weight2 = dither.div %p2, %both : tensor<?x128x1xf32>, tensor<?x128x1xf32>

    %choices = dither.add %choice1, %choice2 : tensor<?x128x8xf32>, tensor<?x128x8xf32>
    %busy = dither.mean %choices {dims = array<i64: 0, 1>} : tensor<?x128x8xf32>
    %wanted = dither.mean %p {dims = array<i64: 0, 1>} : tensor<?x128x8xf32>
    %products = dither.mul %busy, %wanted : tensor<8xf32>, tensor<8xf32>
    %sum = dither.reduce sum %products : tensor<8xf32>
    %balance = dither.mul %sum, %four : tensor<f32>, tensor<f32> // 8 experts, 2 choices.
    return %slot1, %slot2, %weight1, %weight2, %balance
      : tensor<?x128xi32>, tensor<?x128xi32>, tensor<?x128x1xf32>, tensor<?x128x1xf32>, tensor<f32>
  }

  // What an expert answered to each character, times its weight; 0 where it had no room.
  func.func @collect(%answers: tensor<2560x128xf32>, %slot: tensor<?x128xi32>, %weight: tensor<?x128x1xf32>) -> tensor<?x128x128xf32> {
    %zero = dither.constant dense<0.0> : tensor<f32>
    %none = dither.constant dense<0> : tensor<i32>
    %column = dither.reshape %slot : tensor<?x128xi32> to tensor<?x128x1xi32>
    %heard = dither.compare ge %column, %none : tensor<?x128x1xi32>, tensor<i32>
    %share = dither.select %heard, %weight, %zero : tensor<?x128x1xi1>, tensor<?x128x1xf32>, tensor<f32>
    %answer = dither.gather %answers, %slot : tensor<2560x128xf32>, tensor<?x128xi32>
    %weighted = dither.mul %answer, %share : tensor<?x128x128xf32>, tensor<?x128x1xf32>
    return %weighted : tensor<?x128x128xf32>
  }

  func.func @experts(%x: tensor<?x128x128xf32>) -> (tensor<?x128x128xf32>, tensor<f32>) {
    %up = dither.read @up : tensor<8x128x256xf32>
    %up_bias = dither.read @up_bias : tensor<8x1x256xf32>
    %down = dither.read @down : tensor<8x256x128xf32>
    %empty = dither.constant dense<0.0> : tensor<2560x128xf32>
    %slot1, %slot2, %weight1, %weight2, %balance = func.call @route(%x)
      : (tensor<?x128x128xf32>) -> (tensor<?x128xi32>, tensor<?x128xi32>, tensor<?x128x1xf32>, tensor<?x128x1xf32>, tensor<f32>)
    %one = dither.scatter_add %x into %empty at %slot1 : tensor<?x128x128xf32>, tensor<2560x128xf32>, tensor<?x128xi32>
    %two = dither.scatter_add %x into %one at %slot2 : tensor<?x128x128xf32>, tensor<2560x128xf32>, tensor<?x128xi32>
    %questions = dither.reshape %two : tensor<2560x128xf32> to tensor<8x320x128xf32>
    %z = dither.einsum "epc,ech->eph" %questions, %up : tensor<8x320x128xf32>, tensor<8x128x256xf32>
    %biased = dither.add %z, %up_bias : tensor<8x320x256xf32>, tensor<8x1x256xf32>
    %h = dither.gelu %biased : tensor<8x320x256xf32>
    %y = dither.einsum "eph,ehc->epc" %h, %down : tensor<8x320x256xf32>, tensor<8x256x128xf32>
    %answers = dither.reshape %y : tensor<8x320x128xf32> to tensor<2560x128xf32>
    %answer1 = func.call @collect(%answers, %slot1, %weight1)
      : (tensor<2560x128xf32>, tensor<?x128xi32>, tensor<?x128x1xf32>) -> tensor<?x128x128xf32>
    %answer2 = func.call @collect(%answers, %slot2, %weight2)
      : (tensor<2560x128xf32>, tensor<?x128xi32>, tensor<?x128x1xf32>) -> tensor<?x128x128xf32>
    %answer = dither.add %answer1, %answer2 : tensor<?x128x128xf32>, tensor<?x128x128xf32>
    return %answer, %balance : tensor<?x128x128xf32>, tensor<f32>
  }

  // A perceptron for all characters alike, which is as much work as two experts.
  func.func @dense(%x: tensor<?x128x128xf32>) -> tensor<?x128x128xf32> {
    %up = dither.read @dense_up : tensor<128x512xf32>
    %up_bias = dither.read @dense_up_bias : tensor<512xf32>
    %down = dither.read @dense_down : tensor<512x128xf32>
    %z = dither.linear %x, %up, %up_bias : tensor<?x128x128xf32>, tensor<128x512xf32>, tensor<512xf32>
    %h = dither.gelu %z : tensor<?x128x512xf32>
    %y = dither.linear %h, %down : tensor<?x128x512xf32>, tensor<512x128xf32>
    return %y : tensor<?x128x128xf32>
  }

  // What is seen of the last 8 characters, as it is and normalized.
  func.func @look(%x: tensor<?x128xi32>) -> (tensor<?x128x128xf32>, tensor<?x128x128xf32>) {
    %characters = dither.read @characters : tensor<96x32xf32>
    %context = dither.read @context : tensor<256x128xf32>
    %context_bias = dither.read @context_bias : tensor<128xf32>
    %scale = dither.read @scale : tensor<128xf32>
    %embedded = dither.gather %characters, %x : tensor<96x32xf32>, tensor<?x128xi32>
    %z = dither.conv1d %embedded, %context, %context_bias {kernel = 8 : i64, padding = array<i64: 7, 0>}
      : tensor<?x128x32xf32>, tensor<256x128xf32>, tensor<128xf32>
    %seen = dither.gelu %z : tensor<?x128x128xf32>
    %normal = dither.rms_norm %seen, %scale : tensor<?x128x128xf32>, tensor<128xf32>
    return %seen, %normal : tensor<?x128x128xf32>, tensor<?x128x128xf32>
  }

  func.func @tell(%seen: tensor<?x128x128xf32>, %answer: tensor<?x128x128xf32>) -> tensor<?x128x96xf32> {
    %last_scale = dither.read @last_scale : tensor<128xf32>
    %head = dither.read @head : tensor<128x96xf32>
    %sum = dither.add %seen, %answer : tensor<?x128x128xf32>, tensor<?x128x128xf32>
    %normal = dither.rms_norm %sum, %last_scale : tensor<?x128x128xf32>, tensor<128xf32>
    %logits = dither.linear %normal, %head : tensor<?x128x128xf32>, tensor<128x96xf32>
    return %logits : tensor<?x128x96xf32>
  }

  func.func @loss(%x: tensor<?x128xi32>, %next: tensor<?x128xi32>) -> tensor<f32> {
    %hundredth = dither.constant dense<0.01> : tensor<f32>
    %seen, %normal = func.call @look(%x) : (tensor<?x128xi32>) -> (tensor<?x128x128xf32>, tensor<?x128x128xf32>)
    %answer, %balance = func.call @experts(%normal) : (tensor<?x128x128xf32>) -> (tensor<?x128x128xf32>, tensor<f32>)
    %logits = func.call @tell(%seen, %answer) : (tensor<?x128x128xf32>, tensor<?x128x128xf32>) -> tensor<?x128x96xf32>
    %error = dither.cross_entropy %logits, %next : tensor<?x128x96xf32>, tensor<?x128xi32>
    %unequal = dither.mul %balance, %hundredth : tensor<f32>, tensor<f32>
    %loss = dither.add %error, %unequal : tensor<f32>, tensor<f32>
    return %loss : tensor<f32>
  }

  func.func @dense_loss(%x: tensor<?x128xi32>, %next: tensor<?x128xi32>) -> tensor<f32> {
    %seen, %normal = func.call @look(%x) : (tensor<?x128xi32>) -> (tensor<?x128x128xf32>, tensor<?x128x128xf32>)
    %answer = func.call @dense(%normal) : (tensor<?x128x128xf32>) -> tensor<?x128x128xf32>
    %logits = func.call @tell(%seen, %answer) : (tensor<?x128x128xf32>, tensor<?x128x128xf32>) -> tensor<?x128x96xf32>
    %error = dither.cross_entropy %logits, %next : tensor<?x128x96xf32>, tensor<?x128xi32>
    return %error : tensor<f32>
  }

  // The mean loss of the characters of each sample.
  func.func @of_each(%logits: tensor<?x128x96xf32>, %next: tensor<?x128xi32>) -> tensor<?xf32> {
    %log_probability = dither.log_softmax %logits : tensor<?x128x96xf32>
    %one_hot = dither.one_hot %next : tensor<?x128xi32> to tensor<?x128x96xf32>
    %picked = dither.mul %log_probability, %one_hot : tensor<?x128x96xf32>, tensor<?x128x96xf32>
    %sum = dither.reduce sum %picked {dims = array<i64: 1, 2>} : tensor<?x128x96xf32>
    %share = dither.constant dense<-0.0078125> : tensor<f32>
    %loss = dither.mul %sum, %share : tensor<?xf32>, tensor<f32>
    return %loss : tensor<?xf32>
  }

  func.func @loss_of_each(%x: tensor<?x128xi32>, %next: tensor<?x128xi32>) -> tensor<?xf32> {
    %seen, %normal = func.call @look(%x) : (tensor<?x128xi32>) -> (tensor<?x128x128xf32>, tensor<?x128x128xf32>)
    %answer, %unused = func.call @experts(%normal) : (tensor<?x128x128xf32>) -> (tensor<?x128x128xf32>, tensor<f32>)
    %logits = func.call @tell(%seen, %answer) : (tensor<?x128x128xf32>, tensor<?x128x128xf32>) -> tensor<?x128x96xf32>
    %loss = func.call @of_each(%logits, %next) : (tensor<?x128x96xf32>, tensor<?x128xi32>) -> tensor<?xf32>
    return %loss : tensor<?xf32>
  }

  func.func @dense_loss_of_each(%x: tensor<?x128xi32>, %next: tensor<?x128xi32>) -> tensor<?xf32> {
    %seen, %normal = func.call @look(%x) : (tensor<?x128xi32>) -> (tensor<?x128x128xf32>, tensor<?x128x128xf32>)
    %answer = func.call @dense(%normal) : (tensor<?x128x128xf32>) -> tensor<?x128x128xf32>
    %logits = func.call @tell(%seen, %answer) : (tensor<?x128x128xf32>, tensor<?x128x128xf32>) -> tensor<?x128x96xf32>
    %loss = func.call @of_each(%logits, %next) : (tensor<?x128x96xf32>, tensor<?x128xi32>) -> tensor<?xf32>
    return %loss : tensor<?xf32>
  }

  dither.train @sparse loss @loss metric @loss_of_each optimizer #dither.adamw<rate = 3.0e-3, beta2 = 0.98, decay = 0.05> {
    schedule = #dither.linear_decay<to = 0.05>, batch = 8 : i64, epochs = 4 : i64}
  dither.train @alike loss @dense_loss metric @dense_loss_of_each optimizer #dither.adamw<rate = 3.0e-3, beta2 = 0.98, decay = 0.05> {
    schedule = #dither.linear_decay<to = 0.05>, batch = 8 : i64, epochs = 4 : i64}
}
