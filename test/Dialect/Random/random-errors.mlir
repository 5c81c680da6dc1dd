// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @c1(%rng: tensor<3xi64>) {
  // expected-error@+1 {{(C1) needs seed and step as tensor<2xi64>}}
  %0 = dither.random_bits %rng {stream = 3 : i64} : tensor<3xi64> -> tensor<4xi32>
  return
}

// -----

func.func @c2(%rng: tensor<2xi64>) {
  // expected-error@+1 {{(C2) makes i32 tensors with fewer than 2^32 elements, of which the first extent alone may be dynamic}}
  %0 = dither.random_bits %rng {stream = 3 : i64} : tensor<2xi64> -> tensor<4xi64>
  return
}

// -----

func.func @c2_dynamic(%rng: tensor<2xi64>) {
  // expected-error@+1 {{(C2) makes 'tensor<?xf32>', of which nothing says how many rows it has; give it a `like` tensor with as many}}
  %0 = dither.normal %rng {stream = 3 : i64} : tensor<2xi64> -> tensor<?xf32>
  return
}

// -----

func.func @c3(%rng: tensor<2xi64>) {
  // expected-error@+1 {{(C3) needs a stream in [0, 2^32), got -1}}
  %0 = dither.uniform %rng {stream = -1 : i64} : tensor<2xi64> -> tensor<4xf32>
  return
}

// -----

func.func @bernoulli_c1(%rng: tensor<2xi64>) {
  // expected-error@+1 {{(C1) needs a probability in [0, 1], got 1.5}}
  %0 = dither.bernoulli %rng {stream = 1 : i64, probability = 1.5 : f64} : tensor<2xi64> -> tensor<4xf32>
  return
}

// -----

func.func @fold_in(%rng: tensor<2xi64>, %i: tensor<i64>) {
  // expected-error@+1 {{(C2) needs a stream in [0, 2^32), got}}
  %y = dither.fold_in %rng, %i {stream = 4294967296 : i64} : tensor<2xi64>
  return
}

// -----

func.func @fold_in_rng(%rng: tensor<3xi64>, %i: tensor<i64>) {
  // expected-error@+1 {{(C1) needs seed and step as tensor<2xi64>, got 'tensor<3xi64>'}}
  %y = dither.fold_in %rng, %i {stream = 1 : i64} : tensor<3xi64>
  return
}
