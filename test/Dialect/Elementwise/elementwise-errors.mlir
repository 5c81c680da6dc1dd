// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @add_c1(%x: tensor<4xf32>, %y: tensor<4xf64>) {
  // expected-error@+1 {{(C1) element types differ: 'f32' and 'f64'; convert one with dither.cast}}
  %0 = dither.add %x, %y : tensor<4xf32>, tensor<4xf64>
  return
}

// -----

func.func @add_c2(%x: tensor<4xf32>, %y: tensor<3xf32>) {
  // expected-error@+1 {{(C2) shapes do not broadcast}}
  %0 = dither.add %x, %y : tensor<4xf32>, tensor<3xf32>
  return
}

// -----

func.func @exp_of_integers(%x: tensor<4xi32>) {
  // expected-error@+1 {{operand #0 must be ranked tensor of floating-point values}}
  %0 = dither.exp %x : tensor<4xi32>
  return
}

// -----

func.func @compare_c1(%x: tensor<4xf32>, %y: tensor<4xi32>) {
  // expected-error@+1 {{(C1) element types differ}}
  %0 = dither.compare lt %x, %y : tensor<4xf32>, tensor<4xi32>
  return
}

// -----

func.func @select_c1(%c: tensor<4xi1>, %x: tensor<4xf32>, %y: tensor<4xf64>) {
  // expected-error@+1 {{(C1) element types differ}}
  %0 = dither.select %c, %x, %y : tensor<4xi1>, tensor<4xf32>, tensor<4xf64>
  return
}

// -----

func.func @select_c2(%c: tensor<5xi1>, %x: tensor<4xf32>, %y: tensor<4xf32>) {
  // expected-error@+1 {{(C2) shapes do not broadcast}}
  %0 = dither.select %c, %x, %y : tensor<5xi1>, tensor<4xf32>, tensor<4xf32>
  return
}

// -----

func.func @cast_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C1)}}
  %0 = dither.cast %x : tensor<4xf32> to tensor<5xf64>
  return
}

// -----

func.func @bitcast_c2(%x: tensor<4xf32>) {
  // expected-error@+1 {{(C2)}}
  %0 = dither.bitcast %x : tensor<4xf32> to tensor<4xi64>
  return
}

// -----

func.func @cast_c1(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{(C1) changes elements, not shapes: 'tensor<4x3xf32>' to 'tensor<12xi8>'}}
  %0 = dither.cast %x : tensor<4x3xf32> to tensor<12xi8>
  return
}

// -----

func.func @bitcast_c2(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{(C2) needs elements of one width: 'tensor<4x3xf32>' to 'tensor<4x3xi16>'}}
  %0 = dither.bitcast %x : tensor<4x3xf32> to tensor<4x3xi16>
  return
}
