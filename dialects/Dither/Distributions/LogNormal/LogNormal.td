#ifndef DITHER_DISTRIBUTION_LOGNORMAL_TD
#define DITHER_DISTRIBUTION_LOGNORMAL_TD

include "Dither/IR/PluginBase.td"

def Dither_LogNormalAttr : Dither_Distribution<"LogNormal", "log_normal", ["evaluateCdf"]> {
  let summary = "Numbers whose logarithm is normal";
  let description = [{
    A draw is `exp(mean + deviation e)` with `e` of `dither.normal`; gradients pass through it.

    ```mlir
    #dither.log_normal
    ```

    Constraints: (C1) parameters broadcast to the shape of the sample, and have its floating-point elements.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_LOGNORMAL_TD
