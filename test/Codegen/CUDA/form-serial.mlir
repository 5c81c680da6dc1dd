// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-form-kernels --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// A loop whose iterations depend on each other has one thread. The number that it gives is stored, for those that use it to load.
// REMARK: Function=norm | kept=0, kernels=2, products=0, serial=1, warps=0
// CHECK-LABEL: @norm
// CHECK-SAME: (%[[X:.*]]: memref<8xf32>, %[[Y:.*]]: memref<8xf32>)
// CHECK: %[[CELL:.*]] = memref.alloc() : memref<f32>
// CHECK-NEXT: gpu.launch {{.*}} threads({{.*}}) in (%{{.*}} = %c1, %{{.*}} = %c1, %{{.*}} = %c1)
// CHECK-NEXT: %[[SUM:.*]] = scf.for
// CHECK: memref.load %[[X]]
// CHECK: memref.store %{{.*}}, %[[X]]
// CHECK: memref.store %[[SUM]], %[[CELL]][]
// CHECK-NEXT: gpu.terminator
// CHECK: gpu.launch
// CHECK: %[[NUMBER:.*]] = memref.load %[[CELL]][]
// CHECK: %[[ROOT:.*]] = math.sqrt %[[NUMBER]]
// CHECK: memref.store %[[ROOT]], %[[Y]]
func.func @norm(%x: memref<8xf32>, %y: memref<8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %zero = arith.constant 0.0 : f32
  %sum = scf.for %i = %c0 to %c8 step %c1 iter_args(%before = %zero) -> f32 {
    %a = memref.load %x[%i] : memref<8xf32>
    %next = arith.addf %before, %a : f32
    memref.store %next, %x[%i] : memref<8xf32>
    scf.yield %next : f32
  }
  %root = math.sqrt %sum : f32
  linalg.fill ins(%root : f32) outs(%y : memref<8xf32>)
  return
}

// Ops of linalg in it become loops.
// CHECK-LABEL: @inner
// CHECK: gpu.launch
// CHECK-NEXT: scf.for
// CHECK-NOT: linalg
// CHECK: gpu.terminator
func.func @inner(%x: memref<8x8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : index
  scf.for %i = %c0 to %c7 step %c1 {
    %from = memref.subview %x[%i, 0] [1, 8] [1, 1] : memref<8x8xf32> to memref<8xf32, strided<[1], offset: ?>>
    %next = arith.addi %i, %c1 : index
    %to = memref.subview %x[%next, 0] [1, 8] [1, 1] : memref<8x8xf32> to memref<8xf32, strided<[1], offset: ?>>
    linalg.exp ins(%from : memref<8xf32, strided<[1], offset: ?>>) outs(%to : memref<8xf32, strided<[1], offset: ?>>)
  }
  return
}
