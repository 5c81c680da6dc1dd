#ifndef DITHER_SAMPLE_ESTIMATOR_ENUMERATE_TD
#define DITHER_SAMPLE_ESTIMATOR_ENUMERATE_TD

include "Dither/IR/PluginBase.td"

def Dither_EnumerateAttr : Dither_SampleEstimator<"Enumerate", "enumerate"> {
  let summary = "All values of a node, each by its probability";
  let description = [{
    The rest of the region runs once for each value that the node may have; the cost is the mean over these, by their probabilities. Exact: the node adds no
    variance, and none of its own values is drawn. Costs as many runs as there are values.

    ```mlir
    #dither.enumerate
    ```

    Constraints: (C1) the distribution names its values; (C2) a row of the node is one draw; (C3) costs are averaged, not combined by
    `log_mean_exp`.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_SAMPLE_ESTIMATOR_ENUMERATE_TD
