#ifndef DITHER_ESTIMATOR_SKETCHED_LINEAR_TD
#define DITHER_ESTIMATOR_SKETCHED_LINEAR_TD

include "Dither/IR/PluginBase.td"

def Dither_SketchKind : I32EnumAttr<"SketchKind", "the random matrix", [
    I32EnumAttrCase<"gaussian", 0>, I32EnumAttrCase<"rademacher", 1>, I32EnumAttrCase<"rows", 2>]> {
  let cppNamespace = "::dither";
}

def Dither_SketchedLinearAttr : Dither_Estimator<"SketchedLinear", "sketch"> {
  let summary = "Keeps a random sketch of a linear layer's input instead of the input";
  let description = [{
    Keeps `S'x` of `k = ceil(ratio * batch)` rows instead of `x`; the weight gradient is `(S'x)' (S'dy)`, where `E[SS'] = I`. `S` has
    independent entries of variance `1/k`, Gaussian or +-1/sqrt(k), or (`rows`) chooses `k` rows uniformly, with replacement, times `sqrt(batch/k)`. It
    is computed again from the counter in the backward pass. Unbiased; the gradients of input and bias are exact. A product with a matrix of random
    numbers costs as much as that of the gradient; rows that are chosen are multiplied where they are. Bershatsky et al., "Memory-efficient
    backpropagation through large linear layers", 2022. Serves `dither.linear`; to be differentiated, its batch must be static.

    ```mlir
    #dither.sketch<ratio = 0.25>
    #dither.sketch<ratio = 0.1, kind = gaussian>
    #dither.sketch<ratio = 0.25, kind = rows>
    ```

    Constraints: (C1) `ratio` is in (0, 1].
  }];
  let parameters = (ins "::mlir::FloatAttr":$ratio, DefaultValuedParameter<"SketchKind", "SketchKind::rademacher">:$kind);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif
