#ifndef DITHER_DISTRIBUTION_GUMBEL_TD
#define DITHER_DISTRIBUTION_GUMBEL_TD

include "Dither/IR/PluginBase.td"

def Dither_GumbelAttr : Dither_Distribution<"Gumbel", "gumbel", ["evaluateCdf"]> {
  let summary = "Gumbel numbers by location and scale";
  let description = [{
    The distribution function is `exp(-exp(-(x - location) / scale))`; a draw is `location` plus `scale` times a number of `dither.gumbel`, and gradients pass
    through it.

    ```mlir
    #dither.gumbel
    ```

    Constraints: (C1) parameters broadcast to the shape of the sample, and have its floating-point elements.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_GUMBEL_TD
