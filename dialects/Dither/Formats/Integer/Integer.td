#ifndef DITHER_FORMAT_INTEGER_TD
#define DITHER_FORMAT_INTEGER_TD

include "Dither/IR/PluginBase.td"

def Dither_IntegerFormatAttr : Dither_ScaledFormat<"IntegerFormat", "int", (ins "int64_t":$bits),
    (ins DefaultValuedParameter<"bool", "false">:$affine, DefaultValuedParameter<"int64_t", "0">:$dim),
    ["getGroupDim", "hasZeroPoints"]> {
  let summary = "Integers of 2 to 8 bits, symmetric or affine";
  let description = [{
    Symmetric: `code - 2^(bits-1)` times a scale of `max|x| / (2^(bits-1) - 1)`; the code 0 is not used. Affine (`affine = true`):
    `code - zero` times a scale of `(max x - min x) / (2^bits - 1)`, with the range widened to hold 0 and an unsigned zero point in an i8. A
    scale serves `group` consecutive elements along dimension `dim`; 0 says all of them (per channel), -1 the whole tensor. Weights
    `[in, out]` have groups along `dim` 0, activations `[batch, in]` along 1, so that 0 gives each row a scale. Rounds `x` times the reciprocal of the scale to nearest, ties to even. Scales are f32, f16 or E8M0 (powers of two, rounded up so that nothing is clipped); a group of zeros has
    the scale 1. Infinities and NaN do not choose a scale: infinities become the ends of the range, NaN becomes 0.

    ```mlir
    #dither.int<bits = 8>
    #dither.int<bits = 8, group = 32, affine = true>
    #dither.int<bits = 4, group = 32>
    #dither.int<bits = 4, group = 32, scale = e8m0>
    #dither.int<bits = 4, group = 32, scale = f16, affine = true>
    #dither.int<bits = 3, group = 8>
    #dither.int<bits = 8, dim = 1>
    ```

    Constraints: (C1) `group` divides the extent along `dim`; (C2) the elements are f32 and the tensor is a matrix, or a vector and `dim` 0; (C3) `bits` is 2 to 8;
    (C4) affine codes have f32 or f16 scales; (C5) `dim` is 0 or 1.
  }];
}

#endif
