#ifndef DITHER_RECIPE_SRSTE_TD
#define DITHER_RECIPE_SRSTE_TD

include "Dither/IR/PluginBase.td"

def Dither_SRSTEAttr : Dither_Recipe<"SRSTE", "sr_ste"> {
  let summary = "Sparse-refined straight-through training: a new mask each step, pruned weights decay";
  let description = [{
    The mask follows the magnitudes at each step, and the gradient gains `decay (1 - m) w`, which holds the pruned weights near zero so that the
    mask settles. Zhou et al., "Learning N:M fine-grained structured sparse neural networks from scratch", 2021.

    ```mlir
    #dither.sr_ste<decay = 2.0e-4>
    ```

    Constraints: (C1) `decay` is not negative.
  }];
  let parameters = (ins "::mlir::FloatAttr":$decay);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif
