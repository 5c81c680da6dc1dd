#ifndef DITHER_DISTRIBUTION_CAUCHY_TD
#define DITHER_DISTRIBUTION_CAUCHY_TD

include "Dither/IR/PluginBase.td"

def Dither_CauchyAttr : Dither_Distribution<"Cauchy", "cauchy", ["evaluateCdf"]> {
  let summary = "Cauchy numbers by location and scale";
  let description = [{
    The density is `1 / (pi scale (1 + z^2))` with `z = (x - location) / scale`; a draw is `location` minus `scale cot(pi u)` with a `u` that is exact in both
    tails, of `dither.centred_uniform`. Gradients pass through it.

    ```mlir
    #dither.cauchy
    ```

    Constraints: (C1) parameters broadcast to the shape of the sample, and have its floating-point elements.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_CAUCHY_TD
