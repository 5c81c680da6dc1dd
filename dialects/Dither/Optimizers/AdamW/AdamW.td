#ifndef DITHER_OPTIMIZER_ADAMW_TD
#define DITHER_OPTIMIZER_ADAMW_TD

include "Dither/IR/PluginBase.td"

def Dither_AdamWAttr : Dither_Optimizer<"AdamW", "adamw"> {
  let summary = "Adam with decoupled weight decay";
  let description = [{
    `m = beta1 m + (1 - beta1) g`, `v = beta2 v + (1 - beta2) g^2`, `w = w - rate (decay w + m^ / (sqrt(v^) + epsilon))` with the bias
    corrections `m^ = m / (1 - beta1^t)`, `v^ = v / (1 - beta2^t)`. Loshchilov and Hutter, "Decoupled weight decay regularization", 2019. Defaults:
    beta1 0.9, beta2 0.999, epsilon 1e-8, decay 0 (which is Adam).

    ```mlir
    #dither.adamw<rate = 1.0e-3, decay = 0.01>
    ```

    Constraints: (C1) `rate` and `epsilon` are positive; (C2) the betas are in [0, 1); (C3) `decay` is not negative.
  }];
  let parameters = (ins "::mlir::FloatAttr":$rate, OptionalParameter<"::mlir::FloatAttr">:$beta1,
                        OptionalParameter<"::mlir::FloatAttr">:$beta2, OptionalParameter<"::mlir::FloatAttr">:$epsilon,
                        OptionalParameter<"::mlir::FloatAttr">:$decay);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif
