// RUN: dither-opt %s --dither-lower-loops | FileCheck %s
// RUN: dither-opt %s --dither-lower-loops=parallel-elements=4 | FileCheck %s --check-prefix=FEW
// RUN: dither-opt %s --dither-lower-loops --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// Threads share the outermost loop of what is large enough.
// REMARK: Function=large | loops=1, parallel=1
// CHECK-LABEL: @large
// CHECK: scf.parallel (%{{.*}}, %{{.*}}) = (%c0{{.*}}) to (%c512{{.*}}, %c512
// CHECK: math.exp
func.func @large(%x: memref<512x512xf32>, %y: memref<512x512xf32>) {
  linalg.exp ins(%x : memref<512x512xf32>) outs(%y : memref<512x512xf32>)
  return
}

// REMARK: Function=small | loops=1, parallel=0
// CHECK-LABEL: @small
// CHECK-NOT: scf.parallel
// CHECK: scf.for
// CHECK: math.exp
// FEW-LABEL: @small
// FEW: scf.parallel
func.func @small(%x: memref<4xf32>, %y: memref<4xf32>) {
  linalg.exp ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
  return
}

// A sum is not cut: any number of threads must give the same bits.
// CHECK-LABEL: @sum
// CHECK-NOT: scf.parallel
// CHECK: scf.for
// FEW-LABEL: @sum
// FEW-NOT: scf.parallel
// FEW: scf.for
func.func @sum(%x: memref<1048576xf32>, %y: memref<f32>) {
  linalg.reduce ins(%x : memref<1048576xf32>) outs(%y : memref<f32>) dimensions = [0]
    (%in: f32, %out: f32) {
      %s = arith.addf %out, %in : f32
      linalg.yield %s : f32
    }
  return
}

// An unknown extent counts as one; a scalar needs no loop; of nothing there is nothing to do.
// CHECK-LABEL: @extents
// CHECK: memref.dim %arg0
// CHECK: scf.for
// CHECK: memref.load %arg1[] : memref<f32>
// CHECK: scf.for {{.*}} = %c0{{.*}} to %c0
// FEW-LABEL: @extents
// FEW-NOT: scf.parallel
// FEW: return
func.func @extents(%x: memref<?xf32>, %s: memref<f32>, %e: memref<0xf32>) {
  linalg.exp ins(%x : memref<?xf32>) outs(%x : memref<?xf32>)
  linalg.exp ins(%s : memref<f32>) outs(%s : memref<f32>)
  linalg.exp ins(%e : memref<0xf32>) outs(%e : memref<0xf32>)
  return
}

// Upstream turns a strided copy into a call of its runtime, which artifacts do not have.
// CHECK-LABEL: @copy
// CHECK-NOT: memref.copy
// CHECK: memref.load
// CHECK: memref.store
func.func @copy(%x: memref<4xf32, strided<[2]>>, %y: memref<4xf32>) {
  memref.copy %x, %y : memref<4xf32, strided<[2]>> to memref<4xf32>
  return
}

// REMARK-NOT: Function=nothing
// CHECK-LABEL: @nothing
// CHECK-NEXT: return
func.func @nothing() {
  return
}
