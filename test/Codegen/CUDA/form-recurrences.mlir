// RUN: dither-opt %s --dither-form-kernels --canonicalize --cse | FileCheck %s
// RUN: dither-opt %s --dither-form-kernels --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

#all = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>

// A linear function of the state: lanes exchange its factor and what it adds, which are one such function after another. The state is the latter one.
// REMARK: Function=linear | kept=0, kernels=1, products=0, serial=0, warps=1
// CHECK-LABEL: @linear
// CHECK: scf.for %{{.*}} = %c0 to %c100 step %c32 iter_args(%{{.*}} = %{{.*}}, %[[BEFORE:.*]] = %{{.*}}) -> (f32, f32)
// CHECK: gpu.shuffle up
// CHECK: gpu.shuffle up
// CHECK: gpu.shuffle idx
// CHECK: gpu.shuffle idx
// A factor that has overflowed is no infinity where the state is 0.
// CHECK: %[[PRODUCT:.*]] = arith.mulf %{{.*}}, %[[BEFORE]] : f32
// CHECK: arith.cmpf uno, %[[PRODUCT]], %[[PRODUCT]]
// CHECK: arith.cmpf oeq, %[[BEFORE]]
// CHECK: arith.select %{{.*}}, %{{.*}}, %[[PRODUCT]]
// CHECK: memref.store %{{.*}}, %arg3
func.func @linear(%a: memref<9x100xf32>, %b: memref<9x100xf32>, %last: memref<9xf32>, %h: memref<9x100xf32>) {
  linalg.generic {indexing_maps = [#all, #all, #row, #all], iterator_types = ["parallel", "reduction"]}
      ins(%a, %b : memref<9x100xf32>, memref<9x100xf32>) outs(%last, %h : memref<9xf32>, memref<9x100xf32>) {
  ^bb0(%factor: f32, %added: f32, %before: f32, %old: f32):
    %kept = arith.mulf %factor, %before : f32
    %next = arith.addf %kept, %added : f32
    linalg.yield %next, %next : f32, f32
  }
  return
}

// log(exp(before) + exp(x)) is combined by what it is made of. What comes before an element is stored.
// REMARK: Function=exponentials | kept=0, kernels=1, products=0, serial=0, warps=1
// CHECK-LABEL: @exponentials
// CHECK: %[[NOTHING:.*]] = arith.constant 0xFF800000 : f32
// CHECK: scf.for %{{.*}} = %c0 to %c100 step %c32 iter_args(%[[BEFORE:.*]] = %{{.*}}) -> (f32)
// CHECK: gpu.shuffle up
// CHECK: math.exp
// CHECK: math.log
// CHECK: gpu.shuffle up
func.func @exponentials(%x: memref<9x100xf32>, %last: memref<9xf32>, %y: memref<9x100xf32>) {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<9x100xf32>) outs(%last, %y : memref<9xf32>, memref<9x100xf32>) {
  ^bb0(%a: f32, %before: f32, %old: f32):
    %equal = arith.cmpf oeq, %a, %before : f32
    %difference = arith.subf %a, %before : f32
    %distance = math.absf %difference : f32
    %negated = arith.negf %distance : f32
    %exponent = arith.select %equal, %zero, %negated : f32
    %exponential = math.exp %exponent : f32
    %both = arith.addf %exponential, %one : f32
    %larger = arith.maximumf %before, %a : f32
    %log = math.log %both : f32
    %next = arith.addf %larger, %log : f32
    linalg.yield %next, %before : f32, f32
  }
  return
}
