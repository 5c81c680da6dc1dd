#ifndef DITHER_TRANSFORMS_DIFFERENTIATE_TD
#define DITHER_TRANSFORMS_DIFFERENTIATE_TD

include "mlir/Pass/PassBase.td"

def Differentiate : Pass<"dither-differentiate"> {
  let summary = "Adds the gradient of functions, by reverse mode";
  let description = [{
    For each function that `functions` names, or that carries the attribute `dither.differentiate`, adds a function `<name>.gradient`: the
    same arguments; the first result, a floating-point number, and its gradient with respect to each floating-point argument.

    ```mlir
    func.func @f(%x: tensor<4xf32>) -> tensor<f32> attributes {dither.differentiate} {
      %s = dither.mul %x, %x : tensor<4xf32>, tensor<4xf32>
      %y = dither.reduce sum %s : tensor<4xf32>
      return %y : tensor<f32>
    }
    ```

    gains

    ```mlir
    func.func @f.gradient(%x: tensor<4xf32>) -> (tensor<f32>, tensor<4xf32>)
    ```

    An op with an estimator is differentiated by it: what it keeps is computed right after the op, its randomness in the backward pass
    again. An op through which a gradient passes and that has neither a derivative nor an estimator is an error; so is one that depends on
    the arguments through integers alone.
  }];
  let options = [
    ListOption<"functions", "functions", "std::string", "Names of functions; none says those with the attribute">
  ];
  let dependentDialects = ["::dither::DitherDialect", "::mlir::func::FuncDialect"];
}

#endif // DITHER_TRANSFORMS_DIFFERENTIATE_TD
