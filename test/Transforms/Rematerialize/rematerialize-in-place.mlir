// RUN: dither-opt %s --dither-rematerialize="budget=33000" | FileCheck %s

#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>

// What is written over is made again with what writes over it: no copy shares
// the zeros of another.
// CHECK-LABEL: @sums
// CHECK: linalg.fill
// CHECK: linalg.generic
// CHECK: linalg.exp
// CHECK: linalg.negf
// CHECK: %[[EMPTY:.*]] = tensor.empty()
// CHECK-NEXT: %[[ZEROS:.*]] = linalg.fill ins(%{{.*}}) outs(%[[EMPTY]]
// CHECK-NEXT: %[[SUMS:.*]] = linalg.generic {{.*}} outs(%[[ZEROS]]
// CHECK: linalg.sub ins(%{{.*}}, %[[SUMS]]
func.func @sums(%x: tensor<4096x2xf32>, %y: tensor<4096xf32>) -> tensor<4096xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4096xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%e : tensor<4096xf32>) -> tensor<4096xf32>
  %sums = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
    ins(%x : tensor<4096x2xf32>) outs(%zeros : tensor<4096xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  } -> tensor<4096xf32>
  %a = linalg.add ins(%y, %sums : tensor<4096xf32>, tensor<4096xf32>) outs(%e : tensor<4096xf32>) -> tensor<4096xf32>
  %b = linalg.exp ins(%a : tensor<4096xf32>) outs(%e : tensor<4096xf32>) -> tensor<4096xf32>
  %c = linalg.negf ins(%b : tensor<4096xf32>) outs(%e : tensor<4096xf32>) -> tensor<4096xf32>
  %d = linalg.sub ins(%c, %sums : tensor<4096xf32>, tensor<4096xf32>) outs(%e : tensor<4096xf32>) -> tensor<4096xf32>
  return %d : tensor<4096xf32>
}
