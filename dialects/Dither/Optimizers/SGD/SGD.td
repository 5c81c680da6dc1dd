#ifndef DITHER_OPTIMIZER_SGD_TD
#define DITHER_OPTIMIZER_SGD_TD

include "Dither/IR/PluginBase.td"

def Dither_SGDAttr : Dither_Optimizer<"SGD", "sgd"> {
  let summary = "Stochastic gradient descent with momentum";
  let description = [{
    `v = momentum v + g + decay w`, `w = w - rate v`.

    ```mlir
    #dither.sgd<rate = 0.1, momentum = 0.9>
    ```

    Constraints: (C1) `rate` is positive; (C2) `momentum` is in [0, 1); (C3) `decay` is not negative.
  }];
  let parameters = (ins "::mlir::FloatAttr":$rate, OptionalParameter<"::mlir::FloatAttr">:$momentum,
                        OptionalParameter<"::mlir::FloatAttr">:$decay);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif
