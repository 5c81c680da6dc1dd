// RUN: dither-opt %s --verify-diagnostics --split-input-file

// expected-error@+1 {{(C1) `start` is -1; it must not be negative}}
module attributes {test.a = #dither.asp<start = -1>} {}

// -----

// expected-error@+1 {{(C1) `decay` is -1}}
module attributes {test.a = #dither.sr_ste<decay = -1.0>} {}
