// RUN: dither-opt %s --dither-entry-points | FileCheck %s

// CHECK-NOT: dither.kind
// CHECK: llvm.func @dither.entry.f(%[[CONTEXT:.*]]: !llvm.ptr, %[[ARGUMENTS:.*]]: !llvm.ptr)
// CHECK: %[[P0:.*]] = llvm.getelementptr %[[ARGUMENTS]][0]
// CHECK: %[[X:.*]] = llvm.load %[[P0]]
// CHECK: %[[P1:.*]] = llvm.getelementptr %[[ARGUMENTS]][1]
// CHECK: %[[Y:.*]] = llvm.load %[[P1]]
// CHECK: llvm.call @_mlir_ciface_f(%[[CONTEXT]], %[[X]], %[[Y]])
// CHECK: llvm.func @_mlir_ciface_f(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr) {
llvm.func @_mlir_ciface_f(%context: !llvm.ptr {dither.kind = "context"}, %x: !llvm.ptr {dither.kind = "input"}, %y: !llvm.ptr) {
  llvm.return
}

// Functions without a C interface, such as the bodies of parallel loops, get none.
// CHECK-NOT: @dither.entry.g
llvm.func internal @g() {
  llvm.return
}
