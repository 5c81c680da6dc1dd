#ifndef DITHER_LAYER_TD
#define DITHER_LAYER_TD

include "Dither/IR/OpBase.td"

def Dither_ImportOp : Dither_Op<"import", [Symbol, HasParent<"ModelOp">]> {
  let summary = "A name for the layers and functions of another file";
  let description = [{
    A library is a file of models, which are its layers, and of functions that need no parameters. An import gives it a name, under which
    `dither.instance` takes a layer and `dither.call` a function of it.

    ```mlir
    dither.model @classifier {
      dither.import @layers "layers.mlir"
      dither.instance @hidden of @layers::@dense
      func.func @forward(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
        %h = dither.call @hidden::@forward(%x) : (tensor<?x64xf32>) -> tensor<?x64xf32>
        %y = dither.call @layers::@swish(%h) : (tensor<?x64xf32>) -> tensor<?x64xf32>
        return %y : tensor<?x64xf32>
      }
    }
    ```

    The path is looked for beside the file that imports it, then in the folders of `--import-path` (`-I`), in their order; one that begins at the root is
    taken as it is. A library imports others in the same way. `dither-instantiate` reads the file.

    Constraints: (C1) the path names a file; (C2) there is such a file, without errors; (C3) no file imports itself, not by way of others either.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$path);
  let assemblyFormat = "$sym_name $path attr-dict";
  let hasVerifier = 1;
}

def Dither_InstanceOp : Dither_Op<"instance", [
    Symbol, HasParent<"ModelOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "A layer with parameters of its own";
  let description = [{
    A layer is a model: one that stands in the model around, or one of a library that is imported. An instance has a copy of each of its
    parameters, which is initialized and trained by itself, and of its functions, which `dither.call` names. Parameter `@w` of the layer is `@hidden.w`, in
    checkpoints, too; instances in a layer have longer names, such as `@block.attention.w`. A `dither.train` of the layer stays behind.

    ```mlir
    dither.model @classifier {
      dither.model @dense {
        dither.param @w : tensor<64x64xf32> init #dither.kaiming_uniform
        func.func @forward(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
          %w = dither.read @w : tensor<64x64xf32>
          %y = dither.linear %x, %w : tensor<?x64xf32>, tensor<64x64xf32>
          return %y : tensor<?x64xf32>
        }
      }
      dither.instance @first of @dense
      dither.instance @second of @dense
      func.func @forward(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
        %h = dither.call @first::@forward(%x) : (tensor<?x64xf32>) -> tensor<?x64xf32>
        %y = dither.call @second::@forward(%h) : (tensor<?x64xf32>) -> tensor<?x64xf32>
        return %y : tensor<?x64xf32>
      }
    }
    ```

    Random ops draw other numbers in each instance: their streams are shifted past those that are taken.

    Constraints: (C1) the layer is a model around or within reach, `@layer`, or one of an import, `@import::@layer`; (C2) a layer has no instance of itself,
    not by way of others either; (C3) names that it brings are not taken.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, SymbolRefAttr:$layer);
  let assemblyFormat = "$sym_name `of` $layer attr-dict";
}

def Dither_CallOp : Dither_Op<"call", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Calls a function of an instance or of an import";
  let description = [{
    `@instance::@function` reads the parameters of that instance; `@import::@function` is a function of a library. Functions of the model itself are called
    by `func.call`, which this op becomes.

    ```mlir
    dither.model @classifier {
      dither.model @shift {
        dither.param @b : tensor<64xf32> init #dither.fill<0.0>
        func.func @forward(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
          %b = dither.read @b : tensor<64xf32>
          %y = dither.add %x, %b : tensor<?x64xf32>, tensor<64xf32>
          return %y : tensor<?x64xf32>
        }
      }
      dither.instance @last of @shift
      func.func @forward(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
        %y = dither.call @last::@forward(%x) : (tensor<?x64xf32>) -> tensor<?x64xf32>
        return %y : tensor<?x64xf32>
      }
    }
    ```

    Constraints: (C1) the callee is a function of an instance or of an import of the model; (C2) operands and results are of its types.
  }];
  let arguments = (ins SymbolRefAttr:$callee, Variadic<Dither_Tensor>:$inputs);
  let results = (outs Variadic<Dither_Tensor>:$values);
  let assemblyFormat = "$callee `(` $inputs `)` attr-dict `:` functional-type($inputs, results)";
}

#endif // DITHER_LAYER_TD
