#ifndef DITHER_NORMALIZATION_TD
#define DITHER_NORMALIZATION_TD

include "Dither/IR/OpBase.td"

/// Statistics of x bring it to a mean of 0 and a variance of 1. The variance is that of differences from the mean, over all elements; floats of
/// 16 bits are widened to f32 and rounded once, at the end.
class Dither_NormalizationOp<string mnemonic, list<Trait> traits = []> : Dither_PureOp<mnemonic, !listconcat([
    Dither_Decomposable, Dither_DifferentiatedByParts], traits)>;

/// `x`, and what follows the parameters.
class Dither_ScaledNormalizationOp<string mnemonic> : Dither_NormalizationOp<mnemonic, [AllTypesMatch<["x", "y"]>]> {
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$x (`,` $parameters^)? attr-dict `:` type($x) (`,` type($parameters)^)?";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Null where there is none.
    ::mlir::Value getScale() { return getParameters().empty() ? ::mlir::Value() : getParameters()[0]; }
    ::mlir::Value getShift() { return getParameters().size() < 2 ? ::mlir::Value() : getParameters()[1]; }
  }];
}

def Dither_LayerNormOp : Dither_ScaledNormalizationOp<"layer_norm"> {
  let summary = "Normalization of each row";
  let description = [{
    `y = (x - mean) / sqrt(variance + epsilon) * scale + shift`. The parameters are `scale` and `shift`, or `scale` alone, or none; mean and
    variance are over the last dimensions, those that `scale` has: over the last one if there is none. Floats of 16 bits are widened to f32 on
    the way.

    ```mlir
    %y = dither.layer_norm %x, %scale, %shift : tensor<?x8x64xf32>, tensor<64xf32>, tensor<64xf32>
    %z = dither.layer_norm %x {epsilon = 1.0e-6 : f64} : tensor<?x8x64xf32>
    ```

    Constraints: (C1) there are at most two parameters, of one type, whose extents are the last ones of `x`; (C2) they have its element type;
    (C3) the rank of `x` is at least 1; (C4) `epsilon` is not negative.
  }];
  let arguments = (ins Dither_FloatTensor:$x, Variadic<Dither_FloatTensor>:$parameters,
                       DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon);
}

def Dither_RmsNormOp : Dither_ScaledNormalizationOp<"rms_norm"> {
  let summary = "Normalization of each row by its root mean square";
  let description = [{
    `y = x / sqrt(mean(x^2) + epsilon) * scale`, where the one parameter, `scale`, may be left out. The mean is as in `dither.layer_norm`.

    ```mlir
    %y = dither.rms_norm %x, %scale : tensor<?x64xf32>, tensor<64xf32>
    ```

    Constraints: those of `dither.layer_norm`; (C5) there is at most one parameter.
  }];
  let arguments = (ins Dither_FloatTensor:$x, Variadic<Dither_FloatTensor>:$parameters,
                       DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon);
}

def Dither_GroupNormOp : Dither_ScaledNormalizationOp<"group_norm"> {
  let summary = "Normalization of groups of channels of each sample";
  let description = [{
    As `dither.layer_norm`, with statistics over each of `groups` equal parts of the last dimension, the channels, and over all dimensions between
    the first, the batch, and the channels. `scale` and `shift` have an element for each channel.

    ```mlir
    %y = dither.group_norm %x, %scale, %shift {groups = 4 : i64} : tensor<?x8x8x64xf32>, tensor<64xf32>, tensor<64xf32>
    ```

    Constraints: (C1) there are at most two parameters, with an element for each channel; (C2) they have the element type of `x`; (C3) the rank of
    `x` is at least 2, and all of its extents but the batch are static; (C4) `epsilon` is not negative; (C5) `groups` is positive and divides the
    channels.
  }];
  let arguments = (ins Dither_FloatTensor:$x, Variadic<Dither_FloatTensor>:$parameters, I64Attr:$groups,
                       DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon);
}

def Dither_BatchNormOp : Dither_NormalizationOp<"batch_norm", [AllTypesMatch<["x", "y"]>, AllTypesMatch<["mean", "variance"]>]> {
  let summary = "Normalization of each channel over a batch";
  let description = [{
    As `dither.layer_norm`, with statistics of each element of the last dimension, the channels, over all other dimensions. They are results, too,
    for running averages that `dither.batch_norm_inference` takes; the variance divides by the number of elements.

    ```mlir
    %y, %mean, %variance = dither.batch_norm %x, %scale, %shift
      : tensor<?x8x8x64xf32>, tensor<64xf32>, tensor<64xf32> -> tensor<64xf32>
    ```

    Constraints: (C1) there are at most two parameters, with an element for each channel; (C2) they have the element type of `x`; (C3) the rank of
    `x` is at least 2, and the channels are static; (C4) `epsilon` is not negative; (C5) the statistics have an element for each channel, of f32
    where `x` has 16 bits, else of its element type.
  }];
  let arguments = (ins Dither_FloatTensor:$x, Variadic<Dither_FloatTensor>:$parameters,
                       DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon);
  let results = (outs Dither_FloatTensor:$y, Dither_FloatTensor:$mean, Dither_FloatTensor:$variance);
  let assemblyFormat = "$x (`,` $parameters^)? attr-dict `:` type($x) (`,` type($parameters)^)? `->` type($mean)";
  let hasVerifier = 1;
}

def Dither_BatchNormInferenceOp
    : Dither_NormalizationOp<"batch_norm_inference", [AllTypesMatch<["x", "y"]>, AllTypesMatch<["mean", "variance"]>]> {
  let summary = "Normalization of each channel by statistics that are given";
  let description = [{
    `dither.batch_norm` with a mean and a variance of other batches, such as running averages.

    ```mlir
    %y = dither.batch_norm_inference %x by %mean, %variance, %scale, %shift
      : tensor<?x8x8x64xf32> by tensor<64xf32>, tensor<64xf32>, tensor<64xf32>
    ```

    Constraints: those of `dither.batch_norm`.
  }];
  let arguments = (ins Dither_FloatTensor:$x, Dither_FloatTensor:$mean, Dither_FloatTensor:$variance,
                       Variadic<Dither_FloatTensor>:$parameters, DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = [{$x `by` $mean `,` $variance (`,` $parameters^)? attr-dict
                         `:` type($x) `by` type($mean) (`,` type($parameters)^)?}];
  let hasVerifier = 1;
}

#endif // DITHER_NORMALIZATION_TD
