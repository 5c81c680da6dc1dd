#ifndef DITHER_DISTRIBUTION_KUMARASWAMY_TD
#define DITHER_DISTRIBUTION_KUMARASWAMY_TD

include "Dither/IR/PluginBase.td"

def Dither_KumaraswamyAttr : Dither_Distribution<"Kumaraswamy", "kumaraswamy", ["evaluateCdf"]> {
  let summary = "Kumaraswamy numbers in (0, 1)";
  let description = [{
    The distribution function is `1 - (1 - x^a)^b` on (0, 1), much like that of a beta distribution, and has an inverse: gradients pass through a draw,
    `(1 - exp(-e / b))^(1/a)` with `e` of `dither.exponential`. Kumaraswamy, "A generalized probability density function for double-bounded random
    processes", 1980; Nalisnick and Smyth, "Stick-breaking variational autoencoders", 2017.

    ```mlir
    #dither.kumaraswamy
    ```

    Constraints: (C1) parameters broadcast to the shape of the sample, and have its floating-point elements.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_KUMARASWAMY_TD
