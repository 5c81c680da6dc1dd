// RUN: dither-opt %s --dither-differentiate --verify-diagnostics --split-input-file

// What an estimator makes has no derivative that means something.
func.func @loss(%x: tensor<8x6xf32>, %w: tensor<6x6xf32>) -> tensor<f32> {
  // expected-error@+1 {{is part of the estimate of a gradient, of which the derivative says nothing; drop the estimator where derivatives of higher order pass}}
  %y = dither.linear %x, %w {backward = #dither.sketch<ratio = 0.5>} : tensor<8x6xf32>, tensor<6x6xf32>
  %z = dither.mul %y, %y : tensor<8x6xf32>, tensor<8x6xf32>
  %l = dither.reduce sum %z : tensor<8x6xf32>
  return %l : tensor<f32>
}
func.func @norm(%x: tensor<8x6xf32>, %w: tensor<6x6xf32>) -> tensor<f32> attributes {dither.differentiate} {
  %one = dither.constant dense<1.0> : tensor<f32>
  %l, %dx, %dw = dither.vjp @loss(%x, %w) along(%one)
    : (tensor<8x6xf32>, tensor<6x6xf32>, tensor<f32>) -> (tensor<f32>, tensor<8x6xf32>, tensor<6x6xf32>)
  %s = dither.mul %dw, %dw : tensor<6x6xf32>, tensor<6x6xf32>
  %n = dither.reduce sum %s : tensor<6x6xf32>
  return %n : tensor<f32>
}

// -----

func.func @loop(%x: tensor<8x6xf32>, %w: tensor<6x6xf32>) -> tensor<f32> attributes {dither.differentiate} {
  %y = dither.for carry(%x) {trips = 2 : i64} : (tensor<8x6xf32>) -> tensor<8x6xf32> {
  ^bb0(%i: tensor<i64>, %a: tensor<8x6xf32>):
    // expected-error@+1 {{has an estimator in a region that runs again for its gradient; estimators stand outside of loops and conditions}}
    %b = dither.linear %a, %w {backward = #dither.sketch<ratio = 0.5>} : tensor<8x6xf32>, tensor<6x6xf32>
    dither.yield %b : tensor<8x6xf32>
  }
  %l = dither.reduce sum %y : tensor<8x6xf32>
  return %l : tensor<f32>
}

// -----

func.func @endless(%x: tensor<f32>) -> tensor<f32> attributes {dither.differentiate} {
  // expected-error@+1 {{has a gradient only with `max_trips`}}
  %y = dither.while carry(%x) : tensor<f32> {
  ^bb0(%a: tensor<f32>):
    %one = dither.constant dense<1.0> : tensor<f32>
    %c = dither.compare gt %a, %one : tensor<f32>, tensor<f32>
    dither.yield %c : tensor<i1>
  } do {
  ^bb0(%a: tensor<f32>):
    %half = dither.constant dense<0.5> : tensor<f32>
    %b = dither.mul %a, %half : tensor<f32>, tensor<f32>
    dither.yield %b : tensor<f32>
  }
  return %y : tensor<f32>
}

// -----

// Lost in an integer that a region reads.
func.func @lost(%x: tensor<4xf32>, %c: tensor<i1>) -> tensor<f32> attributes {dither.differentiate} {
  %n = dither.cast %x : tensor<4xf32> to tensor<4xi32>
  %y = dither.cond %c -> tensor<4xf32> {
    // expected-error@+1 {{depends on what is differentiated for through discrete values alone}}
    %m = dither.cast %n : tensor<4xi32> to tensor<4xf32>
    dither.yield %m : tensor<4xf32>
  } else {
    dither.yield %x : tensor<4xf32>
  }
  %l = dither.reduce sum %y : tensor<4xf32>
  return %l : tensor<f32>
}

// -----

// The same of the rows of a loop.
func.func @lost_rows(%x: tensor<4xf32>) -> tensor<f32> attributes {dither.differentiate} {
  %n = dither.cast %x : tensor<4xf32> to tensor<4xi32>
  %y = dither.for over(%x, %n) : (tensor<4xf32>, tensor<4xi32>) -> tensor<4xf32> {
  ^bb0(%i: tensor<i64>, %a: tensor<f32>, %k: tensor<i32>):
    // expected-error@+1 {{depends on what is differentiated for through discrete values alone}}
    %m = dither.cast %k : tensor<i32> to tensor<f32>
    %s = dither.mul %a, %m : tensor<f32>, tensor<f32>
    dither.yield %s : tensor<f32>
  }
  %l = dither.reduce sum %y : tensor<4xf32>
  return %l : tensor<f32>
}

// -----

func.func @linear(%x: tensor<8x6xf32>, %w: tensor<6x6xf32>) -> tensor<8x6xf32> {
  %y = dither.linear %x, %w {backward = #dither.sketch<ratio = 0.5>} : tensor<8x6xf32>, tensor<6x6xf32>
  return %y : tensor<8x6xf32>
}
func.func @estimate_in_loop(%x: tensor<8x6xf32>, %w: tensor<6x6xf32>, %dy: tensor<8x6xf32>) -> tensor<f32> attributes {dither.differentiate} {
  %all = dither.for {trips = 2 : i64} : () -> tensor<2x6x6xf32> {
  ^bb0(%i: tensor<i64>):
    // expected-error@+1 {{has estimators, and stands in a region that may run again}}
    %y, %dx, %dw = dither.vjp @linear(%x, %w) along(%dy)
      : (tensor<8x6xf32>, tensor<6x6xf32>, tensor<8x6xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>, tensor<6x6xf32>)
    dither.yield %dw : tensor<6x6xf32>
  }
  %l = dither.reduce sum %all : tensor<2x6x6xf32>
  return %l : tensor<f32>
}
