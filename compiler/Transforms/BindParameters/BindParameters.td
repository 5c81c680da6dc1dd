#ifndef DITHER_TRANSFORMS_BIND_PARAMETERS_TD
#define DITHER_TRANSFORMS_BIND_PARAMETERS_TD

include "mlir/Pass/PassBase.td"

def BindParameters : Pass<"dither-bind-parameters", "::dither::ModelOp"> {
  let summary = "Makes parameters and randomness arguments of the functions that use them";
  let description = [{
    Inlines calls, then turns each parameter that a function reads, and `dither.rng`, into arguments that say what they are; see
    docs/rationale/bindings.md. States and constants follow the inputs, in the order of the parameters of the model; `rng` is the last. Each
    argument has a name, and no two of a function have the same.

    ```mlir
    func.func @f(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
      %s = dither.read @s : tensor<4xf32>
      %y = dither.mul %x, %s : tensor<?x4xf32>, tensor<4xf32>
      return %y : tensor<?x4xf32>
    }
    ```

    becomes, with `mode=train`,

    ```mlir
    func.func @f(%x: tensor<?x4xf32> {dither.kind = "input", dither.name = "x"},
                 %s: tensor<4xf32> {dither.kind = "state", dither.name = "s"})
        -> (tensor<?x4xf32> {dither.name = "0"}) {
      %y = dither.mul %x, %s : tensor<?x4xf32>, tensor<4xf32>
      return %y : tensor<?x4xf32>
    }
    ```

    One whose recipe trains packed values, or a frozen one with a pattern or a format, becomes a state for each of its packed parts, and a
    `dither.unpack` of them.

    With `mode=deploy` a parameter is a constant; one with a pattern or a format is one constant for each of its packed parts, and a
    `dither.unpack` of them.

    An input has the name of its `dither.name`, else that of its location, else `arg<i>`.

    Remarks (`--remarks-filter=dither`): `bound`: parameters that became arguments.
  }];
  let options = [
    Option<"mode", "mode", "std::string", "\"train\"", "train: states; deploy: packed constants">
  ];
  let dependentDialects = ["::dither::DitherDialect"];
}

#endif // DITHER_TRANSFORMS_BIND_PARAMETERS_TD
