#ifndef DITHER_TRANSFORMS_SPECIALIZE_TD
#define DITHER_TRANSFORMS_SPECIALIZE_TD

include "mlir/Pass/PassBase.td"

def Specialize : Pass<"dither-specialize", "::mlir::func::FuncOp"> {
  let summary = "Gives the dynamic extent of a function a value";
  let description = [{
    All dynamic extents of a function are one and the same number, its batch. This pass writes that number into every type. Where
    the types that result do not fit together, the op is an error.

    ```mlir
    func.func @f(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
      %y = dither.relu %x : tensor<?x4xf32>
      return %y : tensor<?x4xf32>
    }
    ```

    becomes, with `batch=8`,

    ```mlir
    func.func @f(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
      %y = dither.relu %x : tensor<8x4xf32>
      return %y : tensor<8x4xf32>
    }
    ```

    Calls must have been inlined, as the callee keeps its types.

    Remarks (`--remarks-filter=dither`): `types`: values whose type was specialized.
  }];
  let options = [Option<"batch", "batch", "int64_t", "1", "The extent, 0 or more">];
  let dependentDialects = ["::dither::DitherDialect"];
}

#endif // DITHER_TRANSFORMS_SPECIALIZE_TD
