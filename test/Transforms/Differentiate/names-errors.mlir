// RUN: dither-opt %s --dither-differentiate=functions=g --verify-diagnostics

// expected-error@+1 {{has no function @g to differentiate}}
module {
  func.func @f(%x: tensor<f32>) -> tensor<f32> {
    return %x : tensor<f32>
  }
}
