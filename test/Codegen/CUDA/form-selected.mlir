// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-form-kernels --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// The threshold has eight digits of four bits. A launch counts the keys that reach each value of one of them, by three blocks, of which each adds the counts
// of the launch before it. Then keys that equal the threshold are counted, and the first of them belong to the mask.
// REMARK: Function=top | kept=0, kernels=10, products=0, serial=0, warps=0
// CHECK-LABEL: @top
// CHECK-SAME: (%[[X:.*]]: memref<100x100xf32>, %[[M:.*]]: memref<100x100xi1>)
// CHECK: %[[COUNTS:.*]] = memref.alloc() : memref<9x3x16xi32>
// CHECK: gpu.launch {{.*}} in (%{{.*}} = %c3, {{.*}} threads({{.*}}) in (%{{.*}} = %c256,
// CHECK: scf.for %{{.*}} = %{{.*}} to %{{.*}} step %c256 iter_args
// CHECK: arith.shrui %{{.*}}, %c28_i32
// CHECK: memref.store %{{.*}}, %[[COUNTS]][%c0,
// CHECK: gpu.launch
// CHECK: memref.load %[[COUNTS]][%c0,
// CHECK: gpu.barrier
// CHECK: gpu.barrier
// CHECK-COUNT-15: arith.cmpi uge, %{{.*}}, %c8_i32
// CHECK: memref.store %{{.*}}, %[[COUNTS]][%c1,
// CHECK-COUNT-7: gpu.launch
// CHECK: gpu.launch
// CHECK: gpu.shuffle up
// CHECK: memref.store %{{.*}}, %[[M]]
// CHECK-NOT: gpu.launch
// CHECK-LABEL: @list
func.func @top(%x: memref<100x100xf32>, %m: memref<100x100xi1>) {
  dither.on_device "dither.top_mask"(%x : memref<100x100xf32>) into(%m : memref<100x100xi1>) {settings = {count = 8 : i64}}
  return
}

// Columns are counted by a block each, one block finds where they end, and a block each writes the rows.
// REMARK: Function=list | kept=0, kernels=3, products=0, serial=0, warps=0
// CHECK-SAME: (%[[MASK:.*]]: memref<300x5xi1>, %[[ROWS:.*]]: memref<700xi16>, %[[OFFSETS:.*]]: memref<6xi32>)
// CHECK: %[[COUNTS:.*]] = memref.alloc() : memref<5xi32>
// CHECK: gpu.launch blocks(%[[COLUMN:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %c5,
// CHECK: memref.load %[[MASK]][%{{.*}}, %[[COLUMN]]]
// CHECK: memref.store %{{.*}}, %[[COUNTS]][%[[COLUMN]]]
// CHECK: gpu.launch {{.*}} in (%{{.*}} = %c1,
// CHECK: memref.load %[[COUNTS]]
// CHECK: arith.minui %{{.*}}, %c700_i32
// CHECK: memref.store %{{.*}}, %[[OFFSETS]]
// CHECK: gpu.launch blocks(%[[COLUMN:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %c5,
// CHECK: %[[START:.*]] = memref.load %[[OFFSETS]][%[[COLUMN]]]
// CHECK: scf.for %{{.*}} = %c0 to %c300 step %c256 iter_args(%{{.*}} = %[[START]])
// CHECK: memref.store %{{.*}}, %[[ROWS]]
func.func @list(%m: memref<300x5xi1>, %rows: memref<700xi16>, %offsets: memref<6xi32>) {
  dither.on_device "dither.list_rows"(%m : memref<300x5xi1>) into(%rows, %offsets : memref<700xi16>, memref<6xi32>) {updates}
  return
}

// A block has a column's list.
// REMARK: Function=gather | kept=0, kernels=1, products=0, serial=0, warps=0
// CHECK-LABEL: @gather
// CHECK: gpu.launch blocks(%[[COLUMN:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %c5,
// CHECK: scf.for %[[P:.*]] = %{{.*}} to %{{.*}} step %c256
// CHECK: %[[E:.*]] = memref.load %arg0[%{{.*}}, %[[COLUMN]]]
// CHECK: memref.store %[[E]], %arg3[%[[P]]]
func.func @gather(%x: memref<300x5xf32>, %rows: memref<700xi16>, %offsets: memref<6xi32>, %s: memref<700xf32>) {
  dither.on_device "dither.gather_listed"(%x, %rows, %offsets : memref<300x5xf32>, memref<700xi16>, memref<6xi32>) into(%s : memref<700xf32>) {updates}
  return
}

// A block has an update, looks for a later one with the same place, and writes its row if there is none.
// REMARK: Function=replace | kept=0, kernels=1, products=0, serial=0, warps=0
// CHECK-LABEL: @replace
// CHECK: gpu.launch blocks(%[[I:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %c40,
// CHECK: %[[ROW:.*]] = memref.load %arg1[%[[I]]]
// CHECK: %[[NEXT:.*]] = arith.addi %[[I]], %c1
// CHECK: scf.for
// CHECK: arith.cmpi eq, %{{.*}}, %[[ROW]]
// CHECK: gpu.barrier
// CHECK: scf.for %{{.*}} = %{{.*}} to %c12 step %c256
// CHECK: memref.store %{{.*}}, %arg2
func.func @replace(%u: memref<40x3x4xf32>, %at: memref<40xi32>, %x: memref<9x3x4xf32>) {
  dither.on_device "dither.scatter"(%u, %at : memref<40x3x4xf32>, memref<40xi32>) into(%x : memref<9x3x4xf32>) {updates}
  return
}

// A block has an update, and if none before it has the same place, it adds all later ones that do, one after the other.
// REMARK: Function=sum | kept=0, kernels=1, products=0, serial=0, warps=0
// CHECK-LABEL: @sum
// CHECK: gpu.launch blocks(%[[I:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %c40,
// CHECK: %[[ROW:.*]] = memref.load %arg1[
// CHECK: scf.for %{{.*}} = %{{.*}} to %[[I]] step %c256
// CHECK: gpu.barrier
// CHECK: scf.for %{{.*}} = %{{.*}} to %c12 step %c256
// CHECK: %[[START:.*]] = memref.load %arg2
// CHECK: %[[WIDE:.*]] = arith.extf %[[START]] : bf16 to f32
// CHECK: scf.for %{{.*}} = %[[I]] to %c40 step %c1 iter_args(%{{.*}} = %[[WIDE]]) -> (f32)
// CHECK: arith.cmpi eq, %{{.*}}, %[[ROW]]
// CHECK: memref.load %arg0
// CHECK: arith.addf
// CHECK: %[[SUM:.*]] = arith.truncf
// CHECK: memref.store %[[SUM]], %arg2
func.func @sum(%u: memref<20x2x3x4xbf16>, %at: memref<20x2xi32>, %x: memref<9x3x4xbf16>) {
  dither.on_device "dither.scatter_add"(%u, %at : memref<20x2x3x4xbf16>, memref<20x2xi32>) into(%x : memref<9x3x4xbf16>) {updates}
  return
}
