// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK: #dither.unstructured<sparsity = 9.0
module attributes {test.a = #dither.unstructured<sparsity = 0.9>} {}

// Of 15 elements 1.5 would be kept, which are 2. A column takes its elements and an offset; rows up to 256 take a byte, above two.
// CHECK: dither.pack
func.func @types(%x: tensor<3x5xf32>, %m: tensor<3x5xi1>, %y: tensor<257x2xf32>, %n: tensor<257x2xi1>) {
  %v, %r, %o = dither.pack %x, %m {pattern = #dither.unstructured<sparsity = 0.9>}
    : tensor<3x5xf32>, tensor<3x5xi1> -> tensor<2xf32>, tensor<2xi8>, tensor<6xi32>
  %w, %s, %p = dither.pack %y, %n {pattern = #dither.unstructured<sparsity = 0.5>}
    : tensor<257x2xf32>, tensor<257x2xi1> -> tensor<257xf32>, tensor<257xi16>, tensor<3xi32>
  return
}
