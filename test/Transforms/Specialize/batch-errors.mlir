// RUN: not dither-opt %s --dither-specialize=batch=-1 2>&1 | FileCheck %s
// CHECK: error: cannot have a batch of -1

func.func @f(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}
