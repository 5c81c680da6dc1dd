// RUN: dither-opt %s | dither-opt | FileCheck %s

#fp4 = #dither.minifloat<e2m1, group = 32>

// CHECK-LABEL: @mask
func.func @mask(%x: tensor<64x256xf32>) {
  // CHECK: dither.pattern_mask #dither.nm<2 : 4> %{{.*}} : tensor<64x256xf32>
  %m = dither.pattern_mask #dither.nm<2 : 4> %x : tensor<64x256xf32>
  // CHECK: dither.apply_mask %{{.*}}, %{{.*}} : tensor<64x256xf32>, tensor<64x256xi1>
  %0 = dither.apply_mask %x, %m : tensor<64x256xf32>, tensor<64x256xi1>
  // CHECK: dither.represent %{{.*}}, %{{.*}} {estimator = #dither.straight_through, format = #dither.minifloat<e2m1, group = 32>}
  %1 = dither.represent %x, %m {format = #fp4, estimator = #dither.straight_through}
    : tensor<64x256xf32>, tensor<64x256xi1>
  return
}

// CHECK-LABEL: @quantize
func.func @quantize(%x: tensor<64x256xf32>) -> tensor<64x256xf32> {
  // CHECK: dither.quantize #dither.minifloat<e2m1, group = 32> %{{.*}} : tensor<64x256xf32> -> tensor<64x256xi8>, tensor<2x256xf32>
  %codes, %scales = dither.quantize #fp4 %x : tensor<64x256xf32> -> tensor<64x256xi8>, tensor<2x256xf32>
  // CHECK: dither.dequantize #dither.minifloat<e2m1, group = 32> %{{.*}}, %{{.*}} : tensor<64x256xi8>, tensor<2x256xf32>
  %y = dither.dequantize #fp4 %codes, %scales : tensor<64x256xi8>, tensor<2x256xf32> -> tensor<64x256xf32>
  return %y : tensor<64x256xf32>
}

// CHECK-LABEL: @without_scales
func.func @without_scales(%x: tensor<64x256xi16>) -> tensor<64x256xf32> {
  // CHECK: dither.dequantize #dither.float16<bf16> %{{.*}} : tensor<64x256xi16> -> tensor<64x256xf32>
  %y = dither.dequantize #dither.float16<bf16> %x : tensor<64x256xi16> -> tensor<64x256xf32>
  return %y : tensor<64x256xf32>
}

// CHECK-LABEL: @bits
func.func @bits(%x: tensor<64x256xi8>) -> tensor<64x256xi8> {
  // CHECK: dither.pack_bits %{{.*}} {bits = 3 : i64, dim = 0 : i64} : tensor<64x256xi8> -> tensor<24x256xi8>
  %p = dither.pack_bits %x {bits = 3 : i64, dim = 0 : i64} : tensor<64x256xi8> -> tensor<24x256xi8>
  // CHECK: dither.unpack_bits %{{.*}} {bits = 3 : i64, dim = 0 : i64} : tensor<24x256xi8> -> tensor<64x256xi8>
  %u = dither.unpack_bits %p {bits = 3 : i64, dim = 0 : i64} : tensor<24x256xi8> -> tensor<64x256xi8>
  return %u : tensor<64x256xi8>
}
