#ifndef DITHER_DERIVATIVE_TD
#define DITHER_DERIVATIVE_TD

include "Dither/IR/OpBase.td"

/// An op that calls functions of its model. It is gone once calls are inlined.
class Dither_CallingOp<string mnemonic, list<Trait> traits = []> : Dither_Op<mnemonic, !listconcat([
    Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>], traits)> {
  let results = (outs Variadic<Dither_Tensor>:$values);
}

class Dither_ProductOp<string mnemonic> : Dither_CallingOp<mnemonic, [AttrSizedOperandSegments]> {
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<Dither_Tensor>:$inputs, Variadic<Dither_FloatTensor>:$directions);
  let assemblyFormat = "$callee `(` $inputs `)` `along` `(` $directions `)` attr-dict `:` functional-type(operands, results)";
}

def Dither_VjpOp : Dither_ProductOp<"vjp"> {
  let summary = "A function and its gradients: vector-Jacobian products, reverse mode";
  let description = [{
    Results are those of the function, followed by the gradient with respect to each floating-point argument of the sum of its floating-point results,
    each multiplied by its direction. Of a loss, with the direction 1, this is the gradient.

    ```mlir
    func.func @cube(%x: tensor<4xf32>) -> tensor<4xf32> {
      %s = dither.mul %x, %x : tensor<4xf32>, tensor<4xf32>
      %y = dither.mul %s, %x : tensor<4xf32>, tensor<4xf32>
      return %y : tensor<4xf32>
    }
    func.func @slope(%x: tensor<4xf32>, %dy: tensor<4xf32>) -> tensor<4xf32> {
      %y, %dx = dither.vjp @cube(%x) along(%dy) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
      return %dx : tensor<4xf32>
    }
    ```

    The function may itself hold `dither.vjp` and `dither.jvp`, for derivatives of any order; a derivative does not pass through the
    estimate of a gradient by an estimator.

    Constraints: (C1) there is such a function, whose arguments are `inputs`; (C2) there is a direction for each floating-point result, of its type;
    (C3) results are those of the function and then one for each floating-point argument.
  }];
}

def Dither_JvpOp : Dither_ProductOp<"jvp"> {
  let summary = "A function and its directional derivatives: Jacobian-vector products, forward mode";
  let description = [{
    Results are those of the function, followed by the derivative of each floating-point result, where each floating-point argument moves along its
    direction. It is made by transposing the reverse mode, which is linear in its directions, so that every op with a gradient has it.

    ```mlir
    func.func @norm(%x: tensor<4xf32>) -> tensor<f32> {
      %s = dither.mul %x, %x : tensor<4xf32>, tensor<4xf32>
      %y = dither.reduce sum %s : tensor<4xf32>
      return %y : tensor<f32>
    }
    func.func @gradient(%x: tensor<4xf32>) -> tensor<4xf32> {
      %one = dither.constant dense<1.0> : tensor<f32>
      %y, %dx = dither.vjp @norm(%x) along(%one) : (tensor<4xf32>, tensor<f32>) -> (tensor<f32>, tensor<4xf32>)
      return %dx : tensor<4xf32>
    }
    func.func @hessian_product(%x: tensor<4xf32>, %v: tensor<4xf32>) -> tensor<4xf32> {
      %g, %hv = dither.jvp @gradient(%x) along(%v) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
      return %hv : tensor<4xf32>
    }
    ```

    Constraints: (C1) as of `dither.vjp`; (C2) there is a direction for each floating-point argument, of its type; (C3) results are those of the function
    and then one for each of them that is floating-point.
  }];
}

def Dither_CustomVjpOp : Dither_CallingOp<"custom_vjp"> {
  let summary = "A function with a gradient that is given";
  let description = [{
    Calls `function`. Where a gradient passes through, `backward` gives it: from the arguments, followed by the gradients of the floating-point results, it
    makes those of the floating-point arguments. Neither reads parameters; they are arguments.

    ```mlir
    func.func @step(%x: tensor<4xf32>) -> tensor<4xf32> {
      %y = dither.sign %x : tensor<4xf32>
      return %y : tensor<4xf32>
    }
    func.func @step_gradient(%x: tensor<4xf32>, %dy: tensor<4xf32>) -> tensor<4xf32> {
      %c = dither.cos %x : tensor<4xf32>
      %dx = dither.mul %c, %dy : tensor<4xf32>, tensor<4xf32>
      return %dx : tensor<4xf32>
    }
    func.func @binary(%x: tensor<4xf32>) -> tensor<4xf32> {
      %y = dither.custom_vjp @step backward @step_gradient(%x) : (tensor<4xf32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }
    ```

    Constraints: (C1) there is such a function, whose arguments are `inputs`, and whose results are those of the op; (C2) there is such a
    `backward`, of arguments and results as said.
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, FlatSymbolRefAttr:$backward, Variadic<Dither_Tensor>:$inputs);
  let assemblyFormat = "$callee `backward` $backward `(` $inputs `)` attr-dict `:` functional-type(operands, results)";
}

#endif // DITHER_DERIVATIVE_TD
