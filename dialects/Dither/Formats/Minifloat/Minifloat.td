#ifndef DITHER_FORMAT_MINIFLOAT_TD
#define DITHER_FORMAT_MINIFLOAT_TD

include "Dither/IR/PluginBase.td"

def Dither_MinifloatKind : I32EnumAttr<"MinifloatKind", "exponent and mantissa bits", [
    I32EnumAttrCase<"e2m1", 0>, I32EnumAttrCase<"e3m0", 1>, I32EnumAttrCase<"e1m2", 2>, I32EnumAttrCase<"e2m3", 3>,
    I32EnumAttrCase<"e3m2", 4>, I32EnumAttrCase<"e4m3", 5>, I32EnumAttrCase<"e5m2", 6>]> {
  let cppNamespace = "::dither";
}

def Dither_MinifloatAttr : Dither_ScaledFormat<"Minifloat", "minifloat", (ins EnumParameter<Dither_MinifloatKind>:$kind)> {
  let summary = "Floats of 4 to 8 bits under shared scales";
  let description = [{
    Sign, exponent and mantissa, with subnormals and without infinities. Of E exponent bits, the bias is 2^(E-1) - 1. e4m3 is the FN
    variant with the largest value 448, e5m2 stops at 57344. Values beyond the largest become the largest; NaN becomes the largest too,
    since not all of the formats can hold it. Infinities and NaN do not choose a scale. Rounds to nearest, ties to an even multiple of
    the spacing. A group of zeros has the scale 1. A scale serves `group` consecutive elements along the first dimension; 0 says all of
    them (per channel), -1 the whole tensor. With E8M0 scales this is the OCP microscaling format ("OCP Microscaling Formats (MX)
    Specification", 2023): the scale is 2 to the floor of log2 of the largest magnitude, less the largest exponent of the element, at
    least 2^-126. Otherwise it is max|x| over the largest value.

    ```mlir
    #dither.minifloat<e2m1, group = 32, scale = e8m0>
    #dither.minifloat<e2m1, group = 32, scale = f16>
    #dither.minifloat<e4m3>
    #dither.minifloat<e4m3, group = 32>
    ```

    Constraints: (C1) `group` divides the first extent; (C2) the elements are f32 and the tensor is a matrix or a vector.
  }];
  let assemblyFormat = "`<` $kind (`,` struct($group, $scale)^)? `>`";
}

#endif
