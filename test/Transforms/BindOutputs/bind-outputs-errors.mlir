// RUN: dither-opt %s --dither-bind-outputs --verify-diagnostics --split-input-file

// expected-error @+1 {{result 0 updates state "v", which is no argument of the function}}
func.func @missing(%w: tensor<4xf32> {dither.kind = "state", dither.name = "w"}) -> (tensor<4xf32> {dither.updates = "v"}) {
  return %w : tensor<4xf32>
}

// -----

// An input is not to be written.
// expected-error @+1 {{result 0 updates state "x", which is no argument of the function}}
func.func @input(%x: tensor<4xf32> {dither.kind = "input", dither.name = "x"}) -> (tensor<4xf32> {dither.updates = "x"}) {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{needs a body of one block}}
func.func @branches(%c: i1, %x: tensor<4xf32>) -> tensor<4xf32> {
  cf.cond_br %c, ^a, ^b
^a:
  return %x : tensor<4xf32>
^b:
  return %x : tensor<4xf32>
}
