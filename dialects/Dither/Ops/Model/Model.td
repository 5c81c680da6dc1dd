#ifndef DITHER_MODEL_TD
#define DITHER_MODEL_TD

include "Dither/IR/OpBase.td"

def Dither_ModelOp : Dither_Op<"model", [
    Symbol, SymbolTable, NoTerminator, SingleBlock, IsolatedFromAbove]> {
  let summary = "A model: parameters, functions and training declarations";
  let description = [{
    ```mlir
    dither.model @scale {
      dither.param @s : tensor<4xf32> init #dither.fill<1.0>
      func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
        %s = dither.read @s : tensor<4xf32>
        %y = dither.mul %x, %s : tensor<?x4xf32>, tensor<4xf32>
        return %y : tensor<?x4xf32>
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
}

def Dither_ParamOp : Dither_Op<"param", [Symbol, HasParent<"ModelOp">]> {
  let summary = "A parameter: named state of a model";
  let description = [{
    Has a type, an initializer and annotations: `pattern` (which elements exist), `format` (how an element is coded), `recipe` (how the
    pattern changes while training), `estimator` (how a gradient passes through the representation). A frozen parameter is not trained, and with
    a pattern or a format it is packed in training, too.

    ```mlir
    dither.param @w : tensor<64x256xf32> init #dither.kaiming_uniform {
      pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>,
      recipe = #dither.sr_ste<decay = 2.0e-4>, estimator = #dither.straight_through}
    ```

    Constraints: (C1) the shape is static; (C2) the pattern fits the type; (C3) the format fits the type; (C4) a recipe needs a pattern; (C5) a
    trained parameter with a pattern or a format needs an estimator; (C6) only floating-point parameters are trained or annotated; (C7) the
    estimator serves `dither.represent`; (C8) a recipe that trains packed values takes no format, and needs no estimator.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Dither_Tensor>:$type, AnyAttr:$init, UnitAttr:$frozen,
                       OptionalAttr<AnyAttr>:$pattern, OptionalAttr<AnyAttr>:$format,
                       OptionalAttr<AnyAttr>:$recipe, OptionalAttr<AnyAttr>:$estimator);
  let assemblyFormat = "$sym_name `:` $type `init` $init (`frozen` $frozen^)? attr-dict";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::RankedTensorType getTensorType() { return ::llvm::cast<::mlir::RankedTensorType>(getType()); }
    PatternAttrInterface getPatternInterface() { return ::llvm::dyn_cast_if_present<PatternAttrInterface>(getPatternAttr()); }
    FormatAttrInterface getFormatInterface() { return ::llvm::dyn_cast_if_present<FormatAttrInterface>(getFormatAttr()); }
    RecipeAttrInterface getRecipeInterface() { return ::llvm::dyn_cast_if_present<RecipeAttrInterface>(getRecipeAttr()); }
    EstimatorAttrInterface getEstimatorInterface() { return ::llvm::dyn_cast_if_present<EstimatorAttrInterface>(getEstimatorAttr()); }
    /// Whether it has a pattern or a format.
    bool isRepresented() { return getPatternAttr() || getFormatAttr(); }
    /// Whether a recipe trains packed values.
    bool isTrainedPacked() { return getPatternAttr() && getRecipeAttr() && getRecipeInterface().isPacked(); }
    /// Whether its state in training are packed parts.
    bool isPackedInTraining() { return isTrainedPacked() || (getFrozen() && isRepresented() && !getRecipeAttr()); }
  }];
}

def Dither_ReadOp : Dither_Op<"read", [
    Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "The value of a parameter, under its representation";
  let description = [{
    ```mlir
    %w = dither.read @w : tensor<64x256xf32>
    ```

    Constraints: (C1) the parameter exists in the same model; (C2) the types agree.
  }];
  let arguments = (ins FlatSymbolRefAttr:$param);
  let results = (outs Dither_Tensor:$value);
  let assemblyFormat = "$param attr-dict `:` type($value)";
}

def Dither_TrainOp : Dither_Op<"train", [Symbol, HasParent<"ModelOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "How a model is trained";
  let description = [{
    Names the function whose single scalar result is minimized, the optimizer, and optionally a function for the metric: it takes
    the same inputs and gives a number for each sample, of which the mean is shown. Every epoch shuffles the samples anew; the step is compiled for
    whole batches, and samples that do not fill one wait for another epoch.

    ```mlir
    dither.train @fit loss @loss metric @correct optimizer #dither.adamw<rate = 1.0e-3> {
      schedule = #dither.linear_decay<to = 0.0>, batch = 64 : i64, epochs = 60 : i64}
    ```

    Constraints: (C1) the functions exist in the same model; (C2) the loss has one floating-point result of rank 0; (C3) the metric has the
    inputs of the loss; (C4) `batch` and `epochs` are positive; (C5) every input has a leading batch dimension; (C6) the metric has
    one f32 result of rank 1.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$loss, OptionalAttr<FlatSymbolRefAttr>:$metric,
                       AnyAttr:$optimizer, OptionalAttr<AnyAttr>:$schedule, I64Attr:$batch, I64Attr:$epochs);
  let assemblyFormat = "$sym_name `loss` $loss (`metric` $metric^)? `optimizer` $optimizer attr-dict";
  let hasVerifier = 1;
}

#endif // DITHER_MODEL_TD
