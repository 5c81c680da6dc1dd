// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s

// A copy is a kernel, too: of what lies otherwise, element by element.
// CHECK-LABEL: @copy
// CHECK-SAME: (%[[X:.*]]: memref<8x4xf32, strided<[1, 8]>>, %[[Y:.*]]: memref<8x4xf32>)
// CHECK-NOT: memref.copy
// CHECK: gpu.launch
// CHECK: %[[V:.*]] = memref.load %[[X]][%[[I:.*]], %[[J:.*]]] : memref<8x4xf32, strided<[1, 8]>>
// CHECK: memref.store %[[V]], %[[Y]][%[[I]], %[[J]]] : memref<8x4xf32>
func.func @copy(%x: memref<8x4xf32, strided<[1, 8]>>, %y: memref<8x4xf32>) {
  memref.copy %x, %y : memref<8x4xf32, strided<[1, 8]>> to memref<8x4xf32>
  return
}

// Views stay with the host, which computes where they begin.
// CHECK-LABEL: @view
// CHECK: %[[VIEW:.*]] = memref.subview %arg0[%arg2]
// CHECK: gpu.launch
// CHECK: memref.load %[[VIEW]]
func.func @view(%x: memref<8xf32>, %y: memref<4xf32>, %i: index) {
  %view = memref.subview %x[%i] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1], offset: ?>>
  memref.copy %view, %y : memref<4xf32, strided<[1], offset: ?>> to memref<4xf32>
  return
}
