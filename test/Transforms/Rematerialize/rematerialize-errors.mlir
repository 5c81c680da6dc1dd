// RUN: dither-opt %s --dither-rematerialize="budget=33000" --split-input-file --verify-diagnostics
// RUN: not dither-opt %s --dither-rematerialize="batch=0" --split-input-file 2>&1 | FileCheck %s --check-prefix=BATCH
// RUN: not dither-opt %s --dither-rematerialize="budget=-1" --split-input-file 2>&1 | FileCheck %s --check-prefix=BUDGET
// BATCH: error: a batch of 0 is none
// BUDGET: error: a budget of -1 bytes is none

// A state is gone once its new value is written: what is made of it cannot be
// made again.
// expected-error @+1 {{needs 49152 bytes at once, more than the budget of 33000; computing values again, the least that was reached is 49152: raise the budget to that, or lower the batch}}
func.func @state(%w: tensor<4096xf32> {dither.kind = "state", dither.name = "w"}, %x: tensor<4096xf32>)
    -> (tensor<4096xf32> {dither.updates = "w"}, tensor<4096xf32>) {
  %e = tensor.empty() : tensor<4096xf32>
  %a = linalg.sub ins(%w, %x : tensor<4096xf32>, tensor<4096xf32>) outs(%e : tensor<4096xf32>) -> tensor<4096xf32>
  %new = linalg.mul ins(%w, %a : tensor<4096xf32>, tensor<4096xf32>) outs(%e : tensor<4096xf32>) -> tensor<4096xf32>
  %b = linalg.exp ins(%x : tensor<4096xf32>) outs(%e : tensor<4096xf32>) -> tensor<4096xf32>
  %c = linalg.negf ins(%b : tensor<4096xf32>) outs(%e : tensor<4096xf32>) -> tensor<4096xf32>
  %d = linalg.add ins(%c, %a : tensor<4096xf32>, tensor<4096xf32>) outs(%e : tensor<4096xf32>) -> tensor<4096xf32>
  return %new, %d : tensor<4096xf32>, tensor<4096xf32>
}

// -----

// expected-error @+1 {{needs a body of one block}}
func.func @branches(%c: i1) {
  cf.cond_br %c, ^a, ^b
^a:
  return
^b:
  return
}
