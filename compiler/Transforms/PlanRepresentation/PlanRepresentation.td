#ifndef DITHER_PLAN_REPRESENTATION_TD
#define DITHER_PLAN_REPRESENTATION_TD

include "mlir/Pass/PassBase.td"

def PlanRepresentation : Pass<"dither-plan-representation", "::mlir::func::FuncOp"> {
  let summary = "Lets products read packed parameters as they are";
  let description = [{
    A `dither.matmul` whose right operand is a `dither.unpack` becomes a `dither.packed_matmul`, if the contraction generator can decode the
    representation. Where it cannot, the unpacked matrix stays, a temporary of the function, and its product carries the reason as `dither.fallback`.

    A `dither.sample` of a product `x' y` becomes a `dither.sampled_matmul`, if its pattern lists elements: the others are not computed.

    Kernels round what they decode to the type of a left operand of 16 bits: then the right one is a `dither.cast` of a `dither.unpack`.

    Where the left operand is a `dither.represent` by integers of 8 bits with a scale for each row, or a `dither.dequantize` of such codes, the product
    takes the codes, and kernels multiply integers, if the codes of the weights are integers, too. If not, a packed product carries the reason in the same way.

    ```mlir
    %w = dither.unpack %codes, %scales {format = #dither.int<bits = 4>} : tensor<32x16xi8>, tensor<1x16xf32> -> tensor<64x16xf32>
    %y = dither.matmul %x, %w : tensor<?x64xf32>, tensor<64x16xf32>
    // becomes
    %y = dither.packed_matmul %x, %codes, %scales {dense = tensor<64x16xf32>, format = #dither.int<bits = 4>}
      : tensor<?x64xf32>, tensor<32x16xi8>, tensor<1x16xf32> -> tensor<?x16xf32>
    ```

    Remarks (`--remarks-filter=dither`): `packed`: products that read packed weights; `unpacked`: products that fell back to an unpacked matrix;
    `integer`: products that read packed weights and multiply integers; `sampled`: products of which only listed elements are computed.
  }];
  let options = [Option<"device", "device", "bool", "false", "Whether kernels are those of a device">];
  let dependentDialects = ["::dither::DitherDialect"];
}

#endif // DITHER_PLAN_REPRESENTATION_TD
