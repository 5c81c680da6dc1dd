#ifndef DITHER_FORMAT_SIGN_TD
#define DITHER_FORMAT_SIGN_TD

include "Dither/IR/PluginBase.td"

def Dither_SignAttr : Dither_ScaledFormat<"Sign", "sign", (ins), (ins), ["hasZero"]> {
  let summary = "-1 and 1 under shared scales";
  let description = [{
    The sign of `x`, of one bit, times the scale `s = mean |x|`, which is the nearest such tensor ("XNOR-Net: ImageNet Classification Using
    Binary Convolutional Neural Networks", 2016). Zeros of either sign and NaN count as positive. A scale serves `group` consecutive
    elements along the first dimension; 0 says all of them (per channel), -1 the whole tensor. A group of zeros has the scale 1. Infinities and
    NaN count as 0 in the mean.

    ```mlir
    #dither.sign<group = 0>
    #dither.sign<group = 32, scale = f16>
    ```

    Constraints: (C1) `group` divides the first extent; (C2) the elements are f32 and the tensor is a matrix or a vector; (C3) scales are f32 or
    f16.
  }];
}

#endif
