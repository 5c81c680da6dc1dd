// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @concat
func.func @concat(%a: tensor<?x3xf32>, %b: tensor<?x5xf32>) -> tensor<?x11xf32> {
  // CHECK: dither.concat %arg0, %arg1, %arg0 {dim = 1 : i64} : tensor<?x3xf32>, tensor<?x5xf32>, tensor<?x3xf32>
  %y = dither.concat %a, %b, %a {dim = 1 : i64} : tensor<?x3xf32>, tensor<?x5xf32>, tensor<?x3xf32>
  return %y : tensor<?x11xf32>
}

// CHECK-LABEL: @pad
func.func @pad(%x: tensor<?x8xf32>, %i: tensor<4xi8>) -> (tensor<?x11xf32>, tensor<5xi8>) {
  // CHECK: dither.pad %arg0 {high = array<i64: 0, 2>, low = array<i64: 0, 1>} : tensor<?x8xf32>
  %y = dither.pad %x {low = array<i64: 0, 1>, high = array<i64: 0, 2>} : tensor<?x8xf32>
  // CHECK: dither.pad %arg1 {high = array<i64: 1>, low = array<i64: 0>, value = -1.280000e+02 : f64} : tensor<4xi8>
  %z = dither.pad %i {low = array<i64: 0>, high = array<i64: 1>, value = -128.0 : f64} : tensor<4xi8>
  return %y, %z : tensor<?x11xf32>, tensor<5xi8>
}

// CHECK-LABEL: @order
func.func @order(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK: dither.reverse %arg0 {dims = array<i64: 1>} : tensor<?x8xf32>
  %y = dither.reverse %x {dims = array<i64: 1>} : tensor<?x8xf32>
  // CHECK: dither.roll %{{.*}} {dims = array<i64: 1>, shifts = array<i64: -3>} : tensor<?x8xf32>
  %z = dither.roll %y {shifts = array<i64: -3>, dims = array<i64: 1>} : tensor<?x8xf32>
  return %z : tensor<?x8xf32>
}

// CHECK-LABEL: @counts
func.func @counts(%x: tensor<?x8xf32>) -> (tensor<?x24xf32>, tensor<?x3xf32>, tensor<?x0xf32>, tensor<?x5xf32>) {
  // CHECK: dither.repeat %arg0 {counts = array<i64: 1, 3>} : tensor<?x8xf32>
  %y = dither.repeat %x {counts = array<i64: 1, 3>} : tensor<?x8xf32>
  // CHECK: %{{.*}}:3 = dither.split %arg0 {dim = 1 : i64, sizes = array<i64: 3, 0, 5>} : tensor<?x8xf32>
  %a, %b, %c = dither.split %x {dim = 1 : i64, sizes = array<i64: 3, 0, 5>} : tensor<?x8xf32>
  return %y, %a, %b, %c : tensor<?x24xf32>, tensor<?x3xf32>, tensor<?x0xf32>, tensor<?x5xf32>
}
