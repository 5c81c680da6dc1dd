#ifndef DITHER_EINSUM_TD
#define DITHER_EINSUM_TD

include "Dither/IR/OpBase.td"

def Dither_EinsumOp : Dither_PureOp<"einsum", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>, Dither_Decomposable, Dither_DifferentiatedByParts]> {
  let summary = "Contraction of tensors, by letters for their dimensions";
  let description = [{
    Each operand is named by a letter for each of its dimensions; the result has those after the arrow. Elements are products of one element of each operand,
    summed over all letters that the result does not have (Einstein's convention, written out). Operands are contracted from the left to the right;
    a pair becomes one matrix product, for each value of the letters that both have and the result keeps.

    ```mlir
    %scores = dither.einsum "bhid,bhjd->bhij" %q, %k : tensor<?x4x16x8xf32>, tensor<?x4x16x8xf32>
    %trace = dither.einsum "ij,ji->" %a, %b : tensor<4x3xf32>, tensor<3x4xf32>
    ```

    Constraints: (C1) the equation is letters for each operand, separated by commas, `->`, and letters; (C2) there are as many letters as
    dimensions, none twice in one operand or in the result; (C3) the letters of the result occur in operands; (C4) extents of one letter
    agree; (C5) the element types agree.
  }];
  let arguments = (ins StrAttr:$equation, Variadic<Dither_FloatTensor>:$factors);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$equation $factors attr-dict `:` type($factors)";
}

#endif // DITHER_EINSUM_TD
