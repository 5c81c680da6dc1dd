#ifndef DITHER_FORMAT_FLOAT16_TD
#define DITHER_FORMAT_FLOAT16_TD

include "Dither/IR/PluginBase.td"

def Dither_Float16Kind : I32EnumAttr<"Float16Kind", "a float of 16 bits", [
    I32EnumAttrCase<"bf16", 0>, I32EnumAttrCase<"f16", 1>]> {
  let cppNamespace = "::dither";
}

def Dither_Float16Attr : Dither_Format<"Float16", "float16", ["getCodeType", "getFloatType"]> {
  let summary = "Floats of 16 bits, without scales: bf16 or f16";
  let description = [{
    Elements are rounded to the nearest bf16 (8 bits of exponent, 7 of mantissa; "A Study of BFLOAT16 for Deep Learning Training", 2019) or IEEE f16,
    ties to even, and take two bytes. Infinities stay, NaN stays NaN; what is beyond the range of f16 becomes infinite. A code is the float's bits. There are
    no scales. Weights lie in pairs of a column, as the dot products of bf16 read them: on a CPU with AMX, bf16 weights meet bf16 activations with nothing in between.

    ```mlir
    #dither.float16<bf16>
    #dither.float16<f16>
    ```

    Constraints: (C1) the elements are f32 and the tensor is a matrix or a vector of static shape.
  }];
  let parameters = (ins EnumParameter<Dither_Float16Kind>:$kind);
  let assemblyFormat = "`<` $kind `>`";
}

#endif // DITHER_FORMAT_FLOAT16_TD
