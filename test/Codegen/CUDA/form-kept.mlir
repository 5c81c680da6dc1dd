// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-form-kernels --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// Something writes to the number's place before its last use: a kernel of one thread keeps it in a buffer of its own, before.
// REMARK: Function=overwritten | kept=1, kernels=4
// CHECK-LABEL: @overwritten
// CHECK-SAME: (%[[R:.*]]: memref<4xf32>, %[[Y:.*]]: memref<8xf32>, %[[Z:.*]]: memref<8xf32>)
// CHECK: %[[CELL:.*]] = memref.alloc() : memref<f32>
// CHECK-NEXT: gpu.launch {{.*}} threads({{.*}}) in (%{{.*}} = %c1,
// CHECK-NEXT: %[[RATE:.*]] = memref.load %[[R]][%c2]
// CHECK-NEXT: memref.store %[[RATE]], %[[CELL]][]
// CHECK-NEXT: gpu.terminator
// CHECK: gpu.launch
// CHECK: memref.load %[[CELL]][]
// CHECK: memref.store %{{.*}}, %[[Y]]
// CHECK: gpu.launch
// CHECK: memref.store %cst{{.*}} : memref<3xf32
// CHECK: gpu.launch
// CHECK: memref.load %[[CELL]][]
// CHECK: memref.store %{{.*}}, %[[Z]]
func.func @overwritten(%r: memref<4xf32>, %y: memref<8xf32>, %z: memref<8xf32>) {
  %c2 = arith.constant 2 : index
  %rate = memref.load %r[%c2] : memref<4xf32>
  linalg.fill ins(%rate : f32) outs(%y : memref<8xf32>)
  // A view of the same buffer.
  %part = memref.subview %r[0] [3] [1] : memref<4xf32> to memref<3xf32, strided<[1]>>
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%part : memref<3xf32, strided<[1]>>)
  linalg.fill ins(%rate : f32) outs(%z : memref<8xf32>)
  return
}

// What is written before the load changes nothing.
// REMARK: Function=written_before | kept=0, kernels=2
func.func @written_before(%r: memref<f32>, %y: memref<8xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%r : memref<f32>)
  %rate = memref.load %r[] : memref<f32>
  linalg.fill ins(%rate : f32) outs(%y : memref<8xf32>)
  return
}

// The op that uses it writes to its place, too: one of its threads would, before another has read it.
// REMARK: Function=written_by_user | kept=1, kernels=2
// CHECK-LABEL: @written_by_user
// CHECK: %[[CELL:.*]] = memref.alloc() : memref<f32>
// CHECK: gpu.launch
// CHECK: memref.store %{{.*}}, %[[CELL]][]
// CHECK: gpu.launch
// CHECK: memref.load %[[CELL]][]
func.func @written_by_user(%y: memref<8xf32>) {
  %c0 = arith.constant 0 : index
  %first = memref.load %y[%c0] : memref<8xf32>
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%y : memref<8xf32>) {
  ^bb0(%old: f32):
    %new = arith.divf %old, %first : f32
    linalg.yield %new : f32
  }
  return
}

// Its own place is a number of the device.
// REMARK: Function=place | kept=1, kernels=3
// CHECK-LABEL: @place
// CHECK: gpu.launch
// CHECK: %[[AT:.*]] = memref.load %{{.*}} : memref<i32>
// CHECK: arith.index_cast %[[AT]]
// CHECK: memref.store %{{.*}}, %{{.*}}[] : memref<f32>
func.func @place(%at: memref<i32>, %r: memref<4xf32>, %y: memref<8xf32>) {
  %i = memref.load %at[] : memref<i32>
  %j = arith.index_cast %i : i32 to index
  %rate = memref.load %r[%j] : memref<4xf32>
  linalg.fill ins(%rate : f32) outs(%r : memref<4xf32>)
  linalg.fill ins(%rate : f32) outs(%y : memref<8xf32>)
  return
}
