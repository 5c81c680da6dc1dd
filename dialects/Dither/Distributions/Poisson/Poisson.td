#ifndef DITHER_DISTRIBUTION_POISSON_TD
#define DITHER_DISTRIBUTION_POISSON_TD

include "Dither/IR/PluginBase.td"

def Dither_PoissonAttr : Dither_Distribution<"Poisson", "poisson", ["evaluateCdf"]> {
  let summary = "How many events there are, by their rate";
  let description = [{
    A draw is `k` with the probability `rate^k exp(-rate) / k!`, as a floating-point number. No gradient passes through it. Rates below 10 count exponential
    numbers until their sum exceeds the rate; others take proposals until all elements are accepted: Hoermann, "The transformed rejection method for
    generating Poisson random variables", 1993.

    ```mlir
    #dither.poisson
    ```

    Constraints: (C1) parameters broadcast to the shape of the sample, and have its floating-point elements.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_POISSON_TD
