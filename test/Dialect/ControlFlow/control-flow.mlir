// RUN: dither-opt %s | dither-opt | FileCheck %s
// RUN: dither-opt %s --canonicalize | FileCheck %s --check-prefix=CANON

// CHECK-LABEL: @scan
// CHECK: %[[R:.*]]:2 = dither.for carry(%arg0) over(%arg1) {reverse} : (tensor<?xf32>, tensor<8xf32>) -> (tensor<?xf32>, tensor<8x?xf32>)
// CHECK: ^bb0(%[[I:.*]]: tensor<i64>, %[[A:.*]]: tensor<?xf32>, %[[ROW:.*]]: tensor<f32>):
// CHECK: dither.yield %{{.*}}, %[[A]] : tensor<?xf32>, tensor<?xf32>
func.func @scan(%x: tensor<?xf32>, %rows: tensor<8xf32>) -> (tensor<?xf32>, tensor<8x?xf32>) {
  %h, %all = dither.for carry(%x) over(%rows) {reverse} : (tensor<?xf32>, tensor<8xf32>) -> (tensor<?xf32>, tensor<8x?xf32>) {
  ^bb0(%i: tensor<i64>, %a: tensor<?xf32>, %row: tensor<f32>):
    %b = dither.add %a, %row : tensor<?xf32>, tensor<f32>
    dither.yield %b, %a : tensor<?xf32>, tensor<?xf32>
  }
  return %h, %all : tensor<?xf32>, tensor<8x?xf32>
}

// Stacks that nobody reads, carried values that make nothing else, and rows that no run reads are dropped.
// CANON-LABEL: @unused
// CANON: dither.for carry(%arg0) {trips = 8 : i64} : (tensor<4xf32>) -> tensor<4xf32>
func.func @unused(%x: tensor<4xf32>, %y: tensor<4xf32>, %rows: tensor<8xf32>) -> tensor<4xf32> {
  %h, %g, %all = dither.for carry(%x, %y) over(%rows) : (tensor<4xf32>, tensor<4xf32>, tensor<8xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<8x4xf32>) {
  ^bb0(%i: tensor<i64>, %a: tensor<4xf32>, %b: tensor<4xf32>, %row: tensor<f32>):
    %c = dither.exp %a : tensor<4xf32>
    dither.yield %c, %b, %c : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
  }
  return %h : tensor<4xf32>
}

// Rows that tell the number of runs stay.
// CANON-LABEL: @counted
// CANON: dither.for carry(%arg0) over(%arg1) : (tensor<4xf32>, tensor<?xf32>)
func.func @counted(%x: tensor<4xf32>, %rows: tensor<?xf32>) -> tensor<4xf32> {
  %h = dither.for carry(%x) over(%rows) : (tensor<4xf32>, tensor<?xf32>) -> tensor<4xf32> {
  ^bb0(%i: tensor<i64>, %a: tensor<4xf32>, %row: tensor<f32>):
    %c = dither.exp %a : tensor<4xf32>
    dither.yield %c : tensor<4xf32>
  }
  return %h : tensor<4xf32>
}

// CHECK-LABEL: @halve
// CHECK: dither.while carry(%arg0) {max_trips = 16 : i64} : tensor<f32>
// CHECK: } do {
func.func @halve(%x: tensor<f32>) -> tensor<f32> {
  %y = dither.while carry(%x) {max_trips = 16 : i64} : tensor<f32> {
  ^bb0(%a: tensor<f32>):
    %one = dither.constant dense<1.0> : tensor<f32>
    %c = dither.compare gt %a, %one : tensor<f32>, tensor<f32>
    dither.yield %c : tensor<i1>
  } do {
  ^bb0(%a: tensor<f32>):
    %half = dither.constant dense<0.5> : tensor<f32>
    %b = dither.mul %a, %half : tensor<f32>, tensor<f32>
    dither.yield %b : tensor<f32>
  }
  return %y : tensor<f32>
}

// CHECK-LABEL: @choose
// CHECK: %[[Y:.*]]:2 = dither.cond %arg0 -> tensor<4xf32>, tensor<4xf32> {
// CHECK: } else {
// The second result has no reader.
// CANON-LABEL: @choose
// CANON: dither.cond %arg0 -> tensor<4xf32> {
func.func @choose(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %y:2 = dither.cond %c -> tensor<4xf32>, tensor<4xf32> {
    %a = dither.exp %x : tensor<4xf32>
    dither.yield %a, %x : tensor<4xf32>, tensor<4xf32>
  } else {
    dither.yield %x, %x : tensor<4xf32>, tensor<4xf32>
  }
  return %y#0 : tensor<4xf32>
}

// CANON-LABEL: @known
// CANON-NEXT: %[[E:.*]] = dither.exp %arg0
// CANON-NEXT: return %[[E]]
func.func @known(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = dither.constant dense<true> : tensor<i1>
  %y = dither.cond %c -> tensor<4xf32> {
    %a = dither.exp %x : tensor<4xf32>
    dither.yield %a : tensor<4xf32>
  } else {
    dither.yield %x : tensor<4xf32>
  }
  return %y : tensor<4xf32>
}
