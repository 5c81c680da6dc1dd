// RUN: dither-opt %s --dither-keep-device-ops | FileCheck %s
// RUN: dither-opt %s --dither-keep-device-ops --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// REMARK: Function=top | kept=1
// CHECK-LABEL: @top
// CHECK-SAME: (%[[X:.*]]: tensor<64xf32>)
// CHECK: %[[INIT:.*]] = tensor.empty() : tensor<64xi1>
// CHECK: dither.on_device "dither.top_mask"(%[[X]] : tensor<64xf32>) into(%[[INIT]] : tensor<64xi1>) {settings = {count = 8 : i64}} -> tensor<64xi1>
func.func @top(%x: tensor<64xf32>) -> tensor<64xi1> {
  %m = dither.top_mask %x {count = 8 : i64} : tensor<64xf32>
  return %m : tensor<64xi1>
}

// Slots that belong to no column stay zero.
// CHECK-LABEL: @list
// CHECK: %[[ROWS:.*]] = linalg.fill {{.*}} -> tensor<20xi8>
// CHECK: %[[OFFSETS:.*]] = linalg.fill {{.*}} -> tensor<5xi32>
// CHECK: dither.on_device "dither.list_rows"(%{{.*}}) into(%[[ROWS]], %[[OFFSETS]] : tensor<20xi8>, tensor<5xi32>) {updates}
func.func @list(%m: tensor<12x4xi1>) -> (tensor<20xi8>, tensor<5xi32>) {
  %rows, %offsets = dither.list_rows %m : tensor<12x4xi1> -> tensor<20xi8>, tensor<5xi32>
  return %rows, %offsets : tensor<20xi8>, tensor<5xi32>
}

// Rows are replaced in the tensor itself.
// REMARK: Function=replace | kept=1
// CHECK-LABEL: @replace
// CHECK-SAME: (%[[U:.*]]: tensor<3x4xf32>, %[[X:.*]]: tensor<9x4xf32>, %[[AT:.*]]: tensor<3xi32>)
// CHECK: dither.on_device "dither.scatter"(%[[U]], %[[AT]] : tensor<3x4xf32>, tensor<3xi32>) into(%[[X]] : tensor<9x4xf32>) {updates} -> tensor<9x4xf32>
func.func @replace(%u: tensor<3x4xf32>, %x: tensor<9x4xf32>, %at: tensor<3xi32>) -> tensor<9x4xf32> {
  %y = dither.scatter %u into %x at %at : tensor<3x4xf32>, tensor<9x4xf32>, tensor<3xi32>
  return %y : tensor<9x4xf32>
}

// REMARK: Function=sum | kept=1
// CHECK-LABEL: @sum
// CHECK: dither.on_device "dither.scatter_add"(%arg0, %arg2 : tensor<3x2x4xbf16>, tensor<3x2xi32>) into(%arg1 : tensor<9x4xbf16>) {updates} -> tensor<9x4xbf16>
func.func @sum(%u: tensor<3x2x4xbf16>, %x: tensor<9x4xbf16>, %at: tensor<3x2xi32>) -> tensor<9x4xbf16> {
  %y = dither.scatter_add %u into %x at %at : tensor<3x2x4xbf16>, tensor<9x4xbf16>, tensor<3x2xi32>
  return %y : tensor<9x4xbf16>
}

// Kernels are made for known shapes, and of nothing there is no launch.
// CHECK-LABEL: @sum_of_any
// CHECK-NOT: on_device
func.func @sum_of_any(%u: tensor<?x4xf32>, %x: tensor<9x4xf32>, %at: tensor<?xi32>) -> tensor<9x4xf32> {
  %y = dither.scatter_add %u into %x at %at : tensor<?x4xf32>, tensor<9x4xf32>, tensor<?xi32>
  return %y : tensor<9x4xf32>
}

// REMARK-NOT: kept
// CHECK-LABEL: @sum_of_none
// CHECK-NOT: on_device
func.func @sum_of_none(%u: tensor<0x4xf32>, %x: tensor<9x4xf32>, %at: tensor<0xi32>) -> tensor<9x4xf32> {
  %y = dither.scatter_add %u into %x at %at : tensor<0x4xf32>, tensor<9x4xf32>, tensor<0xi32>
  return %y : tensor<9x4xf32>
}
