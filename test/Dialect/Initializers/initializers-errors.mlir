// RUN: dither-opt %s --verify-diagnostics

// expected-error@+1 {{(C1) `gain` is 0}}
module attributes {test.a = #dither.kaiming_uniform<gain = 0.0>} {}
