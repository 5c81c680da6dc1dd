// RUN: dither-opt %s --dither-lower-loops | FileCheck %s
// RUN: dither-opt %s --dither-lower-loops=parallel-elements=8 | FileCheck %s --check-prefix=THREADS
// RUN: dither-opt %s --dither-lower-loops=parallel-elements=8 --dither-outline-parallel | FileCheck %s --check-prefix=OUTLINED

// Small work stays on one thread; large work is cut along the outermost loop.
// CHECK-LABEL: @negate
// CHECK: scf.for
// CHECK: scf.for
// CHECK: arith.negf
// THREADS-LABEL: @negate
// THREADS: scf.parallel
// THREADS: arith.negf

// The body becomes a function of a range of iterations; the host's parallel_for, which the context holds, calls it.
// OUTLINED: llvm.func internal @negate.parallel_0(%{{.*}}: !llvm.ptr, %[[BEGIN:.*]]: i64, %[[END:.*]]: i64)
// OUTLINED: %[[FROM:.*]] = builtin.unrealized_conversion_cast %[[BEGIN]] : i64 to index
// OUTLINED: %[[TO:.*]] = builtin.unrealized_conversion_cast %[[END]] : i64 to index
// OUTLINED: scf.for %{{.*}} = %[[FROM]] to %[[TO]]
// OUTLINED: arith.negf
// OUTLINED: func.func @negate(%[[CONTEXT:.*]]: !llvm.ptr {dither.kind = "context"}
// OUTLINED: %[[CALLEE:.*]] = llvm.load %[[CONTEXT]]
// OUTLINED: %[[BODY:.*]] = llvm.mlir.addressof @negate.parallel_0
// OUTLINED: llvm.call %[[CALLEE]](%[[CONTEXT]], %[[BODY]],
func.func @negate(%x: memref<?x8xf32>, %y: memref<?x8xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<?x8xf32>) outs(%y : memref<?x8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.negf %a : f32
    linalg.yield %c : f32
  }
  return
}

// A sum over the outermost loop has an order: threads do not share it.
// THREADS-LABEL: @sum
// THREADS-NOT: scf.parallel
// THREADS: return
// OUTLINED-NOT: @sum.parallel
func.func @sum(%x: memref<16xf32>, %y: memref<f32>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
      ins(%x : memref<16xf32>) outs(%y : memref<f32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.addf %a, %b : f32
    linalg.yield %c : f32
  }
  return
}

// A copy becomes loops, not a call into a library.
// CHECK-LABEL: @copy
// CHECK-NOT: memref.copy
// CHECK: memref.store
func.func @copy(%x: memref<16xf32, strided<[2], offset: 1>>, %y: memref<16xf32>) {
  memref.copy %x, %y : memref<16xf32, strided<[2], offset: 1>> to memref<16xf32>
  return
}
