#ifndef DITHER_PATTERN_UNSTRUCTURED_TD
#define DITHER_PATTERN_UNSTRUCTURED_TD

include "Dither/IR/PluginBase.td"

def Dither_UnstructuredAttr
    : Dither_Pattern<"Unstructured", "unstructured", [DeclareAttrInterfaceMethods<ListPatternAttrInterface>]> {
  let summary = "The largest elements of a matrix exist, wherever they are";
  let description = [{
    Of a matrix of `n` elements, `sparsity n` are left out, rounded to the nearest number, halves down. Those with the largest scores of the whole
    matrix exist; of equal scores, those with the lower row-major index; NaN counts as infinite. Packed, a kept element takes itself and its row (8, 16 or 32
    bits), and each column an offset. Han et al., "Learning both weights and connections for efficient neural network", 2015; products as of
    Nikdan et al., "SparseProp: Efficient sparse backpropagation for faster training of neural networks", 2023.

    ```mlir
    #dither.unstructured<sparsity = 0.9>
    ```

    Constraints: (C1) `sparsity` is from 0 to 1; (C2) the tensor is a matrix of static shape.
  }];
  let parameters = (ins "::mlir::FloatAttr":$sparsity);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif // DITHER_PATTERN_UNSTRUCTURED_TD
