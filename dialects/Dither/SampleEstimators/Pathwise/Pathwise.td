#ifndef DITHER_SAMPLE_ESTIMATOR_PATHWISE_TD
#define DITHER_SAMPLE_ESTIMATOR_PATHWISE_TD

include "Dither/IR/PluginBase.td"

def Dither_PathwiseAttr : Dither_SampleEstimator<"Pathwise", "pathwise"> {
  let summary = "Reparameterization: the gradient of the sample itself";
  let description = [{
    The sample is a function of parameters and of random numbers that do not depend on them, through which the gradient passes. Unbiased, where the
    cost is continuous. Kingma and Welling, "Auto-encoding variational Bayes", 2014; for distributions such as the gamma, the derivative
    of that function is implicit: Figurnov et al., "Implicit reparameterization gradients", 2018.

    ```mlir
    #dither.pathwise
    ```

    Constraints: (C1) the distribution is reparameterized.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_SAMPLE_ESTIMATOR_PATHWISE_TD
