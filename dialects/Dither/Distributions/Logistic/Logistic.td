#ifndef DITHER_DISTRIBUTION_LOGISTIC_TD
#define DITHER_DISTRIBUTION_LOGISTIC_TD

include "Dither/IR/PluginBase.td"

def Dither_LogisticAttr : Dither_Distribution<"Logistic", "logistic", ["evaluateCdf"]> {
  let summary = "Logistic numbers by location and scale";
  let description = [{
    The distribution function is `1 / (1 + exp(-(x - location) / scale))`; a draw is `location + scale log(u / (1 - u))` with a `u` that is exact in both
    tails, of `dither.centred_uniform`. Gradients pass through it.

    ```mlir
    #dither.logistic
    ```

    Constraints: (C1) parameters broadcast to the shape of the sample, and have its floating-point elements.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_LOGISTIC_TD
