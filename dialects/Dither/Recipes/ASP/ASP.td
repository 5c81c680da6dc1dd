#ifndef DITHER_RECIPE_ASP_TD
#define DITHER_RECIPE_ASP_TD

include "Dither/IR/PluginBase.td"

def Dither_ASPAttr : Dither_Recipe<"ASP", "asp", ["getStates"]> {
  let summary = "One-shot pruning by magnitude, then training under the fixed mask";
  let description = [{
    Trains dense for `start` steps (which count from 1), takes the mask of the magnitudes once, at the next step, and from then on keeps
    it: pruned weights neither count nor move. Mishra et al., "Accelerating sparse deep neural networks", 2021.

    ```mlir
    #dither.asp<start = 500>
    ```

    Constraints: (C1) `start` is not negative.
  }];
  let parameters = (ins "int64_t":$start);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif
