// RUN: dither-opt %s --verify-diagnostics --split-input-file

dither.model @m {
  // expected-error@+1 {{(C1) needs a static shape}}
  dither.param @w : tensor<?x4xf32> init #dither.fill<0.0>
}

// -----

dither.model @m {
  // expected-error@+1 {{(C2)}}
  dither.param @w : tensor<6x4xf32> init #dither.fill<0.0> frozen {pattern = #dither.nm<2 : 4>}
}

// -----

dither.model @m {
  // expected-error@+1 {{(C3)}}
  dither.param @w : tensor<6x4xf32> init #dither.fill<0.0> frozen {format = #dither.int<bits = 4, group = 4>}
}

// -----

dither.model @m {
  // expected-error@+1 {{(C4) has a recipe but no pattern for it to change}}
  dither.param @w : tensor<8x4xf32> init #dither.fill<0.0> {recipe = #dither.asp<start = 5>}
}

// -----

dither.model @m {
  // expected-error@+1 {{(C5) is trained through a pattern or a format, which has no derivative; add an estimator}}
  dither.param @w : tensor<8x4xf32> init #dither.fill<0.0> {pattern = #dither.nm<2 : 4>}
}

// -----

dither.model @m {
  // expected-error@+1 {{(C6) with integer elements must be frozen}}
  dither.param @w : tensor<8x4xi32> init #dither.fill<0.0>
}

// -----

dither.model @m {
  // expected-error@+1 {{is not an initializer}}
  dither.param @w : tensor<8x4xf32> init #dither.nm<2 : 4>
}

// -----

// expected-error@+1 {{expects parent op 'dither.model'}}
dither.param @w : tensor<8x4xf32> init #dither.fill<0.0>

// -----

dither.model @m {
  // expected-error@+1 {{3 : i64 is not a pattern such as #dither.nm<2 : 4>}}
  dither.param @w : tensor<8x4xf32> init #dither.fill<0.0> {pattern = 3 : i64}
}

// -----

dither.model @m {
  // expected-error@+1 {{#dither.nm<2 : 4> is not a format such as #dither.int<bits = 4>}}
  dither.param @w : tensor<8x4xf32> init #dither.fill<0.0> {format = #dither.nm<2 : 4>}
}

// -----

dither.model @m {
  // expected-error@+1 {{#dither.nm<1 : 4> is not a recipe such as #dither.asp<start = 100>}}
  dither.param @w : tensor<8x4xf32> init #dither.fill<0.0> {pattern = #dither.nm<2 : 4>, recipe = #dither.nm<1 : 4>}
}

// -----

dither.model @m {
  // expected-error@+1 {{3 : i64 is not an estimator such as #dither.straight_through}}
  dither.param @w : tensor<8x4xf32> init #dither.fill<0.0> {pattern = #dither.nm<2 : 4>, estimator = 3 : i64}
}
