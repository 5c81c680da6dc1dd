#ifndef DITHER_ESTIMATOR_STRAIGHT_THROUGH_TD
#define DITHER_ESTIMATOR_STRAIGHT_THROUGH_TD

include "Dither/IR/PluginBase.td"

def Dither_StraightThroughAttr : Dither_Estimator<"StraightThrough", "straight_through", ["buildExpectation"]> {
  let summary = "Passes the gradient through a discrete op as if it were the identity";
  let description = [{
    `dx = dy`, or with `clip = c`, `dx = dy` where `|x| <= c` and 0 elsewhere (Bengio et al., "Estimating or propagating gradients through
    stochastic neurons", 2013; the clipped form after Hubara et al., 2016). Biased, deterministic. The plain form keeps nothing for the
    backward pass, the clipped form one bit for each element. Serves `dither.represent`.

    ```mlir
    #dither.straight_through
    #dither.straight_through<clip = 1.0>
    ```

    Constraints: (C1) `clip` is positive.
  }];
  let parameters = (ins OptionalParameter<"::mlir::FloatAttr">:$clip);
  let assemblyFormat = "(`<` struct($clip)^ `>`)?";
}

#endif
