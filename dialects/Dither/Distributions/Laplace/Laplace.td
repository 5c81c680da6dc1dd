#ifndef DITHER_DISTRIBUTION_LAPLACE_TD
#define DITHER_DISTRIBUTION_LAPLACE_TD

include "Dither/IR/PluginBase.td"

def Dither_LaplaceAttr : Dither_Distribution<"Laplace", "laplace", ["evaluateCdf"]> {
  let summary = "Laplace numbers by location and scale";
  let description = [{
    The density is `exp(-|x - location| / scale) / (2 scale)`; a draw is `location` plus `scale` times the quantile of a `dither.centred_uniform` number, and
    gradients pass through it.

    ```mlir
    #dither.laplace
    ```

    Constraints: (C1) parameters broadcast to the shape of the sample, and have its floating-point elements.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_LAPLACE_TD
