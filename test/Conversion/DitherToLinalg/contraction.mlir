// RUN: dither-opt %s --dither-to-linalg | FileCheck %s
// RUN: dither-opt %s --dither-to-linalg --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// REMARK: Function=dense | contractions=1
// CHECK-LABEL: @dense
// CHECK: %[[N:.*]] = tensor.dim %arg0, %c0
// CHECK: %[[INIT:.*]] = tensor.empty(%[[N]]) : tensor<?x3xf32>
// CHECK: dither.contract x(%arg0 : tensor<?x4xf32>) w(%arg1 : tensor<4x3xf32>) into(%[[INIT]] : tensor<?x3xf32>) -> tensor<?x3xf32>
func.func @dense(%x: tensor<?x4xf32>, %w: tensor<4x3xf32>) -> tensor<?x3xf32> {
  %y = dither.matmul %x, %w : tensor<?x4xf32>, tensor<4x3xf32>
  return %y : tensor<?x3xf32>
}

// The gradient of a weight contracts the batch: a transposed x is read as it lies.
// CHECK-LABEL: @batch
// CHECK: dither.contract x(%arg0 {{.*}} into(%{{.*}} : tensor<4x3xf32>) {transpose_x}
func.func @batch(%x: tensor<?x4xf32>, %g: tensor<?x3xf32>) -> tensor<4x3xf32> {
  %y = dither.matmul %x, %g {transpose_x} : tensor<?x4xf32>, tensor<?x3xf32>
  return %y : tensor<4x3xf32>
}

// A transposed matrix of known extents is staged by its kernel; any other is transposed before.
// CHECK-LABEL: @staged
// CHECK-NOT: linalg.generic
// CHECK: dither.contract {{.*}} w(%arg1 : tensor<4x3xf32>) {{.*}} {transpose_w}
func.func @staged(%g: tensor<?x3xf32>, %w: tensor<4x3xf32>) -> tensor<?x4xf32> {
  %y = dither.matmul %g, %w {transpose_y} : tensor<?x3xf32>, tensor<4x3xf32>
  return %y : tensor<?x4xf32>
}

// CHECK-LABEL: @unknown
// CHECK: %[[T:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<3x?xf32>)
// CHECK: dither.contract {{.*}} w(%[[T]] : tensor<3x?xf32>)
// CHECK-NOT: transpose_w
func.func @unknown(%g: tensor<2x3xf32>, %w: tensor<?x3xf32>) -> tensor<2x?xf32> {
  %y = dither.matmul %g, %w {transpose_y} : tensor<2x3xf32>, tensor<?x3xf32>
  return %y : tensor<2x?xf32>
}

// CHECK-LABEL: @nothing
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<0x4xf32>)
// CHECK: dither.contract {{.*}} w(%{{.*}} : tensor<0x4xf32>) into(%{{.*}} : tensor<2x4xf32>)
func.func @nothing(%g: tensor<2x0xf32>, %w: tensor<4x0xf32>) -> tensor<2x4xf32> {
  %y = dither.matmul %g, %w {transpose_y} : tensor<2x0xf32>, tensor<4x0xf32>
  return %y : tensor<2x4xf32>
}

// The parts of a packed matrix go to the kernel as they are.
// CHECK-LABEL: @packed
// CHECK: dither.contract x(%arg0 {{.*}}) w(%arg1, %arg2 : tensor<4x3xi8>, tensor<1x3xf32>)
// CHECK-SAME: {dense = tensor<8x3xf32>, format = #dither.int<bits = 4>}
func.func @packed(%x: tensor<?x8xf32>, %codes: tensor<4x3xi8>, %scales: tensor<1x3xf32>) -> tensor<?x3xf32> {
  %y = dither.packed_matmul %x, %codes, %scales {dense = tensor<8x3xf32>, format = #dither.int<bits = 4>}
    : tensor<?x8xf32>, tensor<4x3xi8>, tensor<1x3xf32> -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// Gathered rows are multiplied where they are; the copy has no other reader.
// CHECK-LABEL: @gathered
// CHECK: %[[ROWS:.*]] = linalg.generic {{.*}} ins(%{{[0-9]+}} : tensor<2xi32>)
// CHECK: dither.contract x(%arg0 : tensor<2x4xf32>) w(%arg1 : tensor<9x3xf32>) rows(%[[ROWS]] : tensor<2xi32>) into(%{{.*}} : tensor<4x3xf32>) {transpose_x}
func.func @gathered(%x: tensor<2x4xf32>, %g: tensor<9x3xf32>, %rows: tensor<2xi32>) -> tensor<4x3xf32> {
  %r = dither.gather %g, %rows : tensor<9x3xf32>, tensor<2xi32>
  %y = dither.matmul %x, %r {transpose_x} : tensor<2x4xf32>, tensor<2x3xf32>
  return %y : tensor<4x3xf32>
}

// Rows with two dimensions are no matrix.
// CHECK-LABEL: @gathered_sequences
// CHECK-NOT: rows(
// CHECK: return
func.func @gathered_sequences(%x: tensor<2x5x4xf32>, %g: tensor<9x3xf32>, %rows: tensor<2x5xi32>) -> tensor<4x3xf32> {
  %r = dither.gather %g, %rows : tensor<9x3xf32>, tensor<2x5xi32>
  %y = dither.matmul %x, %r {transpose_x} : tensor<2x5x4xf32>, tensor<2x5x3xf32>
  return %y : tensor<4x3xf32>
}
