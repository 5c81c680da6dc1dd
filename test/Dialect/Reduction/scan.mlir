// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @scans
func.func @scans(%x: tensor<?x3xf32>, %n: tensor<5xi8>) -> tensor<?x3xf32> {
  // CHECK: dither.scan sum %arg0 {dim = 0 : i64} : tensor<?x3xf32>
  %0 = dither.scan sum %x {dim = 0 : i64} : tensor<?x3xf32>
  // CHECK: dither.scan product %{{.*}} {dim = 1 : i64, exclusive} : tensor<?x3xf32>
  %1 = dither.scan product %0 {dim = 1 : i64, exclusive} : tensor<?x3xf32>
  // CHECK: dither.scan max %arg1 {dim = 0 : i64, reverse} : tensor<5xi8>
  %2 = dither.scan max %n {dim = 0 : i64, reverse} : tensor<5xi8>
  // CHECK: dither.scan logsumexp %{{.*}} {dim = 1 : i64, exclusive, reverse} : tensor<?x3xf32>
  %3 = dither.scan logsumexp %1 {dim = 1 : i64, exclusive, reverse} : tensor<?x3xf32>
  return %3 : tensor<?x3xf32>
}

// CHECK-LABEL: @recurrences
func.func @recurrences(%a: tensor<4x?xf32>, %b: tensor<4x?xf32>) -> tensor<4x?xf32> {
  // CHECK: dither.recurrence %arg0, %arg1 {dim = 0 : i64} : tensor<4x?xf32>
  %0 = dither.recurrence %a, %b {dim = 0 : i64} : tensor<4x?xf32>
  // CHECK: dither.recurrence %arg0, %{{.*}} {dim = 1 : i64, exclusive, reverse} : tensor<4x?xf32>
  %1 = dither.recurrence %a, %0 {dim = 1 : i64, exclusive, reverse} : tensor<4x?xf32>
  return %1 : tensor<4x?xf32>
}
