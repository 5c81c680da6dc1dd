#ifndef DITHER_DISTRIBUTION_CATEGORICAL_TD
#define DITHER_DISTRIBUTION_CATEGORICAL_TD

include "Dither/IR/PluginBase.td"

def Dither_CategoricalAttr : Dither_Distribution<"Categorical", "categorical", ["verifyTypes", "getSupportSize", "buildSupport"]> {
  let summary = "The number of a category by logits";
  let description = [{
    A draw is `k` with the probability `softmax(logits)[k]`, an i32: the place of the largest of the logits, each with a number of `dither.gumbel` added. The
    last dimension of the logits is that of the categories. No gradient passes through it. Gumbel, "Statistical theory of extreme values", 1954.

    ```mlir
    #dither.categorical
    ```

    Constraints: (C1) the sample has i32 elements, and the shape of the logits without their last dimension, which is not empty.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_CATEGORICAL_TD
