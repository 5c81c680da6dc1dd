// RUN: dither-opt %s --dither-lower-launches | FileCheck %s

module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @other() kernel { gpu.return }
    gpu.func @f(%x: memref<8xf32>, %n: index) kernel attributes {known_block_size = array<i32: 256, 1, 1>} { gpu.return }
  }
  // The context comes first. A launch says the number of its kernel, the second here; the block is the kernel's own.
  // CHECK-LABEL: func.func @g
  // CHECK-SAME: (%[[CONTEXT:.*]]: !llvm.ptr {dither.kind = "context"}, %[[N:.*]]: index, %[[X:.*]]: memref<8xf32>)
  // Memory of the grid and of six arguments: pointers, offset, a size and a stride of the descriptor, and the number.
  // CHECK-DAG: %[[GRID:.*]] = llvm.alloca %{{.*}} x i64
  // CHECK: %[[SIX:.*]] = llvm.mlir.constant(6 : i64)
  // CHECK: %[[ARGUMENTS:.*]] = llvm.alloca %[[SIX]] x !llvm.ptr
  // CHECK: %[[FIELDS:.*]] = builtin.unrealized_conversion_cast %[[X]]
  // CHECK-COUNT-3: llvm.extractvalue %[[FIELDS]]
  // CHECK: %[[SIZES:.*]] = llvm.extractvalue %[[FIELDS]][3]
  // CHECK: llvm.extractvalue %[[SIZES]][0]
  // CHECK: %[[STRIDES:.*]] = llvm.extractvalue %[[FIELDS]][4]
  // CHECK: llvm.extractvalue %[[STRIDES]][0]
  // CHECK: %[[NUMBER:.*]] = builtin.unrealized_conversion_cast %[[N]] : index to i64
  // CHECK: llvm.store %[[NUMBER]], %[[SLOT:.*]] : i64
  // CHECK: llvm.getelementptr %[[ARGUMENTS]][0]
  // CHECK: %[[LAST:.*]] = llvm.getelementptr %[[ARGUMENTS]][5]
  // CHECK: llvm.store %[[SLOT]], %[[LAST]]
  // CHECK: %[[FIELD:.*]] = llvm.getelementptr %[[CONTEXT]][2] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  // CHECK: %[[LAUNCH:.*]] = llvm.load %[[FIELD]]
  // CHECK: %[[KERNEL:.*]] = llvm.mlir.constant(1 : i32)
  // CHECK: llvm.call %[[LAUNCH]](%[[CONTEXT]], %[[KERNEL]], %{{.*}}, %[[ARGUMENTS]])
  // CHECK-NOT: gpu.launch_func
  func.func @g(%n: index, %x: memref<8xf32>) {
    %c1 = arith.constant 1 : index
    %c256 = arith.constant 256 : index
    gpu.launch_func @kernels::@f blocks in (%n, %c1, %c1) threads in (%c256, %c1, %c1) args(%x : memref<8xf32>, %n : index)
    return
  }
}
