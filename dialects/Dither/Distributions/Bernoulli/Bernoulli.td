#ifndef DITHER_DISTRIBUTION_BERNOULLI_TD
#define DITHER_DISTRIBUTION_BERNOULLI_TD

include "Dither/IR/PluginBase.td"

def Dither_BernoulliAttr : Dither_Distribution<"Bernoulli", "bernoulli", [
    "getSupportSize", "buildSupport", "hasMeasures", "buildMeasures", "evaluateCdf"]> {
  let summary = "0 or 1 by the logit of 1";
  let description = [{
    A draw is 1 with the probability `1 / (1 + exp(-logit))`, else 0, as a floating-point number. No gradient passes through it; the derivative with respect to
    the logit is `p (1 - p)` times the difference of 1 and 0.

    ```mlir
    #dither.bernoulli
    ```

    Constraints: (C1) parameters broadcast to the shape of the sample, and have its floating-point elements.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_BERNOULLI_TD
