#ifndef DITHER_FORMAT_ONEBIT_TD
#define DITHER_FORMAT_ONEBIT_TD

include "Dither/IR/PluginBase.td"

def Dither_OneBitAttr : Dither_Format<"OneBit", "onebit", ["getColumnFormat", "hasZero"]> {
  let summary = "-1 and 1 under the product of a scale for each row and one for each column";
  let description = [{
    `sign(w) g h`, where `g`, of `K` rows with the mean 1, and `h`, of `N` columns, are the nearest matrix of rank 1 to `|w|` ("OneBit: Towards Extremely
    Low-bit Large Language Models", 2024): a weight takes one bit, and a row and a column a scale each. They are found by eight steps of the power
    iteration from `g = 1`, each the least squares of one given the other. Zeros of either sign and NaN count as positive; infinities and NaN count as 0 in
    the scales, which are f32 or f16 and not 0. A product multiplies `x` by `g` before, `y = ((x g) sign(w)) h`, so that its kernels are those of
    `#dither.sign`. Activations of 8 bits are multiplied as such where the model itself multiplies by a parameter `g`, represents the product, and
    multiplies signs.

    ```mlir
    #dither.onebit<scale = f16>
    ```

    Constraints: (C1) the tensor is an f32 matrix of static shape; (C2) scales are f32 or f16.
  }];
  let parameters = (ins DefaultValuedParameter<"ScaleKind", "ScaleKind::f32">:$scale);
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    /// That of a matrix with a row's scales taken off.
    SignAttr getSigns() const;
    ScaleGroups getColumnGroups(::mlir::Type tensor) const;
  }];
}

#endif // DITHER_FORMAT_ONEBIT_TD
