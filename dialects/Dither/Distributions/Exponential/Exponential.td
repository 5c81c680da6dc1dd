#ifndef DITHER_DISTRIBUTION_EXPONENTIAL_TD
#define DITHER_DISTRIBUTION_EXPONENTIAL_TD

include "Dither/IR/PluginBase.td"

def Dither_ExponentialAttr : Dither_Distribution<"Exponential", "exponential", ["evaluateCdf"]> {
  let summary = "Exponential numbers by rate";
  let description = [{
    The density is `rate exp(-rate x)` for `x >= 0`; a draw is a number of `dither.exponential` over `rate`, and gradients pass through it.

    ```mlir
    #dither.exponential
    ```

    Constraints: (C1) parameters broadcast to the shape of the sample, and have its floating-point elements.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_EXPONENTIAL_TD
