// RUN: dither-opt %s --dither-plan-kernels --dither-assign-scratch --dither-lower-contract --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-plan-kernels="lanes=8 rows=4 panels=1" --dither-assign-scratch --dither-lower-contract="lanes=8" --canonicalize --cse | FileCheck %s --check-prefix=AVX2
// RUN: dither-opt %s --dither-plan-kernels --dither-assign-scratch --dither-lower-contract --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// Nine rows are tiles of 5 and 4, by 2 vectors: both vectors of the matrix meet an element of x after the other. What is left of the columns is a
// masked panel of one column; four rows leave registers for all three panels.
// REMARK: Function=edges | dense=1, listed=0, packed=0, staged=0
// CHECK-LABEL: @edges
// CHECK: %[[MASK:.*]] = vector.constant_mask [1] : vector<16xi1>
// CHECK: scf.for %[[K:.*]] = %c0 to %c3 step %c1
// CHECK-NEXT: vector.load %arg1[%[[K]], %c0] : memref<3x33xf32>, vector<16xf32>
// CHECK-NEXT: vector.load %arg1[%[[K]], %c16] : memref<3x33xf32>, vector<16xf32>
// CHECK-NEXT: memref.load %arg0[%c0, %[[K]]]
// CHECK-COUNT-2: vector.fma
// CHECK: memref.load %arg0[%c1, %[[K]]]
// CHECK-COUNT-8: vector.fma
// CHECK: scf.yield
// CHECK-COUNT-10: vector.store {{.*}} memref<9x33xf32>
// CHECK: vector.maskedload %arg1[%{{.*}}, %c32], %[[MASK]]
// CHECK-COUNT-5: vector.fma
// CHECK: scf.yield
// CHECK-COUNT-5: vector.maskedstore %arg2[%{{.*}}, %c32], %[[MASK]]
// CHECK: scf.for
// CHECK: memref.load %arg0[%c5,
// CHECK-COUNT-12: vector.fma
// CHECK: scf.yield
// CHECK-COUNT-2: vector.store
// CHECK: vector.maskedstore %arg2[%c5, %c32], %[[MASK]]
// AVX2-LABEL: @edges
// AVX2: scf.for {{.*}} = %c0 to %c3 step %c1
// AVX2-COUNT-3: vector.fma {{.*}} vector<8xf32>
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

// A large matrix and few rows: threads share strips of columns, of which they visit 32 elements of the contraction before the next ones. The sums
// of a tile of 8 rows and 2 vectors wait in scratch memory, those of a vector of columns side by side, until the last elements.
// CHECK-LABEL: @threads
// CHECK: scf.parallel (%[[FROM:.*]]) = (%c0) to (%c1024) step (%c512)
// CHECK: scf.for %[[K:.*]] = %c0 to %c1024 step %c32
// CHECK: scf.for %[[COLUMN:.*]] = %[[FROM]] to %{{.*}} step %c128
// CHECK: scf.for {{.*}} = %c0 to %c16 step %c8
// CHECK: %[[TO:.*]] = arith.addi %[[COLUMN]], %c128
// CHECK: scf.for {{.*}} = %[[COLUMN]] to %[[TO]] step %c32
// CHECK: %[[MORE:.*]] = arith.cmpi ne, %[[K]], %c0
// CHECK: %[[MASK:.*]] = vector.broadcast %[[MORE]]
// CHECK: vector.maskedload %[[SUMS:.*]][%{{.*}}], %[[MASK]], %{{.*}} : memref<16384xf32>
// CHECK: %[[LAST:.*]] = arith.cmpi eq, %{{.*}}, %c1024
// CHECK: scf.if %[[LAST]] {
// CHECK: vector.store %{{.*}}, %arg2
// CHECK: } else {
// CHECK: vector.store %{{.*}}, %[[SUMS]]
func.func @threads(%x: memref<16x1024xf32>, %w: memref<1024x1024xf32>, %y: memref<16x1024xf32>) {
  dither.contract x(%x : memref<16x1024xf32>) w(%w : memref<1024x1024xf32>) into(%y : memref<16x1024xf32>)
  return
}

// A small matrix and many rows: columns alone make two tasks, so that rows are cut, too. Only where the last ones fill no tile, a task has others.
// CHECK-LABEL: @tasks
// CHECK: scf.parallel (%[[TASK:.*]]) = (%c0) to (%c16) step (%c1)
// CHECK: arith.divui %[[TASK]], %c8
// CHECK: %[[CHUNK:.*]] = arith.remui %[[TASK]], %c8
// CHECK: %[[FIRST:.*]] = arith.muli %[[CHUNK]], %c16
// CHECK: %[[BEGIN:.*]] = arith.minui %[[FIRST]], %c127
// CHECK: %[[END:.*]] = arith.minui %{{.*}}, %c127
// CHECK: %[[FULL:.*]] = arith.minui %[[END]], %c120
// CHECK: scf.for {{.*}} = %[[BEGIN]] to %[[FULL]] step %c8
// CHECK: %[[DONE:.*]] = arith.maxui %[[FULL]], %[[BEGIN]]
// CHECK: %[[LEFT:.*]] = arith.cmpi ult, %[[DONE]], %[[END]]
// CHECK: scf.if %[[LEFT]]
func.func @tasks(%x: memref<127x64xf32>, %w: memref<64x256xf32>, %y: memref<127x256xf32>) {
  dither.contract x(%x : memref<127x64xf32>) w(%w : memref<64x256xf32>) into(%y : memref<127x256xf32>)
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
