#ifndef DITHER_ESTIMATOR_FEW_BIT_TD
#define DITHER_ESTIMATOR_FEW_BIT_TD

include "Dither/IR/PluginBase.td"

def Dither_FewBitAttr : Dither_Estimator<"FewBit", "few_bit", ["buildExpectation", "getExpectationTolerance"]> {
  let summary = "Keeps a code of a few bits of an activation's derivative";
  let description = [{
    The backward pass of `y = f(x)` needs only `f'(x)`. Keeps the code of the piecewise-constant approximation of `f'` with `2^bits`
    levels that is best in the mean square under the standard normal density: boundaries and levels by dynamic programming. The code of x is the
    number of boundaries below it. Biased, deterministic; `bits` for each element in memory. Novikov et al., "Few-bit backward: quantized gradients of activation functions
    for memory footprint reduction", 2022. Serves activations.

    ```mlir
    %y = dither.gelu %x {residual = #dither.few_bit<bits = 3>} : tensor<64x256xf32>
    ```

    Constraints: (C1) `bits` is 1 to 4.
  }];
  let parameters = (ins "int64_t":$bits);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif
