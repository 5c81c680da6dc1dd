// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @matmul
func.func @matmul(%x: tensor<?x64xf32>, %y: tensor<64x10xf32>) -> tensor<64x10xf32> {
  // CHECK: dither.matmul %{{.*}}, %{{.*}} : tensor<?x64xf32>, tensor<64x10xf32>
  %z = dither.matmul %x, %y : tensor<?x64xf32>, tensor<64x10xf32>
  // CHECK: dither.matmul %{{.*}}, %{{.*}} {transpose_x} : tensor<?x64xf32>, tensor<?x10xf32>
  %g = dither.matmul %x, %z {transpose_x} : tensor<?x64xf32>, tensor<?x10xf32>
  return %g : tensor<64x10xf32>
}

// CHECK-LABEL: @linear
func.func @linear(%x: tensor<8x64xf32>, %w: tensor<64x10xf32>, %b: tensor<10xf32>) {
  // CHECK: dither.linear %{{.*}}, %{{.*}}, %{{.*}} : tensor<8x64xf32>, tensor<64x10xf32>, tensor<10xf32>
  %0 = dither.linear %x, %w, %b : tensor<8x64xf32>, tensor<64x10xf32>, tensor<10xf32>
  // CHECK: dither.linear %{{.*}}, %{{.*}} {backward = #dither.sketch<ratio = 2.500000e-01 : f64>}
  %1 = dither.linear %x, %w {backward = #dither.sketch<ratio = 0.25>} : tensor<8x64xf32>, tensor<64x10xf32>
  return
}

// CHECK-LABEL: @rows
func.func @rows(%x: tensor<?x8x64xf32>, %w: tensor<64x10xf32>) -> tensor<64x10xf32> {
  // CHECK: dither.linear %{{.*}}, %{{.*}} : tensor<?x8x64xf32>, tensor<64x10xf32>
  %y = dither.linear %x, %w : tensor<?x8x64xf32>, tensor<64x10xf32>
  // CHECK: dither.matmul %{{.*}}, %{{.*}} {transpose_x} : tensor<?x8x64xf32>, tensor<?x8x10xf32>
  %g = dither.matmul %x, %y {transpose_x} : tensor<?x8x64xf32>, tensor<?x8x10xf32>
  return %g : tensor<64x10xf32>
}
