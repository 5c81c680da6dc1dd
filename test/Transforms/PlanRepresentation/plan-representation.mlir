// RUN: dither-opt %s --dither-plan-representation | FileCheck %s
// RUN: dither-opt %s --dither-plan-representation --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// REMARK: Function=packed | integer=0, packed=1, sampled=0, unpacked=0
// CHECK-LABEL: @packed
// CHECK-NEXT: dither.packed_matmul %arg0, %arg1, %arg2, %arg3
// CHECK-SAME: dense = tensor<64x10xf32>
// CHECK-SAME: format = #dither.minifloat<e2m1, group = 32, scale = e8m0>
// CHECK-SAME: pattern = #dither.nm<2 : 4>
// CHECK-NEXT: return
func.func @packed(%x: tensor<?x64xf32>, %codes: tensor<16x16xi8>, %indices: tensor<8x16xi8>, %scales: tensor<2x10xi8>) -> tensor<?x10xf32> {
  %w = dither.unpack %codes, %indices, %scales {pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
    : tensor<16x16xi8>, tensor<8x16xi8>, tensor<2x10xi8> -> tensor<64x10xf32>
  %y = dither.matmul %x, %w : tensor<?x64xf32>, tensor<64x10xf32>
  return %y : tensor<?x10xf32>
}

// Who else reads the matrix gets it unpacked; its transpose is multiplied packed, too.
// REMARK: Function=shared | integer=0, packed=3, sampled=0, unpacked=0
// CHECK-LABEL: @shared
// CHECK-NEXT: %[[W:.*]] = dither.unpack
// CHECK-NEXT: %[[Y:.*]] = dither.packed_matmul %arg0, %arg1, %arg2
// CHECK-NEXT: %[[Z:.*]] = dither.packed_matmul %[[Y]], %arg1, %arg2 {{.*}}transpose_w
// CHECK-NEXT: dither.packed_matmul %[[Z]], %arg1, %arg2
// CHECK-NEXT: dither.neg %[[W]]
func.func @shared(%x: tensor<1x8xf32>, %codes: tensor<4x3xi8>, %scales: tensor<1x3xf32>) -> (tensor<1x3xf32>, tensor<1x3xf32>, tensor<8x3xf32>) {
  %w = dither.unpack %codes, %scales {format = #dither.int<bits = 4>} : tensor<4x3xi8>, tensor<1x3xf32> -> tensor<8x3xf32>
  %y = dither.matmul %x, %w : tensor<1x8xf32>, tensor<8x3xf32>
  %z = dither.matmul %y, %w {transpose_y} : tensor<1x3xf32>, tensor<8x3xf32>
  %u = dither.matmul %z, %w : tensor<1x8xf32>, tensor<8x3xf32>
  %v = dither.neg %w : tensor<8x3xf32>
  return %y, %u, %v : tensor<1x3xf32>, tensor<1x3xf32>, tensor<8x3xf32>
}

// Neighbouring columns lie in the lanes of a register, and a pattern along them would mix the lanes.
// REMARK: Function=columns | integer=0, packed=0, sampled=0, unpacked=1
// CHECK-LABEL: @columns
// CHECK: dither.matmul {{.*}} {dither.fallback = "the pattern lies along the columns, across the lanes of a register"}
func.func @columns(%x: tensor<1x8xf32>, %values: tensor<8x2xf32>, %indices: tensor<8x1xi8>) -> tensor<1x4xf32> {
  %w = dither.unpack %values, %indices {pattern = #dither.nm<2 : 4, dim = 1>} : tensor<8x2xf32>, tensor<8x1xi8> -> tensor<8x4xf32>
  %y = dither.matmul %x, %w : tensor<1x8xf32>, tensor<8x4xf32>
  return %y : tensor<1x4xf32>
}

// CHECK-LABEL: @scales
// CHECK: dither.matmul {{.*}} {dither.fallback = "a group of the pattern would need two scales"}
func.func @scales(%x: tensor<1x8xf32>, %codes: tensor<1x4xi8>, %indices: tensor<1x4xi8>, %scales: tensor<4x4xf32>) -> tensor<1x4xf32> {
  %w = dither.unpack %codes, %indices, %scales {pattern = #dither.nm<1 : 4>, format = #dither.int<bits = 4, group = 2>}
    : tensor<1x4xi8>, tensor<1x4xi8>, tensor<4x4xf32> -> tensor<8x4xf32>
  %y = dither.matmul %x, %w : tensor<1x8xf32>, tensor<8x4xf32>
  return %y : tensor<1x4xf32>
}

// CHECK-LABEL: @wide
// CHECK: dither.matmul {{.*}} {dither.fallback = "elements are not f32"}
func.func @wide(%x: tensor<1x8xf64>, %values: tensor<4x4xf64>, %indices: tensor<1x4xi8>) -> tensor<1x4xf64> {
  %w = dither.unpack %values, %indices {pattern = #dither.nm<2 : 4>} : tensor<4x4xf64>, tensor<1x4xi8> -> tensor<8x4xf64>
  %y = dither.matmul %x, %w : tensor<1x8xf64>, tensor<8x4xf64>
  return %y : tensor<1x4xf64>
}

// Rows that have scales of their own: x is multiplied by them first, and what is left are signs.
// CHECK-LABEL: @rows
// CHECK-DAG: %[[WIDE:.*]] = dither.cast %arg3 : tensor<64x1xf16> to tensor<64x1xf32>
// CHECK: %[[ROW:.*]] = dither.reshape %[[WIDE]] : tensor<64x1xf32> to tensor<1x64xf32>
// CHECK: %[[X:.*]] = dither.mul %arg0, %[[ROW]]
// CHECK: dither.packed_matmul %[[X]], %arg1, %arg2 {dense = tensor<64x64xf32>, format = #dither.sign<scale = f16>}
func.func @rows(%x: tensor<?x64xf32>, %codes: tensor<8x64xi8>, %scales: tensor<1x64xf16>, %rows: tensor<64x1xf16>) -> tensor<?x64xf32> {
  %w = dither.unpack %codes, %scales, %rows {format = #dither.onebit<scale = f16>} : tensor<8x64xi8>, tensor<1x64xf16>, tensor<64x1xf16> -> tensor<64x64xf32>
  %y = dither.matmul %x, %w : tensor<?x64xf32>, tensor<64x64xf32>
  return %y : tensor<?x64xf32>
}

// Codes of x know nothing of them.
// CHECK-LABEL: @rows_and_codes
// CHECK: dither.packed_matmul
// CHECK-SAME: dither.fallback = "rows of the weights have scales of their own; represent the product of x with them"
func.func @rows_and_codes(%x: tensor<?x64xf32>, %codes: tensor<8x64xi8>, %scales: tensor<1x64xf16>, %rows: tensor<64x1xf16>) -> tensor<?x64xf32> {
  %w = dither.unpack %codes, %scales, %rows {format = #dither.onebit<scale = f16>} : tensor<8x64xi8>, tensor<1x64xf16>, tensor<64x1xf16> -> tensor<64x64xf32>
  %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<?x64xf32>
  %y = dither.matmul %q, %w : tensor<?x64xf32>, tensor<64x64xf32>
  return %y : tensor<?x64xf32>
}

// Nothing is packed: no remark, no change.
// REMARK-NOT: Function=dense
// CHECK-LABEL: @dense
// CHECK-NEXT: dither.matmul %arg0, %arg1 : tensor<?x8xf32>, tensor<8x3xf32>
func.func @dense(%x: tensor<?x8xf32>, %w: tensor<8x3xf32>) -> tensor<?x3xf32> {
  %y = dither.matmul %x, %w : tensor<?x8xf32>, tensor<8x3xf32>
  return %y : tensor<?x3xf32>
}

// Eight bits for each row of x let the product multiply codes; what the offset 8 of the weights' codes adds is where sums start from.
// REMARK: Function=integer | integer=1, packed=1, sampled=0, unpacked=0
// CHECK-LABEL: @integer
// CHECK: %[[CODES:.*]], %[[SCALES:.*]] = dither.quantize #dither.int<bits = 8, dim = 1> %arg0
// CHECK: %[[X:.*]] = dither.sub %[[CODES]], %{{.*}} : tensor<?x64xi8>, tensor<i8>
// CHECK: dither.cast %[[X]]
// CHECK: dither.reshape {{.*}} to tensor<?x2x32xi32>
// CHECK: %[[SUMS:.*]] = dither.reduce sum
// CHECK: dither.constant dense<-8>
// CHECK: %[[STARTS:.*]] = dither.mul %[[SUMS]]
// CHECK: dither.packed_matmul %[[X]], %arg1, %arg2 activations(%[[SCALES]], %[[STARTS]] : tensor<?x1xf32>, tensor<?x2xi32>)
func.func @integer(%x: tensor<?x64xf32>, %codes: tensor<32x64xi8>, %scales: tensor<2x64xf32>) -> tensor<?x64xf32> {
  %w = dither.unpack %codes, %scales {format = #dither.int<bits = 4, group = 32>} : tensor<32x64xi8>, tensor<2x64xf32> -> tensor<64x64xf32>
  %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<?x64xf32>
  %y = dither.matmul %q, %w : tensor<?x64xf32>, tensor<64x64xf32>
  return %y : tensor<?x64xf32>
}

// Activations may be given as such codes.
// CHECK-LABEL: @given
// CHECK-NOT: dither.quantize
// CHECK: %[[X:.*]] = dither.sub %arg0, %{{.*}} : tensor<?x64xi8>, tensor<i8>
// CHECK: dither.packed_matmul %[[X]], %arg2, %arg3 activations(%arg1, %{{.*}} : tensor<?x1xf32>, tensor<?x2xi32>)
func.func @given(%x: tensor<?x64xi8>, %xs: tensor<?x1xf32>, %codes: tensor<32x64xi8>, %scales: tensor<2x64xf32>) -> tensor<?x64xf32> {
  %w = dither.unpack %codes, %scales {format = #dither.int<bits = 4, group = 32>} : tensor<32x64xi8>, tensor<2x64xf32> -> tensor<64x64xf32>
  %q = dither.dequantize #dither.int<bits = 8, dim = 1> %x, %xs : tensor<?x64xi8>, tensor<?x1xf32> -> tensor<?x64xf32>
  %y = dither.matmul %q, %w : tensor<?x64xf32>, tensor<64x64xf32>
  return %y : tensor<?x64xf32>
}

// Kernels round weights to the 16 bits of x, but where code for that would be too long; f64 is no such type.
// CHECK-LABEL: @rounded
// CHECK: %[[W:.*]] = dither.unpack
// CHECK: dither.packed_matmul %arg0, %arg2, %arg3 {{.*}} : tensor<?x64xbf16>
// CHECK: %[[LONG:.*]] = dither.cast %[[W]]
// CHECK: dither.matmul %arg1, %[[LONG]] {dither.fallback = "no kernel decodes these weights and rounds them to f64"} : tensor<?x64xf64>
func.func @rounded(%x: tensor<?x64xbf16>, %wide: tensor<?x64xf64>, %codes: tensor<32x64xi8>, %scales: tensor<2x64xf32>)
    -> (tensor<?x64xbf16>, tensor<?x64xf64>) {
  %w = dither.unpack %codes, %scales {format = #dither.int<bits = 4, group = 32>} : tensor<32x64xi8>, tensor<2x64xf32> -> tensor<64x64xf32>
  %short = dither.cast %w : tensor<64x64xf32> to tensor<64x64xbf16>
  %y = dither.matmul %x, %short : tensor<?x64xbf16>, tensor<64x64xbf16>
  %long = dither.cast %w : tensor<64x64xf32> to tensor<64x64xf64>
  %z = dither.matmul %wide, %long : tensor<?x64xf64>, tensor<64x64xf64>
  return %y, %z : tensor<?x64xbf16>, tensor<?x64xf64>
}
// CHECK-LABEL: @large_group
// CHECK: dither.unpack
// CHECK: dither.matmul {{.*}} {dither.fallback = "no kernel decodes these weights and rounds them to bf16"}
func.func @large_group(%x: tensor<?x64xbf16>, %values: tensor<28x64xf32>, %indices: tensor<20x64xi8>) -> tensor<?x64xbf16> {
  %w = dither.unpack %values, %indices {pattern = #dither.nm<14 : 32>} : tensor<28x64xf32>, tensor<20x64xi8> -> tensor<64x64xf32>
  %short = dither.cast %w : tensor<64x64xf32> to tensor<64x64xbf16>
  %y = dither.matmul %x, %short : tensor<?x64xbf16>, tensor<64x64xbf16>
  return %y : tensor<?x64xbf16>
}

// Where integers cannot be multiplied, the product says why, and decodes to f32.
// CHECK-LABEL: @not_integer
// CHECK: dither.packed_matmul {{.*}} {dense = tensor<64x5xf32>, dither.fallback = "so small a matrix has no words of codes, which would pad it too much"
// CHECK: dither.packed_matmul {{.*}} {dense = tensor<64x64xf32>, dither.fallback = "the codes of the weights are no integers of 8 bits"
// CHECK: dither.packed_matmul {{.*}} dither.fallback = "the representation of x is not integers of 8 bits with an f32 scale for each row"
func.func @not_integer(%x: tensor<?x64xf32>, %few: tensor<32x5xi8>, %fewScales: tensor<1x5xf32>, %codes: tensor<64x64xi8>, %scales: tensor<1x64xf32>)
    -> (tensor<?x5xf32>, tensor<?x64xf32>, tensor<?x64xf32>) {
  %v = dither.unpack %few, %fewScales {format = #dither.int<bits = 4>} : tensor<32x5xi8>, tensor<1x5xf32> -> tensor<64x5xf32>
  %w = dither.unpack %codes, %scales {format = #dither.minifloat<e4m3>} : tensor<64x64xi8>, tensor<1x64xf32> -> tensor<64x64xf32>
  %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<?x64xf32>
  %r = dither.represent %x {format = #dither.int<bits = 4, dim = 1>} : tensor<?x64xf32>
  %y = dither.matmul %q, %v : tensor<?x64xf32>, tensor<64x5xf32>
  %z = dither.matmul %q, %w : tensor<?x64xf32>, tensor<64x64xf32>
  %u = dither.matmul %r, %w : tensor<?x64xf32>, tensor<64x64xf32>
  return %y, %z, %u : tensor<?x5xf32>, tensor<?x64xf32>, tensor<?x64xf32>
}

// A scale for each row of the matrix cannot multiply sums along it.
// CHECK-LABEL: @scaled_rows
// CHECK: dither.matmul {{.*}} {dither.fallback = "the groups of the format lie along the columns, as of activations"}
func.func @scaled_rows(%x: tensor<?x8xf32>, %codes: tensor<8x4xi8>, %scales: tensor<8x1xf32>) -> tensor<?x4xf32> {
  %w = dither.unpack %codes, %scales {format = #dither.int<bits = 8, dim = 1>} : tensor<8x4xi8>, tensor<8x1xf32> -> tensor<8x4xf32>
  %y = dither.matmul %x, %w : tensor<?x8xf32>, tensor<8x4xf32>
  return %y : tensor<?x4xf32>
}

// Listed values are multiplied forward and backward as they are, and of a product that is sampled no other elements are computed.
// REMARK: Function=listed | integer=0, packed=2, sampled=1, unpacked=0
// CHECK-LABEL: @listed
// CHECK-NEXT: dither.packed_matmul %arg0, %arg2, %arg3, %arg4 {dense = tensor<8x3xf32>, pattern = #dither.unstructured<sparsity = 5.0
// CHECK-NEXT: dither.packed_matmul %arg1, %arg2, %arg3, %arg4 {dense = tensor<8x3xf32>, {{.*}}, transpose_w}
// CHECK-NEXT: dither.sampled_matmul %arg0, %arg1, %arg3, %arg4
// CHECK-NEXT: return
func.func @listed(%x: tensor<?x8xf32>, %dy: tensor<?x3xf32>, %v: tensor<12xf32>, %rows: tensor<12xi8>, %offsets: tensor<4xi32>)
    -> (tensor<?x3xf32>, tensor<?x8xf32>, tensor<12xf32>) {
  %w = dither.unpack %v, %rows, %offsets {pattern = #dither.unstructured<sparsity = 0.5>} : tensor<12xf32>, tensor<12xi8>, tensor<4xi32> -> tensor<8x3xf32>
  %y = dither.matmul %x, %w : tensor<?x8xf32>, tensor<8x3xf32>
  %dx = dither.matmul %dy, %w {transpose_y} : tensor<?x3xf32>, tensor<8x3xf32>
  %dw = dither.matmul %x, %dy {transpose_x} : tensor<?x8xf32>, tensor<?x3xf32>
  %dv = dither.sample %dw, %rows, %offsets {pattern = #dither.unstructured<sparsity = 0.5>} : tensor<8x3xf32>, tensor<12xi8>, tensor<4xi32> -> tensor<12xf32>
  return %y, %dx, %dv : tensor<?x3xf32>, tensor<?x8xf32>, tensor<12xf32>
}

// Blocks that a register holds whole are read as they are; narrower ones are unpacked. Their gradient is the dense one, sampled.
// CHECK-LABEL: @blocks
// CHECK: dither.packed_matmul %arg0, %arg2, %arg3
// CHECK: dither.matmul {{.*}} {dither.fallback = "only listed elements are computed alone", transpose_x}
// CHECK: dither.sample
func.func @blocks(%x: tensor<?x8xf32>, %dy: tensor<?x16xf32>, %v: tensor<4x16xf32>, %b: tensor<1x1xi8>) -> (tensor<?x16xf32>, tensor<4x16xf32>) {
  %w = dither.unpack %v, %b {pattern = #dither.block<4 x 16, sparsity = 0.5>} : tensor<4x16xf32>, tensor<1x1xi8> -> tensor<8x16xf32>
  %y = dither.matmul %x, %w : tensor<?x8xf32>, tensor<8x16xf32>
  %dw = dither.matmul %x, %dy {transpose_x} : tensor<?x8xf32>, tensor<?x16xf32>
  %dv = dither.sample %dw, %b {pattern = #dither.block<4 x 16, sparsity = 0.5>} : tensor<8x16xf32>, tensor<1x1xi8> -> tensor<4x16xf32>
  return %y, %dv : tensor<?x16xf32>, tensor<4x16xf32>
}

// CHECK-LABEL: @narrow
// CHECK: dither.matmul {{.*}} {dither.fallback = "a register would hold columns of several blocks, whose columns are no multiple of 16"}
func.func @narrow(%x: tensor<?x8xf32>, %v: tensor<4x16xf32>, %b: tensor<1x2xi8>) -> tensor<?x16xf32> {
  %w = dither.unpack %v, %b {pattern = #dither.block<4 x 8, sparsity = 0.5>} : tensor<4x16xf32>, tensor<1x2xi8> -> tensor<8x16xf32>
  %y = dither.matmul %x, %w : tensor<?x8xf32>, tensor<8x16xf32>
  return %y : tensor<?x16xf32>
}

// CHECK-LABEL: @across
// CHECK: dither.matmul {{.*}} {dither.fallback = "a block would lie across groups of the format"}
func.func @across(%x: tensor<?x12xf32>, %c: tensor<8x16xi8>, %b: tensor<1x1xi8>, %s: tensor<3x16xf32>) -> tensor<?x16xf32> {
  %w = dither.unpack %c, %b, %s {pattern = #dither.block<6 x 16, sparsity = 0.5>, format = #dither.int<bits = 8, group = 4>}
    : tensor<8x16xi8>, tensor<1x1xi8>, tensor<3x16xf32> -> tensor<12x16xf32>
  %y = dither.matmul %x, %w : tensor<?x12xf32>, tensor<12x16xf32>
  return %y : tensor<?x16xf32>
}

// CHECK-LABEL: @codes
// CHECK: dither.matmul {{.*}} {dither.fallback = "the elements of a list have no codes that a kernel decodes"}
func.func @codes(%x: tensor<?x8xf32>, %c: tensor<12xi8>, %r: tensor<12xi8>, %o: tensor<4xi32>, %s: tensor<1x3xf32>) -> tensor<?x3xf32> {
  %w = dither.unpack %c, %r, %o, %s {pattern = #dither.unstructured<sparsity = 0.5>, format = #dither.int<bits = 8>}
    : tensor<12xi8>, tensor<12xi8>, tensor<4xi32>, tensor<1x3xf32> -> tensor<8x3xf32>
  %y = dither.matmul %x, %w : tensor<?x8xf32>, tensor<8x3xf32>
  return %y : tensor<?x3xf32>
}

// No kernel computes some elements of groups: all of the product, and then those.
// CHECK-LABEL: @sampled_groups
// CHECK-NOT: dither.sampled_matmul
// CHECK: dither.matmul
// CHECK: dither.sample
func.func @sampled_groups(%x: tensor<?x8xf32>, %y: tensor<?x6xf32>, %i: tensor<1x6xi8>) -> tensor<4x6xf32> {
  %v = dither.sampled_matmul %x, %y, %i {pattern = #dither.nm<2 : 4>} : tensor<?x8xf32>, tensor<?x6xf32>, tensor<1x6xi8> -> tensor<4x6xf32>
  return %v : tensor<4x6xf32>
}

// Scales of the rows of a matrix are those of the columns of a product with its transpose.
// REMARK: Function=row_scales | integer=0, packed=1, sampled=0, unpacked=0
// CHECK-LABEL: @row_scales
// CHECK: %[[Y:.*]] = dither.packed_matmul %arg0, %arg1, %arg2 {{.*}}transpose_w
// CHECK: dither.mul %[[Y]]
func.func @row_scales(%x: tensor<2x4xf32>, %codes: tensor<1x4xi8>, %columns: tensor<1x4xf32>, %rows: tensor<8x1xf32>) -> tensor<2x8xf32> {
  %w = dither.unpack %codes, %columns, %rows {format = #dither.onebit<scale = f32>} : tensor<1x4xi8>, tensor<1x4xf32>, tensor<8x1xf32> -> tensor<8x4xf32>
  %y = dither.matmul %x, %w {transpose_y} : tensor<2x4xf32>, tensor<8x4xf32>
  return %y : tensor<2x8xf32>
}

// A block pattern has no kernel for its transpose, nor do codes of x.
// CHECK-LABEL: @transposed_blocks
// CHECK: dither.matmul {{.*}} {dither.fallback = "the transpose of blocks is multiplied dense", transpose_y}
func.func @transposed_blocks(%x: tensor<2x16xf32>, %values: tensor<4x16xf32>, %numbers: tensor<1x1xi8>) -> tensor<2x8xf32> {
  %w = dither.unpack %values, %numbers {pattern = #dither.block<4 x 16, sparsity = 0.5>} : tensor<4x16xf32>, tensor<1x1xi8> -> tensor<8x16xf32>
  %y = dither.matmul %x, %w {transpose_y} : tensor<2x16xf32>, tensor<8x16xf32>
  return %y : tensor<2x8xf32>
}
