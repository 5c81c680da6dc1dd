// A diffusion model of handwritten digits, one for all labels (Ho et al., "Denoising diffusion probabilistic models", 2020). An image x is drowned
// in normal noise e step by step; at the angle a, from 0 to pi/2, what is left is
//   x(a) = cos(a) x + sin(a) e,
// so that variance stays. A network is shown x(a), a and the label, and predicts the velocity v = dx/da = cos(a) e - sin(a) x, from which both x and
// e follow (Salimans and Ho, "Progressive distillation for fast sampling of diffusion models", 2022). Loss and metric are the mean
// squared error of a pixel's velocity. Inputs are 8x8 images with pixels 0 to 16; inside they are -1 to 1.
//
// An image is drawn from noise by walking back from a = pi/2 to 0: @sample. It needs nothing but labels:
//   dither train examples/diffusion/diffusion.mlir --data examples/data/digits.csv.gz --seed 1 --out diffusion
//   examples/diffusion/draw.py labels 100 labels.npy
//   dither run examples/diffusion/diffusion.mlir --params diffusion/model.safetensors --function sample --input labels.npy --output images.npy
//   examples/diffusion/draw.py picture images.npy samples.png
// Of 100 images that were drawn so, examples/cnn takes 92 for what they should be.
//
// Parameters of all blocks lie in one tensor, of which a loop takes a row for each block. Initializers count the blocks, not the rows of a
// matrix: `gain = 0.15` makes a standard deviation of 0.09.
dither.model @diffusion {
  dither.param @image_in : tensor<64x256xf32> init #dither.kaiming_uniform<gain = 1.0>
  dither.param @time_in : tensor<16x256xf32> init #dither.kaiming_uniform<gain = 1.0>
  dither.param @label_in : tensor<10x256xf32> init #dither.kaiming_uniform<gain = 1.0>
  dither.param @scale : tensor<3x256xf32> init #dither.fill<1.0>
  dither.param @shift : tensor<3x256xf32> init #dither.fill<0.0>
  dither.param @w1 : tensor<3x256x512xf32> init #dither.kaiming_uniform<gain = 0.15>
  dither.param @b1 : tensor<3x512xf32> init #dither.fill<0.0>
  dither.param @condition : tensor<3x256x512xf32> init #dither.kaiming_uniform<gain = 0.1>
  dither.param @w2 : tensor<3x512x256xf32> init #dither.kaiming_uniform<gain = 0.05>
  dither.param @b2 : tensor<3x256xf32> init #dither.fill<0.0>
  dither.param @out : tensor<256x64xf32> init #dither.kaiming_uniform<gain = 0.2>
  dither.param @out_bias : tensor<64xf32> init #dither.fill<0.0>

  // What time and label add to each block: waves of the angle, and a row for each label.
  func.func @embed(%angle: tensor<?x1xf32>, %labels: tensor<?xi32>) -> tensor<?x256xf32> {
    %time_in = dither.read @time_in : tensor<16x256xf32>
    %label_in = dither.read @label_in : tensor<10x256xf32>
    %speeds = dither.constant dense<[[1.0, 2.0, 4.0, 6.0, 9.0, 14.0, 20.0, 30.0]]> : tensor<1x8xf32>
    %phases = dither.mul %angle, %speeds : tensor<?x1xf32>, tensor<1x8xf32>
    %sin = dither.sin %phases : tensor<?x8xf32>
    %cos = dither.cos %phases : tensor<?x8xf32>
    %waves = dither.concat %sin, %cos {dim = 1 : i64} : tensor<?x8xf32>, tensor<?x8xf32>
    %time = dither.linear %waves, %time_in : tensor<?x16xf32>, tensor<16x256xf32>
    %label = dither.gather %label_in, %labels : tensor<10x256xf32>, tensor<?xi32>
    %sum = dither.add %time, %label : tensor<?x256xf32>, tensor<?x256xf32>
    %embedded = dither.silu %sum : tensor<?x256xf32>
    return %embedded : tensor<?x256xf32>
  }

  // The velocity of noisy images: three residual blocks of a perceptron.
  func.func @velocity(%x: tensor<?x64xf32>, %angle: tensor<?x1xf32>, %labels: tensor<?xi32>) -> tensor<?x64xf32> {
    %image_in = dither.read @image_in : tensor<64x256xf32>
    %scale = dither.read @scale : tensor<3x256xf32>
    %shift = dither.read @shift : tensor<3x256xf32>
    %w1 = dither.read @w1 : tensor<3x256x512xf32>
    %b1 = dither.read @b1 : tensor<3x512xf32>
    %condition = dither.read @condition : tensor<3x256x512xf32>
    %w2 = dither.read @w2 : tensor<3x512x256xf32>
    %b2 = dither.read @b2 : tensor<3x256xf32>
    %out = dither.read @out : tensor<256x64xf32>
    %out_bias = dither.read @out_bias : tensor<64xf32>
    %embedded = func.call @embed(%angle, %labels) : (tensor<?x1xf32>, tensor<?xi32>) -> tensor<?x256xf32>
    %first = dither.linear %x, %image_in : tensor<?x64xf32>, tensor<64x256xf32>
    %last = dither.for carry(%first) over(%scale, %shift, %w1, %b1, %condition, %w2, %b2)
      : (tensor<?x256xf32>, tensor<3x256xf32>, tensor<3x256xf32>, tensor<3x256x512xf32>, tensor<3x512xf32>, tensor<3x256x512xf32>,
         tensor<3x512x256xf32>, tensor<3x256xf32>) -> tensor<?x256xf32> {
    ^bb0(%i: tensor<i64>, %h: tensor<?x256xf32>, %s: tensor<256xf32>, %t: tensor<256xf32>, %up: tensor<256x512xf32>, %up_bias: tensor<512xf32>,
         %know: tensor<256x512xf32>, %down: tensor<512x256xf32>, %down_bias: tensor<256xf32>):
      %n = dither.layer_norm %h, %s, %t : tensor<?x256xf32>, tensor<256xf32>, tensor<256xf32>
      %u = dither.linear %n, %up, %up_bias : tensor<?x256xf32>, tensor<256x512xf32>, tensor<512xf32>
      %k = dither.linear %embedded, %know : tensor<?x256xf32>, tensor<256x512xf32>
      %both = dither.add %u, %k : tensor<?x512xf32>, tensor<?x512xf32>
      %a = dither.silu %both : tensor<?x512xf32>
      %d = dither.linear %a, %down, %down_bias : tensor<?x512xf32>, tensor<512x256xf32>, tensor<256xf32>
      %next = dither.add %h, %d : tensor<?x256xf32>, tensor<?x256xf32>
      dither.yield %next : tensor<?x256xf32>
    }
    %normal = dither.layer_norm %last : tensor<?x256xf32>
    %v = dither.linear %normal, %out, %out_bias : tensor<?x256xf32>, tensor<256x64xf32>, tensor<64xf32>
    return %v : tensor<?x64xf32>
  }

  // 0, 1, 2, ... for the images of a batch: which rows of random tables, whose shape is static, are theirs.
  func.func @positions(%labels: tensor<?xi32>) -> tensor<?xi32> {
    %one = dither.constant dense<1> : tensor<i32>
    %ones = dither.broadcast %one like %labels : tensor<i32>, tensor<?xi32>
    %positions = dither.scan sum %ones {dim = 0 : i64, exclusive} : tensor<?xi32>
    return %positions : tensor<?xi32>
  }

  // The squared error of each image's velocity, the mean over pixels. Image i of a batch, of which there are 64, takes an angle at random from the
  // i-th of 64 equal parts: so that each batch has all kinds of noise in it.
  func.func @errors(%pixels: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<?xf32> {
    %eighth = dither.constant dense<0.125> : tensor<f32>
    %one = dither.constant dense<1.0> : tensor<f32>
    %part = dither.constant dense<0.024543693> : tensor<f32> // pi / 2 / 64
    %rng = dither.rng : tensor<2xi64>
    %numbers = dither.uniform %rng {stream = 64 : i64} : tensor<2xi64> -> tensor<64x1xf32>
    %noises = dither.normal %rng {stream = 65 : i64} : tensor<2xi64> -> tensor<64x64xf32>
    %parts = dither.iota {dim = 0 : i64} : tensor<64x1xf32>
    %inside = dither.add %parts, %numbers : tensor<64x1xf32>, tensor<64x1xf32>
    %angles = dither.mul %inside, %part : tensor<64x1xf32>, tensor<f32>
    %rows = func.call @positions(%labels) : (tensor<?xi32>) -> tensor<?xi32>
    %angle = dither.gather %angles, %rows : tensor<64x1xf32>, tensor<?xi32>
    %noise = dither.gather %noises, %rows : tensor<64x64xf32>, tensor<?xi32>

    %scaled = dither.mul %pixels, %eighth : tensor<?x64xf32>, tensor<f32>
    %image = dither.sub %scaled, %one : tensor<?x64xf32>, tensor<f32>
    %cos = dither.cos %angle : tensor<?x1xf32>
    %sin = dither.sin %angle : tensor<?x1xf32>
    %kept = dither.mul %cos, %image : tensor<?x1xf32>, tensor<?x64xf32>
    %added = dither.mul %sin, %noise : tensor<?x1xf32>, tensor<?x64xf32>
    %x = dither.add %kept, %added : tensor<?x64xf32>, tensor<?x64xf32>
    %gain = dither.mul %cos, %noise : tensor<?x1xf32>, tensor<?x64xf32>
    %loss = dither.mul %sin, %image : tensor<?x1xf32>, tensor<?x64xf32>
    %wanted = dither.sub %gain, %loss : tensor<?x64xf32>, tensor<?x64xf32>

    %v = func.call @velocity(%x, %angle, %labels) : (tensor<?x64xf32>, tensor<?x1xf32>, tensor<?xi32>) -> tensor<?x64xf32>
    %difference = dither.sub %v, %wanted : tensor<?x64xf32>, tensor<?x64xf32>
    %square = dither.mul %difference, %difference : tensor<?x64xf32>, tensor<?x64xf32>
    %errors = dither.mean %square {dims = array<i64: 1>} : tensor<?x64xf32>
    return %errors : tensor<?xf32>
  }

  // An image for each of at most 256 labels, from noise alone. 50 steps of an angle d = pi / 100 each (Song et al., "Denoising diffusion implicit
  // models", 2021): x(a - d) = cos(d) x(a) - sin(d) v, which is where x(a) and its velocity say that a straight mixture of x and e was.
  func.func @sample(%labels: tensor<?xi32>) -> tensor<?x64xf32> {
    %step = dither.constant dense<0.0314159265> : tensor<f32>
    %cos = dither.constant dense<0.9995065604> : tensor<f32>
    %sin = dither.constant dense<0.0314107591> : tensor<f32>
    %trips = dither.constant dense<50.0> : tensor<f32>
    %zero = dither.constant dense<0.0> : tensor<f32>
    %one = dither.constant dense<1.0> : tensor<f32>
    %eight = dither.constant dense<8.0> : tensor<f32>
    %sixteen = dither.constant dense<16.0> : tensor<f32>
    %rng = dither.rng : tensor<2xi64>
    %noises = dither.normal %rng {stream = 66 : i64} : tensor<2xi64> -> tensor<256x64xf32>
    %rows = func.call @positions(%labels) : (tensor<?xi32>) -> tensor<?xi32>
    %noise = dither.gather %noises, %rows : tensor<256x64xf32>, tensor<?xi32>
    %image = dither.for carry(%noise) {trips = 50 : i64} : (tensor<?x64xf32>) -> tensor<?x64xf32> {
    ^bb0(%i: tensor<i64>, %x: tensor<?x64xf32>):
      %done = dither.cast %i : tensor<i64> to tensor<f32>
      %left = dither.sub %trips, %done : tensor<f32>, tensor<f32>
      %angle = dither.mul %left, %step : tensor<f32>, tensor<f32>
      %column = dither.reshape %labels : tensor<?xi32> to tensor<?x1xi32>
      %angles = dither.broadcast %angle like %column : tensor<f32>, tensor<?x1xi32>
      %v = func.call @velocity(%x, %angles, %labels) : (tensor<?x64xf32>, tensor<?x1xf32>, tensor<?xi32>) -> tensor<?x64xf32>
      %kept = dither.mul %x, %cos : tensor<?x64xf32>, tensor<f32>
      %moved = dither.mul %v, %sin : tensor<?x64xf32>, tensor<f32>
      %next = dither.sub %kept, %moved : tensor<?x64xf32>, tensor<?x64xf32>
      dither.yield %next : tensor<?x64xf32>
    }
    %above = dither.add %image, %one : tensor<?x64xf32>, tensor<f32>
    %pixels = dither.mul %above, %eight : tensor<?x64xf32>, tensor<f32>
    %positive = dither.max %pixels, %zero : tensor<?x64xf32>, tensor<f32>
    %bounded = dither.min %positive, %sixteen : tensor<?x64xf32>, tensor<f32>
    return %bounded : tensor<?x64xf32>
  }

  func.func @loss(%x: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<f32> {
    %errors = func.call @errors(%x, %labels) : (tensor<?x64xf32>, tensor<?xi32>) -> tensor<?xf32>
    %loss = dither.mean %errors : tensor<?xf32>
    return %loss : tensor<f32>
  }

  dither.train @fit loss @loss metric @errors optimizer #dither.adamw<rate = 2.0e-3, decay = 0.02> {
    schedule = #dither.linear_decay<to = 0.0>, batch = 64 : i64, epochs = 30 : i64}
}
