// RUN: dither-opt %s --dither-lower-launches | FileCheck %s

// What launches follow are tables, which those with the same numbers share.
// CHECK-DAG: llvm.mlir.global private constant @dither.after.1.2.0(dense<[1, 2, 0]> : tensor<3xi32>) {{.*}} : !llvm.array<3 x i32>
// CHECK-DAG: llvm.mlir.global private constant @dither.after.0(dense<0> : tensor<1xi32>)
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
  // CHECK: %[[ALL:.*]] = llvm.mlir.zero : !llvm.ptr
  // CHECK: %[[FIELD:.*]] = llvm.getelementptr %[[CONTEXT]][2] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  // CHECK: %[[LAUNCH:.*]] = llvm.load %[[FIELD]]
  // CHECK: %[[KERNEL:.*]] = llvm.mlir.constant(1 : i32)
  // Without `dither.after` it follows all.
  // CHECK: llvm.call %[[LAUNCH]](%[[CONTEXT]], %[[KERNEL]], %{{.*}}, %[[ARGUMENTS]], %[[ALL]])
  // CHECK-NOT: gpu.launch_func
  func.func @g(%n: index, %x: memref<8xf32>) {
    %c1 = arith.constant 1 : index
    %c256 = arith.constant 256 : index
    gpu.launch_func @kernels::@f blocks in (%n, %c1, %c1) threads in (%c256, %c1, %c1) args(%x : memref<8xf32>, %n : index)
    return
  }
  // CHECK-LABEL: func.func @orders
  // CHECK: %[[NONE:.*]] = llvm.mlir.addressof @dither.after.0
  // CHECK: llvm.call {{.*}}, %[[NONE]])
  // CHECK: %[[SAME:.*]] = llvm.mlir.addressof @dither.after.0
  // CHECK: llvm.call {{.*}}, %[[SAME]])
  // CHECK: %[[BOTH:.*]] = llvm.mlir.addressof @dither.after.1.2.0
  // CHECK: llvm.call {{.*}}, %[[BOTH]])
  func.func @orders() {
    %c1 = arith.constant 1 : index
    gpu.launch_func @kernels::@other blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) {dither.after = array<i32>}
    gpu.launch_func @kernels::@other blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) {dither.after = array<i32>}
    gpu.launch_func @kernels::@other blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) {dither.after = array<i32: 1, 2>}
    return
  }
}
