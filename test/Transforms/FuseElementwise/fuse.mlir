// RUN: dither-opt %s --dither-to-linalg --canonicalize --dither-fuse-elementwise --canonicalize | FileCheck %s
// RUN: dither-opt %s --dither-to-linalg --canonicalize --dither-fuse-elementwise --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// REMARK: Function=chain | fused=2
// CHECK-LABEL: @chain
// CHECK: linalg.generic
// CHECK: %[[A:.*]] = math.exp %[[X:.*]] : f32
// CHECK-NEXT: %[[B:.*]] = arith.negf %[[A]]
// CHECK-NEXT: arith.mulf %[[B]], %[[X]]
// CHECK-NOT: linalg.generic
func.func @chain(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %a = dither.exp %x : tensor<?x3xf32>
  %b = dither.neg %a : tensor<?x3xf32>
  %c = dither.mul %b, %x : tensor<?x3xf32>, tensor<?x3xf32>
  return %c : tensor<?x3xf32>
}

// REMARK: Function=into_sum | fused=1
// CHECK-LABEL: @into_sum
// CHECK: linalg.generic {{.*}} ["parallel", "reduction"]
// CHECK: math.exp
// CHECK: arith.addf
// CHECK-NOT: linalg.generic
func.func @into_sum(%x: tensor<4x3xf32>) -> tensor<4xf32> {
  %a = dither.exp %x : tensor<4x3xf32>
  %b = dither.reduce sum %a {dims = array<i64: 1>} : tensor<4x3xf32>
  return %b : tensor<4xf32>
}

// A cheap op is done again for each row; @repeated below shows one that is not.
// REMARK: Function=broadcast | fused=1
// CHECK-LABEL: @broadcast
// CHECK: linalg.generic
// CHECK: arith.negf
// CHECK: arith.addf
// CHECK-NOT: linalg.generic
func.func @broadcast(%x: tensor<3xf32>, %y: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %a = dither.neg %x : tensor<3xf32>
  %b = dither.add %y, %a : tensor<4x3xf32>, tensor<3xf32>
  return %b : tensor<4x3xf32>
}

// A reshape is moved out of the way, also where the batch is dynamic.
// REMARK: Function=reshape | fused=1
// CHECK-LABEL: @reshape
// CHECK: tensor.expand_shape %arg0
// CHECK: linalg.generic
// CHECK: math.exp
// CHECK-NEXT: arith.negf
// CHECK-NOT: linalg.generic
func.func @reshape(%x: tensor<?x6xf32>) -> tensor<?x2x3xf32> {
  %a = dither.exp %x : tensor<?x6xf32>
  %b = dither.reshape %a : tensor<?x6xf32> to tensor<?x2x3xf32>
  %c = dither.neg %b : tensor<?x2x3xf32>
  return %c : tensor<?x2x3xf32>
}

// REMARK: Function=nothing | fused=1
// CHECK-LABEL: @nothing
// CHECK: linalg.generic {{.*}} ins(%arg0 : tensor<0x1xf32>)
// CHECK: math.exp
// CHECK-NEXT: arith.negf
// CHECK-NOT: linalg.generic
func.func @nothing(%x: tensor<0x1xf32>) -> tensor<0x1xf32> {
  %a = dither.exp %x : tensor<0x1xf32>
  %b = dither.neg %a : tensor<0x1xf32>
  return %b : tensor<0x1xf32>
}

// A comparison of all with all is made for both sums, and not stored.
// REMARK: Function=each_with_each | fused={{[1-9]}}
// CHECK-LABEL: @each_with_each
// CHECK-NOT: tensor<9x9xi1>
// CHECK: return
func.func @each_with_each(%x: tensor<9x1xf32>, %y: tensor<1x9xf32>) -> (tensor<9xf32>, tensor<9xf32>) {
  %c = dither.compare gt %y, %x : tensor<1x9xf32>, tensor<9x1xf32>
  %f = dither.cast %c : tensor<9x9xi1> to tensor<9x9xf32>
  %count = dither.reduce sum %f {dims = array<i64: 1>} : tensor<9x9xf32>
  %kept = dither.select %c, %y, %x : tensor<9x9xi1>, tensor<1x9xf32>, tensor<9x1xf32>
  %sum = dither.reduce sum %kept {dims = array<i64: 1>} : tensor<9x9xf32>
  return %count, %sum : tensor<9xf32>, tensor<9xf32>
}

// A mask of bytes is compared by each of its readers: none of them reads more than the mask, which need not be written.
// REMARK: Function=trivial | fused={{[1-9]}}
// CHECK-LABEL: @trivial
// CHECK-COUNT-2: arith.cmpi slt
// CHECK-NOT: tensor<9xi1>
// CHECK: return
func.func @trivial(%rank: tensor<9xi8>, %x: tensor<9xf32>, %y: tensor<9xf32>) -> (tensor<9xf32>, tensor<9xf32>) {
  %two = dither.constant dense<2> : tensor<i8>
  %mask = dither.compare lt %rank, %two : tensor<9xi8>, tensor<i8>
  %a = dither.select %mask, %x, %y : tensor<9xi1>, tensor<9xf32>, tensor<9xf32>
  %b = dither.select %mask, %y, %x : tensor<9xi1>, tensor<9xf32>, tensor<9xf32>
  return %a, %b : tensor<9xf32>, tensor<9xf32>
}

// Nothing to report of those that follow.
// REMARK-NOT: fused=

// Two consumers: to compute exp twice costs more than to keep it.
// CHECK-LABEL: @shared
// CHECK-COUNT-3: linalg.generic
// CHECK-NOT: linalg.generic
func.func @shared(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %a = dither.exp %x : tensor<4xf32>
  %b = dither.neg %a : tensor<4xf32>
  %c = dither.abs %a : tensor<4xf32>
  return %b, %c : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @repeated
// CHECK-COUNT-2: linalg.generic
// CHECK-NOT: linalg.generic
func.func @repeated(%x: tensor<3xf32>, %y: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %a = dither.exp %x : tensor<3xf32>
  %b = dither.add %y, %a : tensor<4x3xf32>, tensor<3xf32>
  return %b : tensor<4x3xf32>
}

// A sum is complete before what follows it.
// CHECK-LABEL: @out_of_sum
// CHECK: ["parallel", "reduction"]
// CHECK: ["parallel"]
func.func @out_of_sum(%x: tensor<4x3xf32>) -> tensor<4xf32> {
  %a = dither.reduce sum %x {dims = array<i64: 1>} : tensor<4x3xf32>
  %b = dither.exp %a : tensor<4xf32>
  return %b : tensor<4xf32>
}

// A product is a kernel of its own.
// CHECK-LABEL: @product
// CHECK: linalg.generic
// CHECK: dither.contract
// CHECK: linalg.generic
func.func @product(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %a = dither.exp %x : tensor<4x4xf32>
  %b = dither.matmul %a, %w : tensor<4x4xf32>, tensor<4x4xf32>
  %c = dither.neg %b : tensor<4x4xf32>
  return %c : tensor<4x4xf32>
}
