// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-form-kernels --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// A block has 64 rows by 64 columns of the result, a thread four by four: tiles of x and of the matrix, 32 of the contraction deep, go through
// shared memory, zero beyond the ends.
// REMARK: Function=dense | kept=0, kernels=1, products=1
// CHECK-LABEL: @dense
// CHECK-SAME: (%[[X:.*]]: memref<?x100xf32>, %[[W:.*]]: memref<100x70xf32>, %[[Y:.*]]: memref<?x70xf32>)
// CHECK: %[[ROWS:.*]] = memref.dim %[[Y]], %c0
// CHECK: %[[BLOCKS:.*]] = arith.ceildivui %[[ROWS]], %c64
// CHECK: gpu.launch {{.*}} in (%{{.*}} = %[[BLOCKS]], %{{.*}} = %c2, %{{.*}} = %c1) threads({{.*}}) in (%{{.*}} = %c256,
// CHECK-SAME: workgroup(%[[XT:.*]] : memref<32x64xf32, #gpu.address_space<workgroup>>, %[[WT:.*]] : memref<32x64xf32, #gpu.address_space<workgroup>>)
// CHECK: %[[SUMS:.*]]:4 = scf.for %[[K:.*]] = %c0 to %c100 step %c32
// CHECK: memref.load %[[X]]
// CHECK: memref.store %{{.*}}, %[[XT]]
// Columns end within a vector: a mask reads what is there.
// CHECK: vector.maskedload %[[W]]
// CHECK: vector.store %{{.*}}, %[[WT]]
// CHECK: gpu.barrier
// CHECK: scf.for %{{.*}} = %c0 to %c32 step %c1
// CHECK: vector.load %[[WT]]
// CHECK-COUNT-4: vector.fma
// CHECK-NOT: vector.fma
// CHECK: gpu.barrier
// CHECK-COUNT-4: vector.maskedstore %[[Y]]
// CHECK-NOT: vector.maskedstore
func.func @dense(%x: memref<?x100xf32>, %w: memref<100x70xf32>, %y: memref<?x70xf32>) {
  dither.contract x(%x : memref<?x100xf32>) w(%w : memref<100x70xf32>) into(%y : memref<?x70xf32>)
  return
}

// Few rows have a tile of 16, a row for each thread.
// CHECK-LABEL: @few
// CHECK: workgroup(%{{.*}} : memref<32x16xf32, {{.*}}>, %{{.*}} : memref<32x64xf32, {{.*}}>)
// CHECK: scf.for {{.*}} -> (vector<4xf32>)
// CHECK: vector.fma
// CHECK-NOT: vector.fma
// CHECK: return
func.func @few(%x: memref<8x64xf32>, %w: memref<64x64xf32>, %y: memref<8x64xf32>) {
  dither.contract x(%x : memref<8x64xf32>) w(%w : memref<64x64xf32>) into(%y : memref<8x64xf32>)
  return
}
