// RUN: dither-opt %s | dither-opt | FileCheck %s

#mxfp4 = #dither.minifloat<e2m1, group = 32, scale = e8m0>

// CHECK-LABEL: @both
func.func @both(%x: tensor<64x256xf32>, %m: tensor<64x256xi1>) -> tensor<64x256xf32> {
  // CHECK: %{{.*}}:3 = dither.pack %{{.*}}, %{{.*}} {format = #dither.minifloat<e2m1, group = 32, scale = e8m0>, pattern = #dither.nm<2 : 4>}
  // CHECK-SAME: -> tensor<16x256xi8>, tensor<8x256xi8>, tensor<2x256xi8>
  %codes, %indices, %scales = dither.pack %x, %m {pattern = #dither.nm<2 : 4>, format = #mxfp4}
    : tensor<64x256xf32>, tensor<64x256xi1> -> tensor<16x256xi8>, tensor<8x256xi8>, tensor<2x256xi8>
  // CHECK: dither.unpack %{{.*}}, %{{.*}}, %{{.*}} {format
  %y = dither.unpack %codes, %indices, %scales {pattern = #dither.nm<2 : 4>, format = #mxfp4}
    : tensor<16x256xi8>, tensor<8x256xi8>, tensor<2x256xi8> -> tensor<64x256xf32>
  return %y : tensor<64x256xf32>
}

// CHECK-LABEL: @pattern_alone
func.func @pattern_alone(%x: tensor<64x256xf32>, %m: tensor<64x256xi1>) {
  // CHECK: dither.pack %{{.*}} -> tensor<32x256xf32>, tensor<8x256xi8>
  %values, %indices = dither.pack %x, %m {pattern = #dither.nm<2 : 4>}
    : tensor<64x256xf32>, tensor<64x256xi1> -> tensor<32x256xf32>, tensor<8x256xi8>
  return
}

// CHECK-LABEL: @format_alone
func.func @format_alone(%x: tensor<64x256xf32>) {
  // CHECK: dither.pack %{{.*}} -> tensor<32x256xi8>, tensor<2x256xi8>
  %codes, %scales = dither.pack %x {format = #mxfp4} : tensor<64x256xf32> -> tensor<32x256xi8>, tensor<2x256xi8>
  return
}

// CHECK-LABEL: @packed_matmul
func.func @packed_matmul(%x: tensor<?x64xf32>, %codes: tensor<32x256xi8>, %scales: tensor<2x256xi8>) {
  // CHECK: dither.packed_matmul %{{.*}}, %{{.*}}, %{{.*}} {dense = tensor<64x256xf32>
  %y = dither.packed_matmul %x, %codes, %scales {dense = tensor<64x256xf32>, format = #mxfp4}
    : tensor<?x64xf32>, tensor<32x256xi8>, tensor<2x256xi8> -> tensor<?x256xf32>
  return
}
