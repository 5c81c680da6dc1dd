// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-form-kernels --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

#id = affine_map<(i) -> (i)>

// The host does not read memory of the device: both kernels load the number, and compute of it what they need.
// REMARK: Function=scaled | kept=0, kernels=2
// CHECK-LABEL: @scaled
// CHECK-SAME: (%[[X:.*]]: memref<8xf32>, %[[R:.*]]: memref<f32>, %[[Y:.*]]: memref<8xf32>, %[[Z:.*]]: memref<8xf32>)
// CHECK-NOT: memref.load
// CHECK: gpu.launch
// CHECK: %[[RATE:.*]] = memref.load %[[R]][]
// CHECK: %[[TWICE:.*]] = arith.mulf %[[RATE]], %cst
// CHECK: %[[A:.*]] = memref.load %[[X]]
// CHECK: arith.mulf %[[A]], %[[TWICE]]
// CHECK: gpu.terminator
// CHECK-NEXT: }
// CHECK-NEXT: gpu.launch
// CHECK: memref.load %[[R]][]
// CHECK-NOT: arith.mulf
// CHECK: memref.store %{{.*}}, %[[Z]]
func.func @scaled(%x: memref<8xf32>, %r: memref<f32>, %y: memref<8xf32>, %z: memref<8xf32>) {
  %rate = memref.load %r[] : memref<f32>
  %two = arith.constant 2.0 : f32
  %twice = arith.mulf %rate, %two : f32
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : memref<8xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.mulf %a, %twice : f32
    linalg.yield %s : f32
  }
  linalg.fill ins(%rate : f32) outs(%z : memref<8xf32>)
  return
}
