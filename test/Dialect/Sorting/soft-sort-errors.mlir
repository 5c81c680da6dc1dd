// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @c1_rank(%x: tensor<f32>) {
  // expected-error@+1 {{(C1) needs a rank of at least 1 and known extents, but for the first of several; got 'tensor<f32>'}}
  %0 = dither.soft_sort odd_even cauchy %x : tensor<f32>
  return
}

// -----

func.func @c1_row(%x: tensor<?xf32>) {
  // expected-error@+1 {{(C1) needs a rank of at least 1 and known extents, but for the first of several; got 'tensor<?xf32>'}}
  %0 = dither.soft_sort odd_even cauchy %x : tensor<?xf32>
  return
}

// -----

func.func @c1_middle(%x: tensor<2x?x4xf32>) {
  // expected-error@+1 {{(C1) needs a rank of at least 1 and known extents}}
  %0 = dither.soft_permutation odd_even cauchy %x : tensor<2x?x4xf32>
  return
}

// -----

func.func @c2(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{(C2) needs a steepness that is positive and finite, not 0.000000e+00}}
  %0 = dither.soft_sort odd_even cauchy %x {steepness = 0.0 : f64} : tensor<?x4xf32>
  return
}

// -----

func.func @c2_nan(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{(C2) needs a steepness that is positive and finite}}
  %0 = dither.soft_permutation odd_even cauchy %x {steepness = 0x7FF8000000000000 : f64} : tensor<?x4xf32>
  return
}

// -----

func.func @c3(%x: tensor<?x6xf32>) {
  // expected-error@+1 {{(C3) cannot sort 6 elements by a bitonic network, which takes a power of two; odd_even takes any number}}
  %0 = dither.soft_sort bitonic cauchy %x : tensor<?x6xf32>
  return
}
