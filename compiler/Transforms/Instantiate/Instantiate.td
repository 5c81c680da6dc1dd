#ifndef DITHER_TRANSFORMS_INSTANTIATE_TD
#define DITHER_TRANSFORMS_INSTANTIATE_TD

include "mlir/Pass/PassBase.td"

def Instantiate : Pass<"dither-instantiate", "::mlir::ModuleOp"> {
  let summary = "Reads imported files, and copies layers into the models that have instances of them";
  let description = [{
    Every instance becomes parameters and private functions of its model, with its name and a dot before theirs; layers and imports are gone then.
    Calls of functions of libraries become calls of copies.

    ```mlir
    dither.model @m {
      dither.model @shift {
        dither.param @b : tensor<4xf32> init #dither.fill<0.0>
        func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
          %b = dither.read @b : tensor<4xf32>
          %y = dither.add %x, %b : tensor<?x4xf32>, tensor<4xf32>
          return %y : tensor<?x4xf32>
        }
      }
      dither.instance @first of @shift
      func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
        %y = dither.call @first::@forward(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32>
        return %y : tensor<?x4xf32>
      }
    }
    ```

    becomes

    ```mlir
    dither.model @m {
      dither.param @first.b : tensor<4xf32> init #dither.fill<0.0>
      func.func private @first.forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
        %b = dither.read @first.b : tensor<4xf32>
        %y = dither.add %x, %b : tensor<?x4xf32>, tensor<4xf32>
        return %y : tensor<?x4xf32>
      }
      func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
        %y = func.call @first.forward(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32>
        return %y : tensor<?x4xf32>
      }
    }
    ```

    The driver and the language server run it on what they read.

    Remarks (`--remarks-filter=dither`): `calls`: calls of layers and libraries in a function.
  }];
  let options = [ListOption<"folders", "import-path", "std::string", "Folders in which imported files are looked for">];
  let dependentDialects = ["::dither::DitherDialect", "::mlir::func::FuncDialect"];
}

#endif // DITHER_TRANSFORMS_INSTANTIATE_TD
