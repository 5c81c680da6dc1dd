#ifndef DITHER_INDEXING_TD
#define DITHER_INDEXING_TD

include "Dither/IR/OpBase.td"

def Dither_GatherOp : Dither_PureOp<"gather", [
    DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>, DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "Rows of a tensor by their positions";
  let description = [{
    Row `i` of the result is row `rows[i]` of `x`; a position below 0 is 0, one beyond the last row the last row. Where a product alone reads
    it, no copy is made: the kernel reads the rows where they are.

    ```mlir
    %y = dither.gather %x, %rows : tensor<128x64xf32>, tensor<32xi32>
    ```

    Constraints: (C1) `x` has a rank of at least 1 and a known number of rows, not 0; (C2) `rows` is an i32 tensor of rank 1.
  }];
  let arguments = (ins Dither_Tensor:$x, Dither_IntTensor:$rows);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x `,` $rows attr-dict `:` type($x) `,` type($rows)";
}

def Dither_ScatterOp : Dither_PureOp<"scatter", [
    DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>, AllTypesMatch<["x", "y"]>]> {
  let summary = "A tensor with some rows replaced";
  let description = [{
    `x` with row `rows[i]` replaced by row `i` of `updates`, for one `i` after the other: of equal positions the last one counts. Positions that
    do not exist change nothing.

    ```mlir
    %y = dither.scatter %updates into %x at %rows : tensor<32x64xf32>, tensor<128x64xf32>, tensor<32xi32>
    ```

    Constraints: (C1) `rows` is an i32 tensor of rank 1; (C2) `updates` has one row for each position, of the type of the rows of `x`; (C3) the
    shapes are static.
  }];
  let arguments = (ins Dither_Tensor:$updates, Dither_Tensor:$x, Dither_IntTensor:$rows);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$updates `into` $x `at` $rows attr-dict `:` type($updates) `,` type($x) `,` type($rows)";
  let hasVerifier = 1;
}

#endif // DITHER_INDEXING_TD
