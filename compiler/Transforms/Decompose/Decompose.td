#ifndef DITHER_TRANSFORMS_DECOMPOSE_TD
#define DITHER_TRANSFORMS_DECOMPOSE_TD

include "mlir/Pass/PassBase.td"

def Decompose : Pass<"dither-decompose", "::mlir::func::FuncOp"> {
  let summary = "Replaces composite ops by the core ops that they mean";
  let description = [{
    Decomposes, until none is left, every op whose meaning is an expression in simpler ops.

    ```mlir
    %y = dither.relu %x : tensor<4xf32>
    ```

    becomes

    ```mlir
    %0 = dither.constant dense<0.000000e+00> : tensor<f32>
    %y = dither.max %x, %0 : tensor<4xf32>, tensor<f32>
    ```

    Ops named by `keep` stay as they are: those for which a lowering has a kernel.

    Remarks (`--remarks-filter=dither`): `decomposed`: ops that were decomposed.
  }];
  let options = [
    ListOption<"keep", "keep", "std::string", "Names of ops that stay, such as dither.packed_matmul">
  ];
  let dependentDialects = ["::dither::DitherDialect"];
}

#endif // DITHER_TRANSFORMS_DECOMPOSE_TD
