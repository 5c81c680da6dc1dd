#ifndef DITHER_DISTRIBUTION_NORMAL_TD
#define DITHER_DISTRIBUTION_NORMAL_TD

include "Dither/IR/PluginBase.td"

def Dither_NormalAttr : Dither_Distribution<"Normal", "normal", ["hasMeasures", "buildMeasures", "evaluateCdf"]> {
  let summary = "Normal numbers by mean and standard deviation";
  let description = [{
    A draw is `mean + deviation e`, with `e` of `dither.normal`; gradients pass through it. The derivative with respect to the mean is also a
    difference of two measures, `mean +- deviation W` with `W` of the Rayleigh distribution, that to the deviation one of the double-sided Maxwell
    and the normal distribution. Mohamed et al., "Monte Carlo gradient estimation in machine learning", 2020.

    ```mlir
    #dither.normal
    ```

    Constraints: (C1) parameters broadcast to the shape of the sample, and have its floating-point elements.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_NORMAL_TD
