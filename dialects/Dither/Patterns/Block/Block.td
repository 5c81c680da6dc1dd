#ifndef DITHER_PATTERN_BLOCK_TD
#define DITHER_PATTERN_BLOCK_TD

include "Dither/IR/PluginBase.td"

def Dither_BlockAttr : Dither_Pattern<"Block", "block", [DeclareAttrInterfaceMethods<BlockPatternAttrInterface>]> {
  let summary = "As many blocks of each column of blocks exist";
  let description = [{
    A matrix is cut into blocks of `rows` by `columns` elements. Of each column of `n` blocks, `sparsity n` are left out, rounded to the
    nearest number, halves down. Those with the largest sums of squares of the scores exist; of equal ones the first; NaN counts as infinite.
    Packed, a kept element takes its code, and each block the number of its row of blocks. Gray, Radford, Kingma, "GPU kernels for
    block-sparse weights", 2017.

    ```mlir
    #dither.block<16 x 16, sparsity = 0.75>
    #dither.block<32 x 48, sparsity = 0.5>
    #dither.block<8 x 1, sparsity = 0.5>
    ```

    Constraints: (C1) `rows` and `columns` are positive; (C2) `sparsity` is from 0 to 1; (C3) the tensor is a matrix of static shape that whole blocks
    make up.
  }];
  let parameters = (ins "int64_t":$rows, "int64_t":$columns, "::mlir::FloatAttr":$sparsity);
  let assemblyFormat = "`<` $rows `x` $columns `,` struct($sparsity) `>`";
}

#endif // DITHER_PATTERN_BLOCK_TD
