// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s

#grad = affine_map<(n, i, j) -> (n, i, j)>
#image = affine_map<(n, i, j) -> (n, i + j)>

// Windows overlap: loops over windows and over their elements add to the same elements, in one thread. What counts an element alone has threads.
// CHECK-LABEL: @windows
// CHECK-SAME: (%[[G:.*]]: memref<100x6x3xf32>, %[[X:.*]]: memref<100x8xf32>)
// CHECK-NOT: gpu.shuffle
// CHECK: gpu.launch
// CHECK: %[[INSIDE:.*]] = arith.cmpi ult, %[[N:.*]], %c100
// CHECK: scf.if %[[INSIDE]]
// CHECK: scf.for %[[I:.*]] = %c0 to %c6 step %c1 {
// CHECK: scf.for %[[J:.*]] = %c0 to %c3 step %c1 {
// The sum is in memory, since the next iteration has another element.
// CHECK-DAG: memref.load %[[G]][%[[N]], %[[I]], %[[J]]]
// CHECK-DAG: memref.load %[[X]][%[[N]], %{{.*}}]
// CHECK: arith.addf
// CHECK: memref.store %{{.*}}, %[[X]][%[[N]], %{{.*}}]
func.func @windows(%g: memref<100x6x3xf32>, %x: memref<100x8xf32>) {
  linalg.generic {indexing_maps = [#grad, #image], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%g : memref<100x6x3xf32>) outs(%x : memref<100x8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  }
  return
}
