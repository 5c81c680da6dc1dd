#ifndef DITHER_DISTRIBUTION_BETA_TD
#define DITHER_DISTRIBUTION_BETA_TD

include "Dither/IR/PluginBase.td"

def Dither_BetaAttr : Dither_Distribution<"Beta", "beta", ["evaluateCdf"]> {
  let summary = "Beta numbers in (0, 1)";
  let description = [{
    The density is `x^(a-1) (1-x)^(b-1) / B(a, b)`. A draw is `X / (X + Y)` of two gamma numbers, whose gradients are implicit (see `#dither.gamma`);
    that is the sigmoid of the difference of their logarithms, which do not underflow.

    ```mlir
    #dither.beta
    ```

    Constraints: (C1) parameters broadcast to the shape of the sample, and have its floating-point elements.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_BETA_TD
