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
