// RUN: dither-opt %s --dither-lower-contract --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-lower-contract="lanes=8 rows=4 panels=1" --canonicalize --cse | FileCheck %s --check-prefix=AVX2
// RUN: dither-opt %s --dither-lower-contract --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// Tiles of 8 rows by 2 vectors: each vector of the matrix meets 8 elements of x. What is left of the columns is a masked panel of one column;
// what is left of the rows is one row, which leaves registers for all three panels.
// REMARK: Function=edges | dense=1, listed=0, packed=0, staged=0
// CHECK-LABEL: @edges
// CHECK: %[[MASK:.*]] = vector.constant_mask [1] : vector<16xi1>
// CHECK: scf.for %[[K:.*]] = %c0 to %c3 step %c1
// CHECK-NEXT: vector.load %arg1[%[[K]], %c0] : memref<3x33xf32>, vector<16xf32>
// CHECK-NEXT: memref.load %arg0[%c0, %[[K]]]
// CHECK-COUNT-16: vector.fma
// CHECK: scf.yield
// CHECK-COUNT-16: vector.store {{.*}} memref<9x33xf32>
// CHECK: vector.maskedload %arg1[%{{.*}}, %c32], %[[MASK]]
// CHECK-COUNT-8: vector.fma
// CHECK: scf.yield
// CHECK-COUNT-8: vector.maskedstore %arg2[%{{.*}}, %c32], %[[MASK]]
// CHECK: scf.for
// CHECK: memref.load %arg0[%c8,
// CHECK-COUNT-3: vector.fma
// CHECK: scf.yield
// CHECK-COUNT-2: vector.store
// CHECK: vector.maskedstore %arg2[%c8, %c32], %[[MASK]]
// AVX2-LABEL: @edges
// AVX2: scf.for {{.*}} = %c0 to %c3 step %c1
// AVX2-COUNT-4: vector.fma {{.*}} vector<8xf32>
// AVX2: scf.yield
func.func @edges(%x: memref<9x3xf32>, %w: memref<3x33xf32>, %y: memref<9x33xf32>) {
  dither.contract x(%x : memref<9x3xf32>) w(%w : memref<3x33xf32>) into(%y : memref<9x33xf32>)
  return
}

// Of a transposed x the elements lie the other way round.
// CHECK-LABEL: @transposed
// CHECK: memref.load %arg0[%[[K:.*]], %c1] : memref<3x2xf32>
// CHECK-NOT: memref.load %arg0[%c1, %
func.func @transposed(%x: memref<3x2xf32>, %w: memref<3x16xf32>, %y: memref<2x16xf32>) {
  dither.contract x(%x : memref<3x2xf32>) w(%w : memref<3x16xf32>) into(%y : memref<2x16xf32>) {transpose_x}
  return
}

// A batch is cut into tiles when it is known: of 8 rows, then what is left of 4, 2 and 1.
// CHECK-LABEL: @batch
// CHECK: %[[N:.*]] = memref.dim %{{.*}}, %c0
// CHECK: %[[TILES:.*]] = arith.divui %[[N]], %c8
// CHECK: %[[END:.*]] = arith.muli %[[TILES]], %c8
// CHECK: scf.for {{.*}} = %c0 to %[[END]] step %c8
// CHECK: scf.for {{.*}} = %[[END]] to %[[END4:.*]] step %c4
// CHECK: scf.for {{.*}} = %[[END4]] to %[[END2:.*]] step %c2
// CHECK: scf.for {{.*}} = %[[END2]] to %[[N]] step %c1
func.func @batch(%x: memref<?x3xf32>, %w: memref<3x16xf32>, %y: memref<?x16xf32>) {
  dither.contract x(%x : memref<?x3xf32>) w(%w : memref<3x16xf32>) into(%y : memref<?x16xf32>)
  return
}

// The sum of nothing is written, too; of no rows or columns there is nothing to write.
// CHECK-LABEL: @depth_zero
// CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : vector<16xf32>
// CHECK-COUNT-2: vector.store %[[ZERO]], %arg2
func.func @depth_zero(%x: memref<2x0xf32>, %w: memref<0x16xf32>, %y: memref<2x16xf32>) {
  dither.contract x(%x : memref<2x0xf32>) w(%w : memref<0x16xf32>) into(%y : memref<2x16xf32>)
  return
}

// CHECK-LABEL: @columns_zero
// CHECK-NEXT: return
func.func @columns_zero(%x: memref<2x3xf32>, %w: memref<3x0xf32>, %y: memref<2x0xf32>) {
  dither.contract x(%x : memref<2x3xf32>) w(%w : memref<3x0xf32>) into(%y : memref<2x0xf32>)
  return
}

// CHECK-LABEL: @rows_zero
// CHECK-NEXT: return
func.func @rows_zero(%x: memref<0x3xf32>, %w: memref<3x5xf32>, %y: memref<0x5xf32>) {
  dither.contract x(%x : memref<0x3xf32>) w(%w : memref<3x5xf32>) into(%y : memref<0x5xf32>)
  return
}

// A product of 2^25 operations is cut among threads by columns, a smaller one is not. In each part, tiles of 8 rows and 2 vectors.
// CHECK-LABEL: @threads
// CHECK: scf.parallel (%[[FROM:.*]]) = (%c0) to (%c1024) step (%c128)
// CHECK: scf.for {{.*}} = %c0 to %c16 step %c8
// CHECK: %[[TO:.*]] = arith.addi %[[FROM]], %c128
// CHECK: scf.for {{.*}} = %[[FROM]] to %[[TO]] step %c32
func.func @threads(%x: memref<16x1024xf32>, %w: memref<1024x1024xf32>, %y: memref<16x1024xf32>) {
  dither.contract x(%x : memref<16x1024xf32>) w(%w : memref<1024x1024xf32>) into(%y : memref<16x1024xf32>)
  return
}

// REMARK-NOT: Function=no_product
// CHECK-LABEL: @no_product
// CHECK-NEXT: return
func.func @no_product() {
  return
}

// Chosen rows of a small matrix are read where they are.
// CHECK-LABEL: @rows
// CHECK: scf.for %[[K:.*]] = %c0
// CHECK: %[[ROW:.*]] = memref.load %arg2[%[[K]]] : memref<5xi32>
// CHECK: %[[AT:.*]] = arith.index_cast %[[ROW]] : i32 to index
// CHECK: vector.load %arg1[%[[AT]], %c0] : memref<9x16xf32>
func.func @rows(%x: memref<5x8xf32>, %w: memref<9x16xf32>, %rows: memref<5xi32>, %y: memref<8x16xf32>) {
  dither.contract x(%x : memref<5x8xf32>) w(%w : memref<9x16xf32>) rows(%rows : memref<5xi32>) into(%y : memref<8x16xf32>) {transpose_x}
  return
}
