// RUN: dither-opt %s --verify-diagnostics --split-input-file

// expected-error@+1 {{(C1) `rate` is 0}}
module attributes {test.a = #dither.adamw<rate = 0.0>} {}

// -----

// expected-error@+1 {{(C2) `beta1` is 1}}
module attributes {test.a = #dither.adamw<rate = 0.1, beta1 = 1.0>} {}

// -----

// expected-error@+1 {{(C3) `decay` is -1}}
module attributes {test.a = #dither.adamw<rate = 0.1, decay = -1.0>} {}

// -----

// expected-error@+1 {{(C1) `rate` is -1}}
module attributes {test.a = #dither.sgd<rate = -1.0>} {}

// -----

// expected-error@+1 {{(C2) `momentum` is 1}}
module attributes {test.a = #dither.sgd<rate = 0.1, momentum = 1.0>} {}

// -----

// expected-error@+1 {{(C3) `decay` is -1}}
module attributes {test.a = #dither.sgd<rate = 0.1, decay = -1.0>} {}

// -----

// expected-error@+1 {{(C1) `rate` is 0}}
module attributes {test.a = #dither.lion<rate = 0.0>} {}

// -----

// expected-error@+1 {{(C2) `beta1` is 9.000000e-01 and `beta2` -5}}
module attributes {test.a = #dither.lion<rate = 0.1, beta2 = -0.5>} {}

// -----

// expected-error@+1 {{(C3) `decay` is -1}}
module attributes {test.a = #dither.lion<rate = 0.1, decay = -1.0>} {}
