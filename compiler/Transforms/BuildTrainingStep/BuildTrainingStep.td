#ifndef DITHER_TRANSFORMS_BUILD_TRAINING_STEP_TD
#define DITHER_TRANSFORMS_BUILD_TRAINING_STEP_TD

include "mlir/Pass/PassBase.td"

def BuildTrainingStep : Pass<"dither-build-training-step", "::dither::ModelOp"> {
  let summary = "Makes each training declaration a function";
  let description = [{
    For each `dither.train @fit` adds a function `@fit.step`: the loss with the batch of the declaration, its gradient with respect to the
    parameters that are trained, what the recipes do to it, and the update of the optimizer. Arguments and results say what they are; see
    docs/rationale/bindings.md.

    ```mlir
    dither.model @line {
      dither.param @w : tensor<2x1xf32> init #dither.fill<0.0>
      func.func @loss(%x: tensor<?x2xf32>) -> tensor<f32> {
        %w = dither.read @w : tensor<2x1xf32>
        %y = dither.matmul %x, %w : tensor<?x2xf32>, tensor<2x1xf32>
        %l = dither.mean %y : tensor<?x1xf32>
        return %l : tensor<f32>
      }
      dither.train @fit loss @loss optimizer #dither.sgd<rate = 0.1> {batch = 8 : i64, epochs = 1 : i64}
    }
    ```

    gains

    ```mlir
    func.func @fit.step(%x: tensor<8x2xf32> {dither.kind = "input", dither.name = "arg0"},
                        %rate: tensor<f32> {dither.kind = "input", dither.name = "rate"},
                        %w: tensor<2x1xf32> {dither.kind = "state", dither.name = "w"},
                        %rng: tensor<2xi64> {dither.kind = "rng"})
        -> (tensor<f32> {dither.name = "loss"}, tensor<2x1xf32> {dither.updates = "w"})
    ```

    States are in this order: for each parameter in the order of the model, its value and what its recipe remembers; then what estimators
    remember; then, in the order of parameters, what the optimizer remembers of them. The results update them in the same order. Where an
    estimator remembers something of samples, there is the input `samples` behind `rate`: the number of each sample of the batch in the training set.
  }];
  let dependentDialects = ["::dither::DitherDialect", "::mlir::func::FuncDialect"];
}

#endif // DITHER_TRANSFORMS_BUILD_TRAINING_STEP_TD
