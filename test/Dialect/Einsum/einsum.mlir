// RUN: dither-opt %s | dither-opt | FileCheck %s
// RUN: dither-opt %s --dither-decompose | FileCheck %s --check-prefix=PARTS

// A product for each pair of a sample and a head.
// CHECK-LABEL: @scores
// CHECK: dither.einsum "bhid,bhjd->bhij" %arg0, %arg1 : tensor<?x2x3x4xf32>, tensor<?x2x5x4xf32>
// PARTS-LABEL: @scores
// PARTS: dither.for over
// PARTS: dither.for over
// PARTS: dither.matmul {{.*}} : tensor<3x4xf32>, tensor<4x5xf32>
func.func @scores(%x: tensor<?x2x3x4xf32>, %y: tensor<?x2x5x4xf32>) -> tensor<?x2x3x5xf32> {
  %z = dither.einsum "bhid,bhjd->bhij" %x, %y : tensor<?x2x3x4xf32>, tensor<?x2x5x4xf32>
  return %z : tensor<?x2x3x5xf32>
}

// One product, however many letters count its rows and columns.
// PARTS-LABEL: @one
// PARTS-NOT: dither.for
// PARTS: dither.matmul {{.*}} : tensor<?x2x12xf32>, tensor<12x10xf32>
// PARTS-NOT: dither.for
func.func @one(%x: tensor<?x2x3x4xf32>, %y: tensor<3x4x5x2xf32>) -> tensor<?x2x5x2xf32> {
  %z = dither.einsum "abij,ijkl->abkl" %x, %y : tensor<?x2x3x4xf32>, tensor<3x4x5x2xf32>
  return %z : tensor<?x2x5x2xf32>
}
