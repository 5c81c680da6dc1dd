#ifndef DITHER_SPARSE_TD
#define DITHER_SPARSE_TD

include "Dither/IR/OpBase.td"

def Dither_TopMaskOp : Dither_PureOp<"top_mask", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>, DeclareOpInterfaceMethods<ReferenceOpInterface>]> {
  let summary = "The mask of the largest elements of a tensor";
  let description = [{
    True for the `count` largest elements, or for all where there are fewer; of equal ones, those with the lower row-major index
    win; NaN counts as largest, and zeros of both signs are equal.

    ```mlir
    %m = dither.top_mask %x {count = 1638 : i64} : tensor<64x256xf32>
    ```

    Constraints: (C1) the shape is static and the rank at least 1; (C2) elements have at most 32 bits; (C3) `count` is not negative.
  }];
  let arguments = (ins Dither_FloatTensor:$x, I64Attr:$count);
  let results = (outs Dither_BoolTensor:$mask);
  let assemblyFormat = "$x attr-dict `:` type($x)";
  let hasVerifier = 1;
}

def Dither_ListRowsOp : Dither_CoreOp<"list_rows"> {
  let summary = "The places of the kept elements of a matrix, column after column";
  let description = [{
    Lists what a mask `[K, N]` keeps: the `rows` of the elements of the first column in ascending order, then those of the next one. Column `j` has
    the positions from `offsets[j]` to `offsets[j + 1]`. Of a mask that keeps more than `rows` can hold, the last elements are left out; of one
    that keeps fewer, the last `rows` are zero and belong to no column.

    ```mlir
    %rows, %offsets = dither.list_rows %m : tensor<64x256xi1> -> tensor<1638xi8>, tensor<257xi32>
    ```

    Constraints: (C1) the mask is a matrix of static shape; (C2) `rows` is a vector of the narrowest of i8, i16 and i32 that holds a row as an
    unsigned number; (C3) `offsets` is a vector of `N + 1` i32.
  }];
  let arguments = (ins Dither_BoolTensor:$mask);
  let results = (outs Dither_IntTensor:$rows, Dither_IntTensor:$offsets);
  let assemblyFormat = "$mask attr-dict `:` type($mask) `->` type(results)";
  let hasVerifier = 1;
}

def Dither_GatherListedOp : Dither_CoreOp<"gather_listed", [Dither_Differentiable]> {
  let summary = "The listed elements of a matrix";
  let description = [{
    The elements at the places of `dither.list_rows`, in the order of the list; zero where a place belongs to no column.

    ```mlir
    %s = dither.gather_listed %x, %rows, %offsets : tensor<64x256xf32>, tensor<1638xi8>, tensor<257xi32> -> tensor<1638xf32>
    ```

    Constraints: (C1) `x` is a matrix of static shape, the result a vector of its elements; (C2) `rows` and `offsets` are as of `dither.list_rows`,
    `rows` as long as the vector.
  }];
  let arguments = (ins Dither_Tensor:$x, Dither_IntTensor:$rows, Dither_IntTensor:$offsets);
  let results = (outs Dither_Tensor:$slots);
  let assemblyFormat = "operands attr-dict `:` type(operands) `->` type($slots)";
  let hasVerifier = 1;
}

def Dither_ScatterListedOp : Dither_CoreOp<"scatter_listed", [Dither_Differentiable]> {
  let summary = "A matrix of zeros with the listed elements";
  let description = [{
    The transpose of `dither.gather_listed`: each element at its place, and zeros.

    ```mlir
    %x = dither.scatter_listed %s, %rows, %offsets : tensor<1638xf32>, tensor<1638xi8>, tensor<257xi32> -> tensor<64x256xf32>
    ```

    Constraints: as of `dither.gather_listed`.
  }];
  let arguments = (ins Dither_Tensor:$slots, Dither_IntTensor:$rows, Dither_IntTensor:$offsets);
  let results = (outs Dither_Tensor:$x);
  let assemblyFormat = "operands attr-dict `:` type(operands) `->` type($x)";
  let hasVerifier = 1;
}

def Dither_SampleOp : Dither_PureOp<"sample", [Dither_Decomposable, Dither_Differentiable]> {
  let summary = "The elements of a dense tensor where those of a packed one are";
  let description = [{
    What `dither.pack` would store as values of `x`, if the metadata of its pattern were those given: the gradient of `dither.unpack`.

    ```mlir
    %v = dither.sample %x, %indices {pattern = #dither.nm<2 : 4>} : tensor<64x256xf32>, tensor<8x256xi8> -> tensor<32x256xf32>
    ```

    Constraints: (C1) the pattern fits the type of `x`; (C2) metadata and result are as the pattern says.
  }];
  let arguments = (ins Dither_FloatTensor:$x, Variadic<Dither_IntTensor>:$metadata, AnyAttr:$pattern);
  let results = (outs Dither_FloatTensor:$slots);
  let assemblyFormat = "$x `,` $metadata attr-dict `:` type($x) `,` type($metadata) `->` type($slots)";
  let hasVerifier = 1;
}

def Dither_SampledMatmulOp : Dither_PureOp<"sampled_matmul", [Dither_Decomposable]> {
  let summary = "Some elements of a product";
  let description = [{
    The elements of `x' y` where those of a packed matrix are: means `dither.matmul` with `transpose_x` and `dither.sample`. Kernels compute no other
    ones. It is the gradient of packed values.

    ```mlir
    %v = dither.sampled_matmul %x, %y, %rows, %offsets {pattern = #dither.unstructured<sparsity = 0.5>}
      : tensor<?x64xf32>, tensor<?x16xf32>, tensor<512xi8>, tensor<17xi32> -> tensor<512xf32>
    ```

    Constraints: (C1) `x` and `y` are matrices with as many rows, counted as of `dither.matmul`, and their columns are static; (C2) the rest is as of `dither.sample`.
  }];
  let arguments = (ins Dither_FloatTensor:$x, Dither_FloatTensor:$y, Variadic<Dither_IntTensor>:$metadata, AnyAttr:$pattern);
  let results = (outs Dither_FloatTensor:$slots);
  let assemblyFormat = "$x `,` $y `,` $metadata attr-dict `:` type($x) `,` type($y) `,` type($metadata) `->` type($slots)";
  let hasVerifier = 1;
}

#endif // DITHER_SPARSE_TD
