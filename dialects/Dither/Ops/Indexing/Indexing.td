#ifndef DITHER_INDEXING_TD
#define DITHER_INDEXING_TD

include "Dither/IR/OpBase.td"

def Dither_GatherOp : Dither_PureOp<"gather", [
    DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>, DeclareOpInterfaceMethods<InferTypeOpInterface>,
    Dither_Differentiable]> {
  let summary = "Rows of a tensor by their positions";
  let description = [{
    Row `i` of the result is row `rows[i]` of `x`, where `i` is an index into all dimensions of `rows`; a position below 0 is 0, one beyond the
    last row the last row. Where a product alone reads it, no copy is made: the kernel reads the rows where they are. The gradient of a row is the
    sum over all positions that took it.

    ```mlir
    %y = dither.gather %x, %rows : tensor<128x64xf32>, tensor<32xi32>
    // A table of 1000 vectors, read by sequences of 16 tokens.
    %e = dither.gather %table, %tokens : tensor<1000x64xf32>, tensor<?x16xi32>
    ```

    Constraints: (C1) `x` has a rank of at least 1 and a known number of rows, not 0; (C2) `rows` is a tensor of i32, of which at most
    the first dimension is dynamic.
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

def Dither_ScatterAddOp : Dither_PureOp<"scatter_add", [
    DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>, AllTypesMatch<["x", "y"]>, Dither_Differentiable]> {
  let summary = "A tensor with something added to some rows";
  let description = [{
    `x` with row `i` of `updates` added to row `rows[i]`, for one `i` after the other, where `i` is an index into all dimensions of `rows`: what
    goes to equal positions adds up, always in the same order. Positions that do not exist change nothing. Sums of 16 bits are rounded once.

    ```mlir
    %y = dither.scatter_add %updates into %x at %rows : tensor<?x64xf32>, tensor<128x64xf32>, tensor<?xi32>
    ```

    Constraints: (C1) `x` has a rank of at least 1 and a known number of rows, not 0; (C2) `rows` is a tensor of i32, of which at most
    the first dimension is dynamic; (C3) `updates` has one row for each position, of the type of the rows of `x`.
  }];
  let arguments = (ins Dither_Tensor:$updates, Dither_Tensor:$x, Dither_IntTensor:$rows);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$updates `into` $x `at` $rows attr-dict `:` type($updates) `,` type($x) `,` type($rows)";
  let hasVerifier = 1;
}

def Dither_OneHotOp : Dither_PureOp<"one_hot", [Dither_Decomposable]> {
  let summary = "Labels as rows that are 1 at one place";
  let description = [{
    A last dimension of classes is added, along which the element at the label is 1 and all others are 0. A label outside of `[0, classes)` gives
    zeros alone.

    ```mlir
    %y = dither.one_hot %labels : tensor<?xi32> to tensor<?x10xf32>
    ```

    Constraints: (C1) the result has the shape of `labels` and one more dimension, which is static; (C2) at most the first dimension is dynamic;
    (C3) a class is an i32.
  }];
  let arguments = (ins Dither_IntTensor:$labels);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$labels attr-dict `:` type($labels) `to` type($y)";
  let hasVerifier = 1;
}

def Dither_SegmentSumOp : Dither_PureOp<"segment_sum", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>, Dither_Decomposable, Dither_DifferentiatedByParts]> {
  let summary = "Sums of the rows of each segment";
  let description = [{
    Row `s` of the result is the sum of those rows of `x` whose segment is `s`, in their order; a segment outside of `[0, count)` is left out. Rows
    are what is indexed by all dimensions of `segments`.

    ```mlir
    %y = dither.segment_sum %x, %segments {count = 4 : i64} : tensor<?x64xf32>, tensor<?xi32>
    ```

    Constraints: (C1) `segments` is a tensor of i32, whose shape is that of the first dimensions of `x`; (C2) at most the first dimension of all is
    dynamic, and none of the rows'; (C3) `count` is positive.
  }];
  let arguments = (ins Dither_Tensor:$x, Dither_IntTensor:$segments, I64Attr:$count);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x `,` $segments attr-dict `:` type($x) `,` type($segments)";
}

#endif // DITHER_INDEXING_TD
