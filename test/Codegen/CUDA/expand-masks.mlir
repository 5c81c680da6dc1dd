// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-expand-masks))" | FileCheck %s

gpu.module @kernels {
  // Elements that exist are read one by one; elsewhere is what the vector had.
  // CHECK-LABEL: gpu.func @load
  // CHECK-SAME: (%[[X:.*]]: memref<?xf32>, %[[Y:.*]]: memref<4xf32>, %[[I:.*]]: index, %[[MASK:.*]]: vector<4xi1>, %[[NONE:.*]]: vector<4xf32>)
  // CHECK: %[[BIT:.*]] = vector.extract %[[MASK]][0]
  // CHECK: %[[A:.*]] = scf.if %[[BIT]] -> (f32)
  // CHECK: memref.load %[[X]]
  // CHECK: else
  // CHECK: vector.extract %[[NONE]][0]
  // CHECK: vector.extract %[[MASK]][3]
  // CHECK: %[[D:.*]] = scf.if
  // CHECK: %[[PLACE:.*]] = arith.addi %[[I]], %c3
  // CHECK: memref.load %[[X]][%[[PLACE]]]
  // CHECK: vector.from_elements %[[A]], %{{.*}}, %{{.*}}, %[[D]]
  // CHECK-NOT: vector.maskedload
  gpu.func @load(%x: memref<?xf32>, %y: memref<4xf32>, %i: index, %mask: vector<4xi1>, %none: vector<4xf32>) kernel {
    %c0 = arith.constant 0 : index
    %v = vector.maskedload %x[%i], %mask, %none : memref<?xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
    vector.store %v, %y[%c0] : memref<4xf32>, vector<4xf32>
    gpu.return
  }

  // The last index counts elements. bf16 is moved as integers: hosts that emulate a device may have no registers of it.
  // CHECK-LABEL: gpu.func @store
  // CHECK-SAME: (%[[Y:.*]]: memref<8x?xbf16>, %[[R:.*]]: index, %[[I:.*]]: index, %[[MASK:.*]]: vector<2xi1>, %[[V:.*]]: vector<2xbf16>)
  // CHECK: %[[MOVED:.*]] = arith.bitcast %[[V]] : vector<2xbf16> to vector<2xi16>
  // CHECK-COUNT-2: scf.if
  // CHECK: %[[LAST:.*]] = vector.extract %[[MOVED]][1] : i16
  // CHECK: %[[ELEMENT:.*]] = arith.bitcast %[[LAST]] : i16 to bf16
  // CHECK: %[[PLACE:.*]] = arith.addi %[[I]], %c1
  // CHECK: memref.store %[[ELEMENT]], %[[Y]][%[[R]], %[[PLACE]]]
  gpu.func @store(%y: memref<8x?xbf16>, %r: index, %i: index, %mask: vector<2xi1>, %v: vector<2xbf16>) kernel {
    vector.maskedstore %y[%r, %i], %mask, %v : memref<8x?xbf16>, vector<2xi1>, vector<2xbf16>
    gpu.return
  }

  // Nothing is asked for ahead.
  // CHECK-LABEL: gpu.func @ahead
  // CHECK-NOT: memref.prefetch
  gpu.func @ahead(%x: memref<8xf32>, %i: index) kernel {
    memref.prefetch %x[%i], read, locality<3>, data : memref<8xf32>
    gpu.return
  }
}
