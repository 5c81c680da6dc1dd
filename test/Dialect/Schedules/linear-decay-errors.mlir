// RUN: dither-opt %s --verify-diagnostics

// expected-error@+1 {{(C1)}}
module attributes {test.a = #dither.linear_decay<to = 2.0>} {}
