// RUN: dither-opt %s --verify-diagnostics --split-input-file

// expected-error@+1 {{(C1) `bits` is 5; it must be 1 to 4}}
module attributes {test.a = #dither.few_bit<bits = 5>} {}

// -----

// expected-error@+1 {{(C1) `ratio` is}}
module attributes {test.a = #dither.sketch<ratio = 0.0>} {}

// -----

// expected-error@+1 {{(C1) `clip` is -1}}
module attributes {test.a = #dither.straight_through<clip = -1.0>} {}
