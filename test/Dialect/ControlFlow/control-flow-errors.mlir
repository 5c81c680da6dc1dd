// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @neither(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C1) needs either `trips` or rows to run over}}
  %y = dither.for carry(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%i: tensor<i64>, %a: tensor<4xf32>):
    dither.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @negative(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C1) needs `trips` that are not negative}}
  %y = dither.for carry(%x) {trips = -1 : i64} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%i: tensor<i64>, %a: tensor<4xf32>):
    dither.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @rows(%x: tensor<4xf32>, %y: tensor<5xf32>) {
  // expected-error@+1 {{(C1) runs over different numbers of rows: 'tensor<4xf32>' and 'tensor<5xf32>'}}
  dither.for over(%x, %y) : (tensor<4xf32>, tensor<5xf32>) -> () {
  ^bb0(%i: tensor<i64>, %a: tensor<f32>, %b: tensor<f32>):
    dither.yield
  }
  return
}

// -----

func.func @scalar(%x: tensor<f32>) {
  // expected-error@+1 {{(C1) cannot run over the rows of 'tensor<f32>'}}
  dither.for over(%x) : (tensor<f32>) -> () {
  ^bb0(%i: tensor<i64>, %a: tensor<f32>):
    dither.yield
  }
  return
}

// -----

func.func @arguments(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C2) has a region that takes 'tensor<i64>', 'tensor<4xf32>'}}
  %y = dither.for carry(%x) {trips = 1 : i64} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    dither.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @yield(%x: tensor<4xf32>, %z: tensor<5xf32>) {
  // expected-error@+1 {{(C3) has a region that yields the carried values, with the types given, and then rows}}
  %y = dither.for carry(%x) {trips = 1 : i64} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%i: tensor<i64>, %a: tensor<4xf32>):
    dither.yield %z : tensor<5xf32>
  }
  return
}

// -----

func.func @results(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C4) gives 'tensor<4xf32>', 'tensor<3x4xf32>'}}
  %y:2 = dither.for carry(%x) {trips = 3 : i64} : (tensor<4xf32>) -> (tensor<4xf32>, tensor<2x4xf32>) {
  ^bb0(%i: tensor<i64>, %a: tensor<4xf32>):
    dither.yield %a, %a : tensor<4xf32>, tensor<4xf32>
  }
  return
}

// -----

func.func @takes(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C1) has regions that take the carried values}}
  %y = dither.while carry(%x) : tensor<4xf32> {
    %c = dither.constant dense<true> : tensor<i1>
    dither.yield %c : tensor<i1>
  } do {
  ^bb0(%a: tensor<4xf32>):
    dither.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @condition(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C2) yields 'tensor<4xf32>' where it should yield 'tensor<i1>'}}
  %y = dither.while carry(%x) : tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    dither.yield %a : tensor<4xf32>
  } do {
  ^bb0(%a: tensor<4xf32>):
    dither.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @limit(%x: tensor<4xf32>, %c: tensor<i1>) {
  // expected-error@+1 {{(C3) needs `max_trips` that are not negative}}
  %y = dither.while carry(%x) {max_trips = -3 : i64} : tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    dither.yield %c : tensor<i1>
  } do {
  ^bb0(%a: tensor<4xf32>):
    dither.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @branches(%c: tensor<i1>, %x: tensor<4xf32>) {
  // expected-error@+1 {{(C2) yields  where it should yield 'tensor<4xf32>'}}
  %y = dither.cond %c -> tensor<4xf32> {
    dither.yield %x : tensor<4xf32>
  } else {
    dither.yield
  }
  return
}

// -----

func.func @many(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C4) stacks more elements than can be counted}}
  %y = dither.for {trips = 4611686018427387904 : i64} : () -> tensor<4611686018427387904x4xf32> {
  ^bb0(%i: tensor<i64>):
    dither.yield %x : tensor<4xf32>
  }
  return
}
