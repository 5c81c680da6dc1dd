// RUN: dither-opt %s --verify-diagnostics --split-input-file

// expected-error@+1 {{(C1) `start` is -1; it must not be negative}}
module attributes {test.a = #dither.asp<start = -1>} {}

// -----

// expected-error@+1 {{(C1) `decay` is -1}}
module attributes {test.a = #dither.sr_ste<decay = -1.0>} {}

// -----

dither.model @m {
  // expected-error@+1 {{(C8) is trained as packed values by #dither.static_sparse, which leaves no place for}}
  dither.param @w : tensor<8x4xf32> init #dither.fill<1.0> {
    pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 8>, recipe = #dither.static_sparse}
}
