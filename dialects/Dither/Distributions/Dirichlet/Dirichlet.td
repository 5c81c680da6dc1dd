#ifndef DITHER_DISTRIBUTION_DIRICHLET_TD
#define DITHER_DISTRIBUTION_DIRICHLET_TD

include "Dither/IR/PluginBase.td"

def Dither_DirichletAttr : Dither_Distribution<"Dirichlet", "dirichlet", ["verifyTypes", "getEventRank"]> {
  let summary = "Rows of positive numbers whose sum is 1";
  let description = [{
    A draw is a row, the last dimension of a sample: gamma numbers of the shapes `concentration`, divided by their sum, which is the softmax of
    their logarithms. Gradients are implicit (see `#dither.gamma`). The log density is that of all numbers of a row but the last one.

    ```mlir
    #dither.dirichlet
    ```

    Constraints: (C1) the concentration broadcasts to the shape of the sample, and has its floating-point elements; (C2) the last extent of the sample is
    static.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_DIRICHLET_TD
