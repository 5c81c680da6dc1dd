// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK: #dither.straight_through}
module attributes {test.a = #dither.straight_through} {}
// CHECK: #dither.straight_through<clip = 1.000000e+00 : f64>
module attributes {test.a = #dither.straight_through<clip = 1.0>} {}
// CHECK: #dither.few_bit<bits = 3>
module attributes {test.a = #dither.few_bit<bits = 3>} {}
// CHECK: #dither.wta_crs<ratio = 2.500000e-01 : f64, samples = 60000>
module attributes {test.a = #dither.wta_crs<ratio = 0.25, samples = 60000>} {}
// CHECK: #dither.sketch<ratio = 2.500000e-01 : f64, kind = rows>
module attributes {test.a = #dither.sketch<ratio = 0.25, kind = rows>} {}
// CHECK: #dither.sketch<ratio = 1.000000e-01 : f64, kind = gaussian>
module attributes {test.a = #dither.sketch<ratio = 0.1, kind = gaussian>} {}
