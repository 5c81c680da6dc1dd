#ifndef DITHER_DISTRIBUTION_GAMMA_TD
#define DITHER_DISTRIBUTION_GAMMA_TD

include "Dither/IR/PluginBase.td"

def Dither_GammaAttr : Dither_Distribution<"Gamma", "gamma", ["evaluateCdf"]> {
  let summary = "Gamma numbers by shape and rate";
  let description = [{
    The density is `rate^shape x^(shape-1) exp(-rate x) / Gamma(shape)` for `x > 0`. Draws are those of Marsaglia and Tsang, "A simple method for
    generating gamma variables", 2000, in a loop until all elements are accepted; gradients are implicit (Figurnov, Mohamed and Mnih, "Implicit
    reparameterization gradients", 2018).

    ```mlir
    #dither.gamma
    ```

    Constraints: (C1) parameters broadcast to the shape of the sample, and have its floating-point elements.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_GAMMA_TD
