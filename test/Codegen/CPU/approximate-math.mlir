// RUN: dither-opt %s --dither-approximate-math | FileCheck %s

// No call remains, and what is not finite stays out of the reduction to an integer.
// CHECK-LABEL: @sine
// CHECK-SAME: (%[[X:.*]]: f32)
// CHECK: %[[NONE:.*]] = arith.subf %[[X]], %[[X]]
// CHECK: %[[INFINITE:.*]] = arith.cmpf uno, %[[NONE]], %[[NONE]]
// CHECK: %[[Y:.*]] = arith.select %[[INFINITE]], %[[NONE]], %{{.*}}
// CHECK: return %[[Y]]
func.func @sine(%x: f32) -> f32 {
  %y = math.sin %x : f32
  return %y : f32
}

// CHECK-LABEL: @exponential
// CHECK-NOT: math.exp
func.func @exponential(%x: vector<16xf32>) -> vector<16xf32> {
  %y = math.exp %x : vector<16xf32>
  return %y : vector<16xf32>
}

// libm has it.
// CHECK-LABEL: @double
// CHECK: math.exp
func.func @double(%x: f64) -> f64 {
  %y = math.exp %x : f64
  return %y : f64
}

// CHECK-LABEL: @narrow
// CHECK: %[[WIDE:.*]] = arith.sitofp %{{.*}} : i32 to f32
// CHECK: arith.truncf %[[WIDE]] : f32 to bf16
func.func @narrow(%x: i32) -> bf16 {
  %y = arith.sitofp %x : i32 to bf16
  return %y : bf16
}


// LLVM would take elements one by one.
// CHECK-LABEL: @root
// CHECK: %[[WIDE:.*]] = arith.extf %{{.*}} : vector<16xf16> to vector<16xf32>
// CHECK: %[[ROOT:.*]] = math.sqrt %[[WIDE]] : vector<16xf32>
// CHECK: arith.truncf %[[ROOT]] : vector<16xf32> to vector<16xf16>
func.func @root(%x: vector<16xf16>) -> vector<16xf16> {
  %y = math.sqrt %x : vector<16xf16>
  return %y : vector<16xf16>
}

// To odd, then to the nearest: once in all. LLVM would call a library.
// CHECK-LABEL: @twice
// CHECK-SAME: (%[[X:.*]]: f64)
// CHECK: %[[NEAREST:.*]] = arith.truncf %[[X]] : f64 to f32
// CHECK: %[[BACK:.*]] = arith.extf %[[NEAREST]] : f32 to f64
// CHECK: %[[INEXACT:.*]] = arith.cmpf one, %[[BACK]], %[[X]]
// CHECK: %[[BITS:.*]] = arith.bitcast %[[NEAREST]] : f32 to i32
// CHECK: %[[ODD:.*]] = arith.ori
// CHECK: arith.select %[[INEXACT]], %[[ODD]], %[[BITS]]
// CHECK: arith.truncf %{{.*}} : f32 to f16
func.func @twice(%x: f64) -> f16 {
  %y = arith.truncf %x : f64 to f16
  return %y : f16
}

// Nothing is between these.
// CHECK-LABEL: @once
// CHECK-NEXT: arith.truncf %{{.*}} : f64 to f32
// CHECK-NEXT: arith.truncf %{{.*}} : f32 to f16
func.func @once(%x: f64, %y: f32) -> (f32, f16) {
  %a = arith.truncf %x : f64 to f32
  %b = arith.truncf %y : f32 to f16
  return %a, %b : f32, f16
}
