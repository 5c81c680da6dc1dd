#ifndef DITHER_SAMPLE_ESTIMATOR_SCORE_FUNCTION_TD
#define DITHER_SAMPLE_ESTIMATOR_SCORE_FUNCTION_TD

include "Dither/IR/PluginBase.td"

def Dither_ScoreFunctionAttr : Dither_SampleEstimator<"ScoreFunction", "score_function"> {
  let summary = "The gradient of the log density, times the cost";
  let description = [{
    `E[(c - b) d log q(z)]` is the gradient of `E[c]` with respect to what `q` depends on, for any `b` that does not depend on `z`. Serves every distribution and every
    cost, at the price of a variance that grows with the cost; a baseline `b` lowers it. It is the node's `baseline`, or 0; with `leave_one_out`, the mean
    cost of the other samples of the expectation is taken off, too. Unbiased. Williams, "Simple statistical gradient-following algorithms",
    1992; Kool et al., "Buy 4 REINFORCE samples, get a baseline for free!", 2019.

    ```mlir
    #dither.score_function
    #dither.score_function<leave_one_out = true>
    ```
  }];
  let parameters = (ins DefaultValuedParameter<"bool", "false">:$leave_one_out);
  let assemblyFormat = "(`<` struct($leave_one_out)^ `>`)?";
  let genVerifyDecl = 0;
}

#endif // DITHER_SAMPLE_ESTIMATOR_SCORE_FUNCTION_TD
