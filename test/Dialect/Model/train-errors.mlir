// RUN: dither-opt %s --verify-diagnostics --split-input-file

dither.model @m {
  // expected-error@+1 {{(C1) finds no function @loss}}
  dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.1> {batch = 8 : i64, epochs = 1 : i64}
}

// -----

dither.model @m {
  func.func private @loss(tensor<?x4xf32>) -> tensor<?xf32>
  // expected-error@+1 {{(C2) needs a loss with one result tensor<f32>}}
  dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.1> {batch = 8 : i64, epochs = 1 : i64}
}

// -----

dither.model @m {
  func.func private @loss(tensor<?x4xf32>) -> tensor<f32>
  func.func private @metric(tensor<?x5xf32>) -> tensor<?xf32>
  // expected-error@+1 {{(C3) needs a metric with the inputs of the loss}}
  dither.train @fit loss @loss metric @metric optimizer #dither.sgd<rate = 0.1> {batch = 8 : i64, epochs = 1 : i64}
}

// -----

dither.model @m {
  func.func private @loss(tensor<?x4xf32>) -> tensor<f32>
  // expected-error@+1 {{(C4) needs positive batch and epochs}}
  dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.1> {batch = 0 : i64, epochs = 1 : i64}
}

// -----

dither.model @m {
  func.func private @loss(tensor<f32>) -> tensor<f32>
  // expected-error@+1 {{(C5) needs a batch dimension first in every input}}
  dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.1> {batch = 8 : i64, epochs = 1 : i64}
}

// -----

dither.model @m {
  func.func private @loss(tensor<?x4xf32>) -> tensor<f32>
  // expected-error@+1 {{#dither.nm<2 : 4> is not an optimizer}}
  dither.train @fit loss @loss optimizer #dither.nm<2 : 4> {batch = 8 : i64, epochs = 1 : i64}
}

// -----

dither.model @m {
  func.func private @loss(tensor<?x4xf32>) -> tensor<f32>
  // expected-error@+1 {{(C1) finds no function @accuracy in the model}}
  dither.train @fit loss @loss metric @accuracy optimizer #dither.sgd<rate = 0.1> {batch = 8 : i64, epochs = 1 : i64}
}

// -----

dither.model @m {
  func.func private @loss(tensor<?x4xf32>) -> tensor<f32>
  // expected-error@+1 {{3 : i64 is not a schedule such as #dither.linear_decay<to = 0.0>}}
  dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.1> {batch = 8 : i64, epochs = 1 : i64, schedule = 3 : i64}
}
