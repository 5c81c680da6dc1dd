// RUN: dither-opt %s --pass-pipeline="builtin.module(gpu.module(dither-tile-to-nvvm,canonicalize,cse))" | FileCheck %s

!barriers = memref<2xi64, #gpu.address_space<workgroup>>

// The first thread makes all barriers, and then the fence. Lane 0 arrives, when its warp has come. Who expects bytes arrives by itself.
// CHECK-LABEL: gpu.func @barriers
// CHECK-SAME: (%[[NUMBER:.*]]: index) workgroup
// CHECK-DAG: %[[THREE:.*]] = arith.constant 3 : i32
// CHECK-DAG: %[[ALL:.*]] = arith.constant -1 : i32
// CHECK-DAG: %[[BYTES:.*]] = arith.constant 8192 : i32
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : i32
// CHECK: %[[THREAD:.*]] = arith.index_cast %thread_id_x : index to i32
// CHECK: %[[ISFIRST:.*]] = arith.cmpi eq, %[[THREAD]], %c0_i32
// CHECK-NEXT: scf.if %[[ISFIRST]] {
// CHECK: %[[FIRST:.*]] = llvm.extractvalue %{{.*}}[1]
// CHECK-NEXT: nvvm.mbarrier.init %[[FIRST]], %[[THREE]] : !llvm.ptr<3>, i32
// CHECK-NEXT: %[[SECOND:.*]] = llvm.getelementptr %[[FIRST]][1] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i64
// CHECK-NEXT: nvvm.mbarrier.init %[[SECOND]], %[[THREE]]
// CHECK-NOT: nvvm.mbarrier.init
// CHECK: nvvm.fence.mbarrier.init
// CHECK-NEXT: }
// CHECK-NEXT: nvvm.bar.warp.sync %[[ALL]]
// CHECK-NEXT: %[[LANE:.*]] = arith.andi %[[THREAD]], %c31_i32
// CHECK-NEXT: %[[ISLANE:.*]] = arith.cmpi eq, %[[LANE]], %c0_i32
// CHECK-NEXT: scf.if %[[ISLANE]] {
// CHECK: %[[PLACE:.*]] = arith.index_cast %[[NUMBER]] : index to i64
// CHECK: %[[BARRIER:.*]] = llvm.getelementptr %{{.*}}[%[[PLACE]]] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, i64
// CHECK: nvvm.mbarrier.arrive %[[BARRIER]]
// CHECK-NEXT: }
// CHECK: nvvm.mbarrier.arrive.expect_tx %{{.*}}, %[[BYTES]] : !llvm.ptr<3>, i32
// The parity of the phase; it is odd for -1.
// CHECK: %[[PHASE:.*]] = arith.index_cast %[[NUMBER]] : index to i32
// CHECK: %[[PARITY:.*]] = arith.andi %[[PHASE]], %[[ONE]]
// CHECK: nvvm.mbarrier.try_wait.parity %{{.*}}, %[[PARITY]], %{{.*}}
// CHECK: nvvm.mbarrier.try_wait.parity %{{.*}}, %[[ONE]], %{{.*}}
// CHECK: nvvm.fence.proxy {kind = #nvvm.proxy_kind<async.shared>, space = #nvvm.shared_space<cta>}
// CHECK-NOT: tile.
gpu.module @kernels {
  gpu.func @barriers(%i: index) workgroup(%full: !barriers) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
    tile.init_barriers %full, 3 : !barriers
    tile.arrive %full[%i] : !barriers
    tile.expect %full[%i], 8192 : !barriers
    tile.wait %full[%i] phase %i : !barriers
    %before = arith.constant -1 : index
    tile.wait %full[%i] phase %before : !barriers
    tile.publish
    gpu.return
  }
}
