// RUN: dither-opt %s --dither-to-linalg --canonicalize --dither-fuse-elementwise --canonicalize --dither-fuse-epilogues | FileCheck %s
// RUN: dither-opt %s --dither-to-linalg --canonicalize --dither-fuse-elementwise --canonicalize --dither-fuse-epilogues --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// Bias, residual and activation; the product itself is nowhere.
// REMARK: Function=layer | fused=1
// CHECK-LABEL: @layer(
// CHECK-SAME: %[[X:.*]]: tensor<?x8xf32>, %[[W:.*]]: tensor<8x16xf32>, %[[B:.*]]: tensor<16xf32>, %[[R:.*]]: tensor<?x16xf32>, %[[S:.*]]: tensor<?x1xf32>
// CHECK: dither.contract x(%[[X]] : {{.*}}) w(%[[W]] : {{.*}}) into({{.*}}) fused(%[[B]], %[[S]], %[[R]] :
// CHECK-SAME: fused_maps = [#[[COLUMN:.*]], #[[ROW:.*]], #[[ALL:.*]]]
// CHECK: ^bb0(%[[P:.*]]: f32, %[[BE:.*]]: f32, %[[SE:.*]]: f32, %[[RE:.*]]: f32):
// CHECK: %[[A:.*]] = arith.addf %[[P]], %[[BE]]
// CHECK: %[[M:.*]] = arith.mulf %[[A]], %[[SE]]
// CHECK: %[[D:.*]] = arith.addf %[[M]], %[[RE]]
// CHECK: %[[T:.*]] = math.exp %[[D]]
// CHECK: dither.yield %[[T]] : f32
// CHECK-NOT: linalg.generic
func.func @layer(%x: tensor<?x8xf32>, %w: tensor<8x16xf32>, %b: tensor<16xf32>, %r: tensor<?x16xf32>, %s: tensor<?x1xf32>) -> tensor<?x16xf32> {
  %p = dither.matmul %x, %w : tensor<?x8xf32>, tensor<8x16xf32>
  %a = dither.add %p, %b : tensor<?x16xf32>, tensor<16xf32>
  %m = dither.mul %a, %s : tensor<?x16xf32>, tensor<?x1xf32>
  %d = dither.add %m, %r : tensor<?x16xf32>, tensor<?x16xf32>
  %t = dither.exp %d : tensor<?x16xf32>
  return %t : tensor<?x16xf32>
}

// What else needs the product, it is stored for.
// CHECK-LABEL: @two_readers
// CHECK-NOT: epilogue
func.func @two_readers(%x: tensor<4x8xf32>, %w: tensor<8x16xf32>) -> (tensor<4x16xf32>, tensor<4x16xf32>) {
  %p = dither.matmul %x, %w : tensor<4x8xf32>, tensor<8x16xf32>
  %t = dither.exp %p : tensor<4x16xf32>
  return %p, %t : tensor<4x16xf32>, tensor<4x16xf32>
}

// A gradient of weights is followed by the step, which writes where it reads.
// CHECK-LABEL: @gradient
// CHECK-NOT: epilogue
func.func @gradient(%x: tensor<4x8xf32>, %y: tensor<4x16xf32>, %w: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %p = dither.matmul %x, %y {transpose_x} : tensor<4x8xf32>, tensor<4x16xf32>
  %t = dither.sub %w, %p : tensor<8x16xf32>, tensor<8x16xf32>
  return %t : tensor<8x16xf32>
}

// CHECK-LABEL: @sum
// CHECK-NOT: epilogue
func.func @sum(%x: tensor<4x8xf32>, %w: tensor<8x16xf32>) -> tensor<4xf32> {
  %p = dither.matmul %x, %w : tensor<4x8xf32>, tensor<8x16xf32>
  %t = dither.reduce sum %p {dims = array<i64: 1>} : tensor<4x16xf32>
  return %t : tensor<4xf32>
}

// RUN: dither-opt %s --dither-to-linalg --canonicalize --dither-fuse-elementwise --canonicalize --dither-fuse-epilogues="float-tiles=true" | FileCheck %s --check-prefix=TILES

// AMX keeps sums of bf16 elsewhere than in the result. That of rows which several dimensions count is where it would have been without the product.
// TILES-LABEL: @tiles
// TILES: %[[E:.*]] = tensor.empty(%{{.*}}) : tensor<?x3x16xbf16>
// TILES: %[[INIT:.*]] = tensor.collapse_shape %[[E]] {{.*}} into tensor<?x16xbf16>
// TILES: dither.contract {{.*}} into(%[[INIT]] : tensor<?x16xbf16>)
// TILES: arith.truncf {{.*}} : f32 to bf16
// TILES-NEXT: dither.yield {{.*}} : bf16
// TILES-NOT: linalg.generic
// CHECK-LABEL: @tiles
// CHECK-NOT: epilogue
func.func @tiles(%x: tensor<?x3x8xbf16>, %w: tensor<8x16xbf16>) -> tensor<?x3x16xbf16> {
  %p = dither.matmul %x, %w : tensor<?x3x8xbf16>, tensor<8x16xbf16>
  return %p : tensor<?x3x16xbf16>
}

