// RUN: dither-opt %s | dither-opt | FileCheck %s

// CHECK: #dither.nm<2 : 4>
module attributes {test.a = #dither.nm<2 : 4>} {}
// CHECK: #dither.nm<1 : 8, dim = 1>
module attributes {test.a = #dither.nm<1 : 8, dim = 1>} {}
