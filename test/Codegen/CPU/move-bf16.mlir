// RUN: dither-opt %s --dither-move-bf16 | FileCheck %s

// CHECK-LABEL: @copy
// CHECK-SAME: %[[P:.*]]: !llvm.ptr, %[[M:.*]]: vector<16xi1>, %[[Z:.*]]: vector<16xbf16>, %[[F:.*]]: vector<16xf32>
// CHECK: %[[ZERO:.*]] = llvm.bitcast %[[Z]] : vector<16xbf16> to vector<16xi16>
// CHECK: %[[I:.*]] = llvm.intr.masked.load %[[P]], %[[M]], %[[ZERO]] {alignment = 2 : i32} : (!llvm.ptr, vector<16xi1>, vector<16xi16>) -> vector<16xi16>
// CHECK: %[[V:.*]] = llvm.bitcast %[[I]] : vector<16xi16> to vector<16xbf16>
// CHECK: %[[J:.*]] = llvm.bitcast %[[V]] : vector<16xbf16> to vector<16xi16>
// CHECK: llvm.intr.masked.store %[[J]], %[[P]], %[[M]] {alignment = 2 : i32} : vector<16xi16>
llvm.func @copy(%p: !llvm.ptr, %m: vector<16xi1>, %z: vector<16xbf16>, %f: vector<16xf32>) {
  %v = llvm.intr.masked.load %p, %m, %z {alignment = 2 : i32} : (!llvm.ptr, vector<16xi1>, vector<16xbf16>) -> vector<16xbf16>
  llvm.intr.masked.store %v, %p, %m {alignment = 2 : i32} : vector<16xbf16>, vector<16xi1> into !llvm.ptr
  // Others stay.
  // CHECK: llvm.intr.masked.store %[[F]], %[[P]], %[[M]] {alignment = 4 : i32} : vector<16xf32>
  llvm.intr.masked.store %f, %p, %m {alignment = 4 : i32} : vector<16xf32>, vector<16xi1> into !llvm.ptr
  // CHECK: %[[K:.*]] = llvm.bitcast %[[V]] : vector<16xbf16> to vector<16xi16>
  // CHECK: llvm.store %[[K]], %[[P]] {alignment = 2 : i64} : vector<16xi16>
  llvm.store %v, %p {alignment = 2 : i64} : vector<16xbf16>, !llvm.ptr
  llvm.return
}

// So are scalars: loops of them become vectors.
// CHECK-LABEL: @one
// CHECK: %[[I:.*]] = llvm.load %{{.*}} : !llvm.ptr -> i16
// CHECK: %[[V:.*]] = llvm.bitcast %[[I]] : i16 to bf16
// CHECK: %[[J:.*]] = llvm.bitcast %[[V]] : bf16 to i16
// CHECK: llvm.store %[[J]], %{{.*}} : i16, !llvm.ptr
llvm.func @one(%p: !llvm.ptr, %q: !llvm.ptr) {
  %v = llvm.load %p : !llvm.ptr -> bf16
  llvm.store %v, %q : bf16, !llvm.ptr
  llvm.return
}
