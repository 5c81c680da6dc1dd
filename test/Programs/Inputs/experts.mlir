// Put behind the functions of examples/mixture-of-experts.
  func.func @dispatched(%x: tensor<?x128x128xf32>) -> tensor<?x128x128xf32> {
    %answer, %balance = func.call @experts(%x) : (tensor<?x128x128xf32>) -> (tensor<?x128x128xf32>, tensor<f32>)
    return %answer : tensor<?x128x128xf32>
  }

  // The weight of a choice, in the column of its expert; 0 where that had no room.
  func.func @weights(%slot: tensor<?x128xi32>, %weight: tensor<?x128x1xf32>) -> tensor<?x128x8xf32> {
    %room = dither.constant dense<320> : tensor<i32>
    %none = dither.constant dense<0> : tensor<i32>
    %outside = dither.constant dense<8> : tensor<i32>
    %heard = dither.compare ge %slot, %none : tensor<?x128xi32>, tensor<i32>
    %quotient = dither.div %slot, %room : tensor<?x128xi32>, tensor<i32>
    %expert = dither.select %heard, %quotient, %outside : tensor<?x128xi1>, tensor<?x128xi32>, tensor<i32>
    %hot = dither.one_hot %expert : tensor<?x128xi32> to tensor<?x128x8xf32>
    %one_hot = dither.stop_gradient %hot : tensor<?x128x8xf32>
    %weights = dither.mul %one_hot, %weight : tensor<?x128x8xf32>, tensor<?x128x1xf32>
    return %weights : tensor<?x128x8xf32>
  }

  // Every expert is asked about every character.
  func.func @all(%x: tensor<?x128x128xf32>) -> tensor<?x128x128xf32> {
    %up = dither.read @up : tensor<8x128x256xf32>
    %up_bias = dither.read @up_bias : tensor<8x1x256xf32>
    %down = dither.read @down : tensor<8x256x128xf32>
    %slot1, %slot2, %weight1, %weight2, %balance = func.call @route(%x)
      : (tensor<?x128x128xf32>) -> (tensor<?x128xi32>, tensor<?x128xi32>, tensor<?x128x1xf32>, tensor<?x128x1xf32>, tensor<f32>)
    %w1 = func.call @weights(%slot1, %weight1) : (tensor<?x128xi32>, tensor<?x128x1xf32>) -> tensor<?x128x8xf32>
    %w2 = func.call @weights(%slot2, %weight2) : (tensor<?x128xi32>, tensor<?x128x1xf32>) -> tensor<?x128x8xf32>
    %w = dither.add %w1, %w2 : tensor<?x128x8xf32>, tensor<?x128x8xf32>
    %bias = dither.reshape %up_bias : tensor<8x1x256xf32> to tensor<8x256xf32>
    %z = dither.einsum "btc,ech->bteh" %x, %up : tensor<?x128x128xf32>, tensor<8x128x256xf32>
    %biased = dither.add %z, %bias : tensor<?x128x8x256xf32>, tensor<8x256xf32>
    %h = dither.gelu %biased : tensor<?x128x8x256xf32>
    %y = dither.einsum "bteh,ehc,bte->btc" %h, %down, %w : tensor<?x128x8x256xf32>, tensor<8x256x128xf32>, tensor<?x128x8xf32>
    return %y : tensor<?x128x128xf32>
  }

  func.func @largest_difference(%a: tensor<?x128x128xf32>, %b: tensor<?x128x128xf32>) -> tensor<f32> {
    %difference = dither.sub %a, %b : tensor<?x128x128xf32>, tensor<?x128x128xf32>
    %size = dither.abs %difference : tensor<?x128x128xf32>
    %largest = dither.reduce max %size : tensor<?x128x128xf32>
    return %largest : tensor<f32>
  }

  // Of characters at random, as many sequences as there are rows: how far what is dispatched is from what all experts say, and its gradient from theirs;
  // how many share a slot at most, and how many have one.
  func.func @dispatch(%rows: tensor<?xi32>) -> (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>) {
    %low = dither.constant dense<63> : tensor<i32>
    %one = dither.constant dense<1.0> : tensor<f32>
    %free = dither.constant dense<0.0> : tensor<2560x1xf32>
    %rng = dither.rng : tensor<2xi64>
    %bits = dither.random_bits %rng {stream = 64 : i64} : tensor<2xi64> -> tensor<16x128xi32>
    %table = dither.and %bits, %low : tensor<16x128xi32>, tensor<i32>
    %x = dither.gather %table, %rows : tensor<16x128xi32>, tensor<?xi32>
    %seen, %normal = func.call @look(%x) : (tensor<?x128xi32>) -> (tensor<?x128x128xf32>, tensor<?x128x128xf32>)
    %y, %dx = dither.vjp @dispatched(%normal) along(%seen)
      : (tensor<?x128x128xf32>, tensor<?x128x128xf32>) -> (tensor<?x128x128xf32>, tensor<?x128x128xf32>)
    %z, %dz = dither.vjp @all(%normal) along(%seen)
      : (tensor<?x128x128xf32>, tensor<?x128x128xf32>) -> (tensor<?x128x128xf32>, tensor<?x128x128xf32>)
    %forward = func.call @largest_difference(%y, %z) : (tensor<?x128x128xf32>, tensor<?x128x128xf32>) -> tensor<f32>
    %backward = func.call @largest_difference(%dx, %dz) : (tensor<?x128x128xf32>, tensor<?x128x128xf32>) -> tensor<f32>

    %slot1, %slot2, %weight1, %weight2, %balance = func.call @route(%normal)
      : (tensor<?x128x128xf32>) -> (tensor<?x128xi32>, tensor<?x128xi32>, tensor<?x128x1xf32>, tensor<?x128x1xf32>, tensor<f32>)
    %ones = dither.broadcast %one like %weight1 : tensor<f32>, tensor<?x128x1xf32>
    %first = dither.scatter_add %ones into %free at %slot1 : tensor<?x128x1xf32>, tensor<2560x1xf32>, tensor<?x128xi32>
    %both = dither.scatter_add %ones into %first at %slot2 : tensor<?x128x1xf32>, tensor<2560x1xf32>, tensor<?x128xi32>
    %most = dither.reduce max %both : tensor<2560x1xf32>
    %count = dither.reduce sum %both : tensor<2560x1xf32>
    return %forward, %backward, %most, %count : tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>
  }
}
