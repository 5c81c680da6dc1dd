#ifndef DITHER_TRANSFORMS_RECOMPUTE_RANDOM_TD
#define DITHER_TRANSFORMS_RECOMPUTE_RANDOM_TD

include "mlir/Pass/PassBase.td"

def RecomputeRandom : Pass<"dither-recompute-random", "::mlir::func::FuncOp"> {
  let summary = "Makes random tensors where they are used rather than keeping them";
  let description = [{
    A random tensor is a function of seed, step and stream, so that it can be made again. This pass gives each op that uses random
    numbers its own copy of what makes them, right in front of it: `dither.random_bits` and the elementwise and shape ops between the bits
    and the op. Noise, masks and sketches of the forward pass are then not kept for the backward pass. To be run last: common
    subexpression elimination would undo it.

    ```mlir
    func.func @f(%x: tensor<4xi32>, %rng: tensor<2xi64>) -> (tensor<4xi32>, tensor<4xi32>) {
      %n = dither.random_bits %rng {stream = 3 : i64} : tensor<2xi64> -> tensor<4xi32>
      %y = dither.xor %x, %n : tensor<4xi32>, tensor<4xi32>
      %z = dither.xor %y, %n : tensor<4xi32>, tensor<4xi32>
      return %y, %z : tensor<4xi32>, tensor<4xi32>
    }
    ```

    Afterwards each `dither.xor` has a `dither.random_bits` of its own. Runs after `dither-decompose`.

    Remarks (`--remarks-filter=dither`): `recomputed`: ops that there are more than before.
  }];
  let dependentDialects = ["::dither::DitherDialect"];
}

#endif // DITHER_TRANSFORMS_RECOMPUTE_RANDOM_TD
