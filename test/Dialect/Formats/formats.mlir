// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK: #dither.int<bits = 8>
module attributes {test.a = #dither.int<bits = 8>} {}
// CHECK: #dither.int<bits = 4, group = 32, scale = f16, affine = true>
module attributes {test.a = #dither.int<bits = 4, group = 32, scale = f16, affine = true>} {}
// CHECK: #dither.minifloat<e2m1, group = 32, scale = e8m0>
module attributes {test.a = #dither.minifloat<e2m1, group = 32, scale = e8m0>} {}
// CHECK: #dither.float16<bf16>
module attributes {test.a = #dither.float16<bf16>} {}
// CHECK: #dither.ternary<group = 32, scale = f16>
module attributes {test.a = #dither.ternary<group = 32, scale = f16>} {}
// CHECK: #dither.sign<group = -1>
module attributes {test.a = #dither.sign<group = -1>} {}
// CHECK: #dither.onebit<scale = f16>
module attributes {test.a = #dither.onebit<scale = f16>} {}
// CHECK: #dither.codebook<books = 2, index_bits = 8, scale = f16>
module attributes {test.a = #dither.codebook<books = 2, index_bits = 8, scale = f16>} {}
// CHECK: #dither.shift<bits = 3, scale = e8m0>
module attributes {test.a = #dither.shift<bits = 3, scale = e8m0>} {}
// CHECK: #dither.minifloat<e4m3>
module attributes {test.a = #dither.minifloat<e4m3>} {}
