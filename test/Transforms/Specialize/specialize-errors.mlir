// RUN: dither-opt %s --dither-specialize=batch=8 --verify-diagnostics --split-input-file

// An extent that was taken for granted is another.
func.func @disagree(%x: tensor<?x4xf32>, %y: tensor<6x4xf32>) -> tensor<6x4xf32> {
  // expected-error@+2 {{(C2) shapes do not broadcast}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = dither.add %x, %y : tensor<?x4xf32>, tensor<6x4xf32>
  return %0 : tensor<6x4xf32>
}
