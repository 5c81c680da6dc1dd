#ifndef DITHER_FORMAT_SHIFT_TD
#define DITHER_FORMAT_SHIFT_TD

include "Dither/IR/PluginBase.td"

def Dither_ShiftAttr : Dither_ScaledFormat<"Shift", "shift", (ins "int64_t":$bits), (ins), ["hasZero"]> {
  let summary = "Powers of two of either sign, without zero";
  let description = [{
    `+-2^k` for `k` from 0 to `2^(bits-1) - 1`, times a scale of the largest magnitude over the largest power ("DenseShift: Towards
    Accurate and Efficient Low-Bit Power-of-Two Quantization", 2023). The top bit of a code is the sign, the others are `k`. There is no zero:
    small weights become the least power, with the sign that zero has, too. Rounds to the nearest power, halfway to the larger. Scales are
    f32, f16 or E8M0, with which all values are powers of two. A scale serves `group` consecutive elements along the first dimension; 0
    says all of them (per channel), -1 the whole tensor. A group of zeros has the scale 1. Infinities and NaN do not choose a scale, and become
    the largest power.

    ```mlir
    #dither.shift<bits = 3>
    #dither.shift<bits = 4, group = 32, scale = e8m0>
    ```

    Constraints: (C1) `group` divides the first extent; (C2) the elements are f32 and the tensor is a matrix or a vector; (C3) `bits` is 2 to
    4.
  }];
}

#endif
