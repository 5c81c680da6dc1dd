// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @seed(%x: tensor<?xf32>, %rng: tensor<2xi64>) {
  // expected-error@+1 {{(C1) takes a seed and step, and so does its region}}
  %y = dither.expect %rng {stream = 5 : i64} : tensor<2xi64> -> tensor<?xf32> {
    dither.yield %x : tensor<?xf32>
  }
  return
}

// -----

func.func @yields(%x: tensor<?xf32>, %rng: tensor<2xi64>) {
  // expected-error@+1 {{(C2) has a region that yields something else than 'tensor<f32>'}}
  %y = dither.expect %rng {stream = 5 : i64} : tensor<2xi64> -> tensor<f32> {
  ^bb0(%own: tensor<2xi64>):
    dither.yield %x : tensor<?xf32>
  }
  return
}

// -----

func.func @samples(%x: tensor<?xf32>, %rng: tensor<2xi64>) {
  // expected-error@+1 {{(C3) needs a positive number of `samples`, got 0}}
  %y = dither.expect %rng {stream = 5 : i64, samples = 0 : i64} : tensor<2xi64> -> tensor<?xf32> {
  ^bb0(%own: tensor<2xi64>):
    dither.yield %x : tensor<?xf32>
  }
  return
}

// -----

func.func @parameters(%x: tensor<?xf32>, %rng: tensor<2xi64>) {
  // expected-error@+1 {{(C2) has 1 parameters where #dither.normal takes mean, deviation}}
  %z = dither.draw #dither.normal(%x) from %rng {stream = 1 : i64} : (tensor<?xf32>, tensor<2xi64>) -> tensor<?xf32>
  return
}

// -----

func.func @shapes(%x: tensor<3xf32>, %rng: tensor<2xi64>) {
  // expected-error@+1 {{(C2) #dither.bernoulli cannot make 'tensor<4xf32>' with a logit of 'tensor<3xf32>'}}
  %z = dither.draw #dither.bernoulli(%x) from %rng {stream = 1 : i64} : (tensor<3xf32>, tensor<2xi64>) -> tensor<4xf32>
  return
}

// -----

func.func @rows(%x: tensor<f32>, %rng: tensor<2xi64>) {
  // expected-error@+1 {{(C2) #dither.bernoulli cannot make 'tensor<?xf32>': no parameter says how many rows it has}}
  %z = dither.draw #dither.bernoulli(%x) from %rng {stream = 1 : i64} : (tensor<f32>, tensor<2xi64>) -> tensor<?xf32>
  return
}

// -----

func.func @categories(%x: tensor<?x3xf32>, %rng: tensor<2xi64>) {
  // expected-error@+1 {{(C2) #dither.categorical cannot make 'tensor<?xf32>' of logits of 'tensor<?x3xf32>'}}
  %z = dither.draw #dither.categorical(%x) from %rng {stream = 1 : i64} : (tensor<?x3xf32>, tensor<2xi64>) -> tensor<?xf32>
  return
}

// -----

func.func @pathwise(%x: tensor<?xf32>, %rng: tensor<2xi64>) {
  // expected-error@+1 {{(C4) has #dither.pathwise (C1) where no gradient passes through draws of #dither.bernoulli; #dither.score_function serves every distribution}}
  %z = dither.draw #dither.bernoulli(%x) from %rng {stream = 1 : i64, estimator = #dither.pathwise} : (tensor<?xf32>, tensor<2xi64>) -> tensor<?xf32>
  return
}

// -----

func.func @enumerate(%x: tensor<?xf32>, %rng: tensor<2xi64>) {
  // expected-error@+1 {{(C4) has #dither.enumerate (C1) for #dither.normal, which has more values than can be named}}
  %z = dither.draw #dither.normal(%x, %x) from %rng {stream = 1 : i64, estimator = #dither.enumerate}
      : (tensor<?xf32>, tensor<?xf32>, tensor<2xi64>) -> tensor<?xf32>
  return
}

// -----

func.func @estimator(%x: tensor<?xf32>, %rng: tensor<2xi64>) {
  // expected-error@+1 {{(C4) has #dither.straight_through, which is no estimator of random nodes}}
  %z = dither.draw #dither.bernoulli(%x) from %rng {stream = 1 : i64, estimator = #dither.straight_through}
      : (tensor<?xf32>, tensor<2xi64>) -> tensor<?xf32>
  return
}

// -----

func.func @unshared(%x: tensor<5xf32>, %c: tensor<?xf32>, %rng: tensor<2xi64>) {
  %y = dither.expect %rng {stream = 5 : i64} : tensor<2xi64> -> tensor<?xf32> {
  ^bb0(%own: tensor<2xi64>):
    // expected-error@+1 {{(C5) has the shape of 'tensor<5xf32>', whose first extents are not those of the cost, 'tensor<?xf32>'; say that it is `shared`}}
    %z = dither.draw #dither.bernoulli(%x) from %own {stream = 1 : i64, estimator = #dither.score_function}
        : (tensor<5xf32>, tensor<2xi64>) -> tensor<5xf32>
    dither.yield %c : tensor<?xf32>
  }
  return
}

// -----

func.func @density(%x: tensor<?x3xf32>, %k: tensor<?xi32>) {
  // expected-error@+1 {{(C2) gives 'tensor<?xf32>', not 'tensor<?x3xf32>'}}
  %l = dither.log_density #dither.categorical(%x) at %k : (tensor<?x3xf32>, tensor<?xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @rowless(%rng: tensor<2xi64>) {
  // expected-error@+1 {{(C2) makes 'tensor<?x3xf32>', of which nothing says how many rows it has; give it a `like` tensor with as many}}
  %z = dither.normal %rng {stream = 1 : i64} : tensor<2xi64> -> tensor<?x3xf32>
  return
}
