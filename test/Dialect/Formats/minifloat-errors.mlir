// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @c1(%x: tensor<24x4xf32>) {
  // expected-error@+1 {{(C1)}}
  %y = dither.represent %x {format = #dither.minifloat<e2m1, group = 32>} : tensor<24x4xf32>
  return
}

// -----

func.func @c2(%x: tensor<2x4x4xf32>) {
  // expected-error@+1 {{(C2)}}
  %y = dither.represent %x {format = #dither.minifloat<e2m1>} : tensor<2x4x4xf32>
  return
}
