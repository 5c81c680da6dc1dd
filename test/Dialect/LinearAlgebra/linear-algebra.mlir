// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK-LABEL: @triangular
func.func @triangular(%a: tensor<?x2x4x4xf32>, %b: tensor<?x2x4x3xf32>) -> tensor<?x2x4x3xf32> {
  // CHECK: dither.triangular_solve %arg0, %arg1 {transpose, unit_diagonal, upper} : tensor<?x2x4x4xf32>, tensor<?x2x4x3xf32>
  %x = dither.triangular_solve %a, %b {upper, transpose, unit_diagonal} : tensor<?x2x4x4xf32>, tensor<?x2x4x3xf32>
  return %x : tensor<?x2x4x3xf32>
}

// CHECK-LABEL: @factors
func.func @factors(%a: tensor<?x4x4xf64>, %c: tensor<6x4xf64>) -> (tensor<?x4x4xf64>, tensor<6x4xf64>, tensor<4x4xf64>) {
  // CHECK: dither.cholesky %arg0 : tensor<?x4x4xf64>
  %l = dither.cholesky %a : tensor<?x4x4xf64>
  // CHECK: %q, %r = dither.qr %arg1 : tensor<6x4xf64>
  %q, %r = dither.qr %c : tensor<6x4xf64>
  return %l, %q, %r : tensor<?x4x4xf64>, tensor<6x4xf64>, tensor<4x4xf64>
}

// CHECK-LABEL: @eigen
func.func @eigen(%a: tensor<?x4x4xf32>) -> (tensor<?x4xf32>, tensor<?x4x4xf32>, tensor<?x4x4xf32>) {
  // CHECK: %values, %vectors = dither.eigh %arg0 : tensor<?x4x4xf32>
  %values, %vectors = dither.eigh %a : tensor<?x4x4xf32>
  // CHECK: dither.inverse_root %arg0 {epsilon = 5.000000e-01 : f64, p = 4 : i64} : tensor<?x4x4xf32>
  %y = dither.inverse_root %a {p = 4 : i64, epsilon = 0.5 : f64} : tensor<?x4x4xf32>
  return %values, %vectors, %y : tensor<?x4xf32>, tensor<?x4x4xf32>, tensor<?x4x4xf32>
}

// CHECK-LABEL: @positive
func.func @positive(%a: tensor<4x4xf32>, %b: tensor<4x1xf32>) -> (tensor<4x1xf32>, tensor<4x4xf32>, tensor<f32>) {
  // CHECK: dither.solve %arg0, %arg1 : tensor<4x4xf32>, tensor<4x1xf32>
  %x = dither.solve %a, %b : tensor<4x4xf32>, tensor<4x1xf32>
  // CHECK: dither.inverse %arg0 : tensor<4x4xf32>
  %y = dither.inverse %a : tensor<4x4xf32>
  // CHECK: dither.log_det %arg0 : tensor<4x4xf32>
  %d = dither.log_det %a : tensor<4x4xf32>
  return %x, %y, %d : tensor<4x1xf32>, tensor<4x4xf32>, tensor<f32>
}
