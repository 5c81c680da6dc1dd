#ifndef DITHER_DISTRIBUTION_VONMISES_TD
#define DITHER_DISTRIBUTION_VONMISES_TD

include "Dither/IR/PluginBase.td"

def Dither_VonMisesAttr : Dither_Distribution<"VonMises", "von_mises", ["evaluateCdf"]> {
  let summary = "Angles around a location";
  let description = [{
    The density is `exp(concentration cos(x - location)) / (2 pi I0(concentration))` on `[location - pi, location + pi]`. Draws are those of Best and Fisher,
    "Efficient simulation of the von Mises distribution", 1979, from wrapped Cauchy proposals in a loop until all elements are accepted; the gradient
    with respect to the concentration is implicit (Figurnov, Mohamed and Mnih, "Implicit reparameterization gradients", 2018), and there is no second one.

    ```mlir
    #dither.von_mises
    ```

    Constraints: (C1) parameters broadcast to the shape of the sample, and have its floating-point elements.
  }];
  let genVerifyDecl = 0;
}

#endif // DITHER_DISTRIBUTION_VONMISES_TD
