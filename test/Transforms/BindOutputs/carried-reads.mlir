// RUN: dither-opt %s --dither-bind-outputs | FileCheck %s
// RUN: dither-opt %s --dither-bind-outputs --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// An inner loop goes on in the memory of the outer one, also where an element is read before it.
// REMARK: Function=read_before | carried=0
// REMARK: Function=read_after | carried=1
// CHECK-LABEL: @read_before
// CHECK-NOT: linalg.copy
// CHECK-LABEL: @read_after
// CHECK: linalg.copy
func.func @read_before(%x: tensor<4xf32>, %i: index, %j: index, %k: index) -> tensor<4xf32> {
  %v = scf.for %n = %i to %j step %k iter_args(%s = %x) -> (tensor<4xf32>) {
    %e = tensor.extract %s[%n] : tensor<4xf32>
    %u = scf.for %m = %i to %n step %k iter_args(%t = %s) -> (tensor<4xf32>) {
      %w = tensor.insert %e into %t[%m] : tensor<4xf32>
      scf.yield %w : tensor<4xf32>
    }
    scf.yield %u : tensor<4xf32>
  }
  return %v : tensor<4xf32>
}

// What is read behind the loop is what was there before it.
func.func @read_after(%x: tensor<4xf32>, %i: index, %j: index, %k: index) -> tensor<4xf32> {
  %v = scf.for %n = %i to %j step %k iter_args(%s = %x) -> (tensor<4xf32>) {
    %z = arith.constant 0.0 : f32
    %u = scf.for %m = %i to %n step %k iter_args(%t = %s) -> (tensor<4xf32>) {
      %w = tensor.insert %z into %t[%m] : tensor<4xf32>
      scf.yield %w : tensor<4xf32>
    }
    %e = tensor.extract %s[%n] : tensor<4xf32>
    %w = tensor.insert %e into %u[%n] : tensor<4xf32>
    scf.yield %w : tensor<4xf32>
  }
  return %v : tensor<4xf32>
}
