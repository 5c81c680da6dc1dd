// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @c1(%x: tensor<24xf32>) {
  // expected-error@+1 {{(C1) needs a matrix of f32 and static shape, not 'tensor<24xf32>'}}
  %y = dither.represent %x {format = #dither.onebit<scale = f16>} : tensor<24xf32>
  return
}

// -----

// expected-error@+1 {{(C2) factors have f32 or f16 scales, not e8m0}}
module attributes {test.a = #dither.onebit<scale = e8m0>} {}
