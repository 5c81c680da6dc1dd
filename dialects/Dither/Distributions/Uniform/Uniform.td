#ifndef DITHER_DISTRIBUTION_UNIFORM_TD
#define DITHER_DISTRIBUTION_UNIFORM_TD

include "Dither/IR/PluginBase.td"

def Dither_UniformAttr : Dither_Distribution<"Uniform", "uniform", ["evaluateCdf"]> {
  let summary = "Uniform numbers between two bounds";
  let description = [{
    A draw is `low + (high - low) u` with `u` of `dither.uniform`; gradients pass through it.

    ```mlir
    #dither.uniform
    ```

    Constraints: (C1) parameters broadcast to the shape of the sample, and have its floating-point elements.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_UNIFORM_TD