// A kernel may keep sums of f32 where the result is: it is no bf16.
// TILES-LABEL: @narrow
// CHECK-LABEL: @narrow
// CHECK-NOT: epilogue
func.func @narrow(%x: tensor<4x8xf32>, %w: tensor<8x16xf32>) -> tensor<4x16xbf16> {
  %p = dither.matmul %x, %w : tensor<4x8xf32>, tensor<8x16xf32>
  %t = dither.cast %p : tensor<4x16xf32> to tensor<4x16xbf16>
  return %t : tensor<4x16xbf16>
}

// The product would wait for the other sum, and keep its operands until then.
// CHECK-LABEL: @late
// CHECK: dither.contract
// CHECK-NOT: epilogue
// CHECK: linalg.generic
func.func @late(%x: tensor<4x8xf32>, %w: tensor<8x16xf32>, %u: tensor<3x16xf32>) -> tensor<4x16xf32> {
  %p = dither.matmul %x, %w : tensor<4x8xf32>, tensor<8x16xf32>
  %s = dither.reduce sum %u {dims = array<i64: 0>} : tensor<3x16xf32>
  %t = dither.mul %p, %s : tensor<4x16xf32>, tensor<16xf32>
  return %t : tensor<4x16xf32>
}

// What follows a convolution is one op over all positions: rows of a product. The bias lies along the columns, the residual has as many positions.
// CHECK-LABEL: @images(
// CHECK-SAME: %[[X:.*]]: tensor<?x4x4x8xf32>, %[[W:.*]]: tensor<8x16xf32>, %[[B:.*]]: tensor<16xf32>, %[[R:.*]]: tensor<?x4x4x16xf32>
// CHECK-DAG: %[[ROWS:.*]] = tensor.collapse_shape %[[X]] {{\[}}[0, 1, 2], [3]]
// CHECK-DAG: %[[RESIDUAL:.*]] = tensor.collapse_shape %[[R]] {{\[}}[0, 1, 2], [3]]
// CHECK: %[[Y:.*]] = dither.contract x(%[[ROWS]] : {{.*}}) w(%[[W]] : {{.*}}) into({{.*}}) fused(%[[B]], %[[RESIDUAL]] :
// CHECK: epilogue
// CHECK: math.exp
// CHECK: tensor.expand_shape %[[Y]] {{\[}}[0, 1, 2], [3]]
// CHECK-NOT: linalg.generic
func.func @images(%x: tensor<?x4x4x8xf32>, %w: tensor<8x16xf32>, %b: tensor<16xf32>, %r: tensor<?x4x4x16xf32>) -> tensor<?x4x4x16xf32> {
  %p = dither.matmul %x, %w : tensor<?x4x4x8xf32>, tensor<8x16xf32>
  %a = dither.add %p, %b : tensor<?x4x4x16xf32>, tensor<16xf32>
  %d = dither.add %a, %r : tensor<?x4x4x16xf32>, tensor<?x4x4x16xf32>
  %t = dither.exp %d : tensor<?x4x4x16xf32>
  return %t : tensor<?x4x4x16xf32>
}

// A scale of each image is none of each row.
// CHECK-LABEL: @scales
// CHECK-NOT: epilogue
// CHECK: linalg.generic
func.func @scales(%x: tensor<2x4x8xf32>, %w: tensor<8x16xf32>, %s: tensor<2x1x1xf32>) -> tensor<2x4x16xf32> {
  %p = dither.matmul %x, %w : tensor<2x4x8xf32>, tensor<8x16xf32>
  %m = dither.mul %p, %s : tensor<2x4x16xf32>, tensor<2x1x1xf32>
  return %m : tensor<2x4x16xf32>
}

// A loop around the op alone: what it reads there is no value before the product.
// CHECK-LABEL: @nested
// CHECK: dither.contract
// CHECK-NOT: epilogue
// CHECK: scf.for
// CHECK: linalg.generic
func.func @nested(%x: tensor<4x8xf32>, %w: tensor<8x16xf32>, %start: tensor<4x16xf32>, %n: index) -> tensor<4x16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %p = dither.matmul %x, %w : tensor<4x8xf32>, tensor<8x16xf32>
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%sum = %start) -> tensor<4x16xf32> {
    %t = dither.add %p, %sum : tensor<4x16xf32>, tensor<4x16xf32>
    scf.yield %t : tensor<4x16xf32>
  }
  return %y : tensor<4x16xf32>
}
