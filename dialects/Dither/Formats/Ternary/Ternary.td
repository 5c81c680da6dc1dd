#ifndef DITHER_FORMAT_TERNARY_TD
#define DITHER_FORMAT_TERNARY_TD

include "Dither/IR/PluginBase.td"

def Dither_TernaryAttr : Dither_ScaledFormat<"Ternary", "ternary"> {
  let summary = "-1, 0 and 1 under shared scales";
  let description = [{
    `round(x / s)`, within -1 and 1, times the scale `s = mean |x|` ("The Era of 1-bit LLMs: All Large Language Models are in 1.58 Bits",
    2024). A code has 2 bits: the value and 1; 3 is not used. A scale serves `group` consecutive elements along the first dimension; 0 says all of
    them (per channel), -1 the whole tensor. A group of zeros has the scale 1. Infinities count as 0 in the mean and become -1 or 1; NaN
    becomes 0.

    ```mlir
    #dither.ternary<group = 0>
    #dither.ternary<group = 32, scale = f16>
    ```

    Constraints: (C1) `group` divides the first extent; (C2) the elements are f32 and the tensor is a matrix or a vector; (C3) scales are f32 or
    f16.
  }];
}

#endif
