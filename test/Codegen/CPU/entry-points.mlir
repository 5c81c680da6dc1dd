// RUN: dither-opt %s --dither-entry-points | FileCheck %s

// The entry point reads a pointer for each argument behind the context and passes them on.
// CHECK-LABEL: llvm.func @dither.entry.f
// CHECK-SAME: (%[[CONTEXT:.*]]: !llvm.ptr, %[[ARGUMENTS:.*]]: !llvm.ptr)
// CHECK: %[[S0:.*]] = llvm.getelementptr %[[ARGUMENTS]][0]
// CHECK: %[[X:.*]] = llvm.load %[[S0]]
// CHECK: %[[S1:.*]] = llvm.getelementptr %[[ARGUMENTS]][1]
// CHECK: %[[Y:.*]] = llvm.load %[[S1]]
// CHECK: llvm.call @_mlir_ciface_f(%[[CONTEXT]], %[[X]], %[[Y]])
// CHECK: llvm.return

// What LLVM does not know is taken from the arguments.
// CHECK: llvm.func @_mlir_ciface_f(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr {llvm.noalias}, %{{.*}}: !llvm.ptr)
llvm.func @_mlir_ciface_f(%context: !llvm.ptr {dither.kind = "context"}, %x: !llvm.ptr {dither.kind = "input", llvm.noalias}, %y: !llvm.ptr) {
  llvm.return
}

// Other functions have none, nor those of which only the name is known.
// CHECK-NOT: dither.entry
llvm.func @g() {
  llvm.return
}
llvm.func @_mlir_ciface_external(!llvm.ptr)
