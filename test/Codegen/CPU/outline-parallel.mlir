// RUN: dither-opt %s --dither-outline-parallel | FileCheck %s
// RUN: dither-opt %s --dither-outline-parallel --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// The body is a function of a range of iterations. It reads what it uses from outside from the structure; constants it has of its own.
// REMARK: Function=f | outlined=1
// CHECK-LABEL: llvm.func internal @f.parallel_0
// CHECK-SAME: (%[[ENV:.*]]: !llvm.ptr, %[[BEGIN:.*]]: i64, %[[END:.*]]: i64)
// CHECK: llvm.load %[[ENV]]
// CHECK: %[[N:.*]] = arith.constant 3 : index
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step
// CHECK: %[[SCALED:.*]] = arith.muli %[[I]], %{{.*}}
// CHECK: %[[ROW:.*]] = arith.addi %{{.*}}, %[[SCALED]]
// The second dimension is not cut.
// CHECK: scf.for %[[J:.*]] =
// CHECK: memref.store %{{.*}}, %{{.*}}[%[[ROW]], %[[J]]]
// CHECK: llvm.return

// The context comes first, and its first field is parallel_for: nothing is imported.
// CHECK-LABEL: func.func @f
// CHECK-SAME: (%[[CONTEXT:.*]]: !llvm.ptr {dither.kind = "context"}, %{{.*}}: memref<8x3xf32>, %{{.*}}: index)
// CHECK: %[[SLOT:.*]] = llvm.alloca
// CHECK: llvm.store %{{.*}}, %[[SLOT]]
// CHECK: %[[COUNT:.*]] = arith.ceildivui
// CHECK: %[[EXTENT:.*]] = builtin.unrealized_conversion_cast %[[COUNT]] : index to i64
// CHECK: %[[CALLEE:.*]] = llvm.load %[[CONTEXT]]
// CHECK: %[[BODY:.*]] = llvm.mlir.addressof @f.parallel_0
// CHECK: llvm.call %[[CALLEE]](%[[CONTEXT]], %[[BODY]], %[[SLOT]], %[[EXTENT]])
// CHECK-NOT: scf.parallel
func.func @f(%y: memref<8x3xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  scf.parallel (%i, %j) = (%c0, %c0) to (%n, %c3) step (%c2, %c1) {
    memref.store %zero, %y[%i, %j] : memref<8x3xf32>
  }
  return
}

// Threads do not nest: an inner loop stays in the body of the outer one.
// REMARK: Function=nested | outlined=2
// CHECK-LABEL: llvm.func internal @nested.parallel_0
// CHECK: scf.parallel
// CHECK-LABEL: llvm.func internal @nested.parallel_1
// CHECK-NOT: @nested.parallel_2
// CHECK-LABEL: func.func @nested
func.func @nested(%y: memref<8xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    scf.parallel (%j) = (%c0) to (%n) step (%c1) {
      memref.store %zero, %y[%j] : memref<8xf32>
    }
  }
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    memref.store %zero, %y[%i] : memref<8xf32>
  }
  return
}

// Every function has the context, also one without loops.
// REMARK-NOT: Function=none
// CHECK: func.func @none(%{{.*}}: !llvm.ptr {dither.kind = "context"})
func.func @none() {
  return
}

// CHECK: func.func private @external()
func.func private @external()

// Memory on the stack is that of a thread, once for all of its iterations.
// CHECK-LABEL: llvm.func internal @stack.parallel_0
// CHECK: memref.alloca() : memref<8xf32>
// CHECK: scf.for
// CHECK-NOT: memref.alloca
func.func @stack(%y: memref<8xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %s = memref.alloca() : memref<8xf32>
    %v = memref.load %y[%i] : memref<8xf32>
    memref.store %v, %s[%i] : memref<8xf32>
  }
  return
}

// A loop that all iterations end with goes around those that a thread has, where that is asked for.
// CHECK-LABEL: llvm.func internal @common.parallel_0
// CHECK: scf.for %[[K:.*]] = %{{.*}} to %{{.*}} step %c4
// CHECK: scf.for %[[N:.*]] = %{{.*}} to %{{.*}} step
// CHECK: %[[SCALED:.*]] = arith.muli %[[N]], %{{.*}}
// CHECK: %[[I:.*]] = arith.addi %{{.*}}, %[[SCALED]]
// CHECK: %[[LAST:.*]] = arith.addi %[[I]], %{{.*}}
// CHECK: memref.store %{{.*}}, %{{.*}}[%[[K]], %[[LAST]]]
// CHECK-NOT: scf.for
// CHECK-LABEL: func.func @common
func.func @common(%y: memref<8x9xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  %zero = arith.constant 0.0 : f32
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %last = arith.addi %i, %c1 : index
    scf.for %k = %c0 to %c8 step %c4 {
      memref.store %zero, %y[%k, %last] : memref<8x9xf32>
    }
  } {dither.common_loop}
  return
}

// Not where its bounds are those of an iteration.
// CHECK-LABEL: llvm.func internal @uncommon.parallel_0
// CHECK: scf.for %[[N:.*]] = %{{.*}} to %{{.*}} step
// CHECK: arith.muli %[[N]]
// CHECK: scf.for
// CHECK-LABEL: func.func @uncommon
func.func @uncommon(%y: memref<8x9xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    scf.for %k = %c0 to %i step %c1 {
      memref.store %zero, %y[%k, %i] : memref<8x9xf32>
    }
  } {dither.common_loop}
  return
}
