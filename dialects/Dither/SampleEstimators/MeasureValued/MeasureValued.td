#ifndef DITHER_SAMPLE_ESTIMATOR_MEASURE_VALUED_TD
#define DITHER_SAMPLE_ESTIMATOR_MEASURE_VALUED_TD

include "Dither/IR/PluginBase.td"

def Dither_MeasureValuedAttr : Dither_SampleEstimator<"MeasureValued", "measure_valued"> {
  let summary = "The difference of the cost under two distributions";
  let description = [{
    The derivative of a density with respect to a parameter is a difference of two densities, times a number: `c (p+ - p-)`. Hence the gradient is `c (f(z+) - f(z-))`
    of two draws that differ from the sample in one element; the rest of the region runs twice for each element of a row and parameter. Serves costs without
    a derivative, with a variance below that of the score function. Unbiased. Pflug, "Optimization of stochastic models", 1996; Mohamed et
    al., "Monte Carlo gradient estimation in machine learning", 2020.

    ```mlir
    #dither.measure_valued
    ```

    Constraints: (C1) the distribution knows these densities for each of its parameters; (C2) the extents of a row are static; (C3) costs are
    averaged, not combined by `log_mean_exp`.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_SAMPLE_ESTIMATOR_MEASURE_VALUED_TD
