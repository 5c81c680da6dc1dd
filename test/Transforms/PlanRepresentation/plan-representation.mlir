// RUN: dither-opt %s --dither-plan-representation | FileCheck %s

// CHECK-LABEL: @packed
// CHECK-NOT: dither.unpack
// CHECK: dither.packed_matmul {{.*}}dense = tensor<64x16xf32>, format = #dither.int<bits = 4>
func.func @packed(%x: tensor<?x64xf32>, %codes: tensor<32x16xi8>, %scales: tensor<1x16xf32>) -> tensor<?x16xf32> {
  %w = dither.unpack %codes, %scales {format = #dither.int<bits = 4>} : tensor<32x16xi8>, tensor<1x16xf32> -> tensor<64x16xf32>
  %y = dither.matmul %x, %w : tensor<?x64xf32>, tensor<64x16xf32>
  return %y : tensor<?x16xf32>
}

// What no kernel decodes is unpacked first, and says why.
// CHECK-LABEL: @fallback
// CHECK: dither.unpack
// CHECK: dither.matmul {{.*}}dither.fallback = "an operand is transposed"
func.func @fallback(%x: tensor<?x16xf32>, %codes: tensor<32x16xi8>, %scales: tensor<1x16xf32>) -> tensor<?x64xf32> {
  %w = dither.unpack %codes, %scales {format = #dither.int<bits = 4>} : tensor<32x16xi8>, tensor<1x16xf32> -> tensor<64x16xf32>
  %y = dither.matmul %x, %w {transpose_y} : tensor<?x16xf32>, tensor<64x16xf32>
  return %y : tensor<?x64xf32>
}

// A pattern across the lanes of a register, likewise.
// CHECK-LABEL: @across
// CHECK: dither.matmul {{.*}}dither.fallback = "the pattern lies along the columns, across the lanes of a register"
func.func @across(%x: tensor<?x64xf32>, %values: tensor<64x8xf32>, %indices: tensor<64x2xi8>) -> tensor<?x16xf32> {
  %w = dither.unpack %values, %indices {pattern = #dither.nm<2 : 4, dim = 1>} : tensor<64x8xf32>, tensor<64x2xi8> -> tensor<64x16xf32>
  %y = dither.matmul %x, %w : tensor<?x64xf32>, tensor<64x16xf32>
  return %y : tensor<?x16xf32>
}

// CHECK-LABEL: @dense
// CHECK: dither.matmul %{{.*}}, %{{.*}} : tensor<?x64xf32>, tensor<64x16xf32>
func.func @dense(%x: tensor<?x64xf32>, %w: tensor<64x16xf32>) -> tensor<?x16xf32> {
  %y = dither.matmul %x, %w : tensor<?x64xf32>, tensor<64x16xf32>
  return %y : tensor<?x16xf32>
}
