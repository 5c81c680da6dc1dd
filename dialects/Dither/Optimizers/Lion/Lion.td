#ifndef DITHER_OPTIMIZER_LION_TD
#define DITHER_OPTIMIZER_LION_TD

include "Dither/IR/PluginBase.td"

def Dither_LionAttr : Dither_Optimizer<"Lion", "lion"> {
  let summary = "Signs of an averaged gradient, with decoupled weight decay";
  let description = [{
    `w = w - rate (sign(beta1 m + (1 - beta1) g) + decay w)`, then `m = beta2 m + (1 - beta2) g`. Each element moves by the rate, whatever its gradient, and one
    tensor is kept. Chen et al., "Symbolic discovery of optimization algorithms", 2023. Defaults: beta1 0.9, beta2 0.99, decay 0. Its rates are three to ten
    times smaller than those of `adamw`, and its decays as many times larger.

    ```mlir
    #dither.lion<rate = 1.0e-4, decay = 0.1>
    ```

    Constraints: (C1) `rate` is positive; (C2) the betas are in [0, 1); (C3) `decay` is not negative.
  }];
  let parameters = (ins "::mlir::FloatAttr":$rate, OptionalParameter<"::mlir::FloatAttr">:$beta1,
                        OptionalParameter<"::mlir::FloatAttr">:$beta2, OptionalParameter<"::mlir::FloatAttr">:$decay);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif
