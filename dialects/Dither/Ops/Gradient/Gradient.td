#ifndef DITHER_GRADIENT_TD
#define DITHER_GRADIENT_TD

include "Dither/IR/OpBase.td"

def Dither_StopGradientOp : Dither_PureOp<"stop_gradient", [
    AllTypesMatch<["x", "y"]>, Dither_Decomposable, Dither_Differentiable]> {
  let summary = "The identity, through which no gradient passes";
  let description = [{
    ```mlir
    %y = dither.stop_gradient %x : tensor<4xf32>
    ```
  }];
  let arguments = (ins Dither_Tensor:$x);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

def Dither_SurrogateOp : Dither_PureOp<"surrogate", [
    AllTypesMatch<["value", "proxy", "y"]>, Dither_Decomposable, Dither_Differentiable]> {
  let summary = "The value of one expression, the gradient of another";
  let description = [{
    The result is `value`; the gradient goes to `proxy` alone. The primitive under every straight-through rule.

    ```mlir
    %r = dither.round %x : tensor<4xf32>
    %y = dither.surrogate %r for %x : tensor<4xf32>
    ```
  }];
  let arguments = (ins Dither_FloatTensor:$value, Dither_FloatTensor:$proxy);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$value `for` $proxy attr-dict `:` type($y)";
}

#endif // DITHER_GRADIENT_TD
