// RUN: dither-opt %s --verify-diagnostics --split-input-file

// expected-error@+1 {{(C1) `sparsity` is 1.5}}
module attributes {test.a = #dither.unstructured<sparsity = 1.5>} {}

// -----

func.func @c2(%x: tensor<?x8xf32>) {
  // expected-error@+1 {{(C2) needs a matrix of static shape, not 'tensor<?x8xf32>'}}
  %m = dither.pattern_mask #dither.unstructured<sparsity = 0.5> %x : tensor<?x8xf32>
  return
}
