#ifndef DITHER_SORTING_TD
#define DITHER_SORTING_TD

include "Dither/IR/OpBase.td"

//===- Order --------------------------------------------------------------===//

def Dither_ArgsortOp : Dither_CoreOp<"argsort", [Dither_InferTypes]> {
  let summary = "The positions of elements in their order";
  let description = [{
    Element `i` along `dim` of the result is the position (i32) of the element of `x` that comes at place `i`: the smallest first or, with
    `descending`, the largest. Equal elements stay in the order of their positions, in both directions; zeros of both signs are equal. NaN comes
    last, in both directions. Of i1, true is larger. With `count`, the first `count` places alone are found, which takes less time where
    they are few; of fewer elements, all.

    Each row is sorted by the digits of its elements: the time is in proportion to their number. A function needs memory for one row of
    keys and positions, twice, whatever the number of rows.

    ```mlir
    %i = dither.argsort %x {dim = 1 : i64} : tensor<?x128xf32>
    %j = dither.argsort %x {dim = 1 : i64, descending, count = 4 : i64} : tensor<?x128xf32>
    ```

    Constraints: (C1) `dim` is below the rank; (C2) the extent along it is known, and its positions are i32; (C3) `count` is not negative.
  }];
  let arguments = (ins Dither_Tensor:$x, I64Attr:$dim, UnitAttr:$descending, OptionalAttr<I64Attr>:$count);
  let results = (outs Dither_IntTensor:$indices);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

def Dither_SortOp : Dither_PureOp<"sort", [
    AllTypesMatch<["x", "y"]>, Dither_Decomposable, Dither_DifferentiatedByParts]> {
  let summary = "Elements in their order";
  let description = [{
    The elements of `x` along `dim` in the order of `dither.argsort`. The gradient of an element goes to where it was taken from.

    ```mlir
    %y = dither.sort %x {dim = 1 : i64, descending} : tensor<?x128xf32>
    ```

    Constraints: (C1), (C2) as in `dither.argsort`.
  }];
  let arguments = (ins Dither_Tensor:$x, I64Attr:$dim, UnitAttr:$descending);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
  let hasVerifier = 1;
}

def Dither_TopKOp : Dither_PureOp<"top_k", [Dither_InferTypes, Dither_Decomposable, Dither_DifferentiatedByParts]> {
  let summary = "The largest elements of each row and where they are";
  let description = [{
    The `k` largest elements along the last dimension, the largest first, and their positions (i32); with `smallest`, the smallest ones. Of equal
    elements, that with the lower position comes first. NaN comes last, as in `dither.argsort`. The gradient of an element goes to where it was
    taken from.

    ```mlir
    %values, %indices = dither.top_k %x {k = 4 : i64} : tensor<?x128xf32>
    ```

    Constraints: (C1) the rank is at least 1; (C2) the last extent is known, and its positions are i32; (C3) `k` is from 0 to this extent.
  }];
  let arguments = (ins Dither_Tensor:$x, I64Attr:$k, UnitAttr:$smallest);
  let results = (outs Dither_Tensor:$values, Dither_IntTensor:$indices);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

//===- Positions along a dimension ----------------------------------------===//

def Dither_TakeAlongOp : Dither_CoreOp<"take_along", [Dither_InferTypes, Dither_Differentiable]> {
  let summary = "Elements by their positions along one dimension";
  let description = [{
    Element `(..., i, ...)` of the result is element `(..., indices[..., i, ...], ...)` of `x`, where `i` stands at `dim`. A position below
    0 is 0, one beyond the last element the last one. The gradient of an element is the sum over all positions that took it.

    ```mlir
    %y = dither.take_along %x, %i {dim = 1 : i64} : tensor<?x128xf32>, tensor<?x4xi32>
    ```

    Constraints: (C1) `dim` is below the rank of `x`; (C2) `indices` is a tensor of i32 with the extents of `x` but for that along `dim`;
    (C3) the extent of `x` along `dim` is known, and not 0 unless nothing is taken.
  }];
  let arguments = (ins Dither_Tensor:$x, Dither_IntTensor:$indices, I64Attr:$dim);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x `,` $indices attr-dict `:` type($x) `,` type($indices)";
}

def Dither_ScatterAddAlongOp : Dither_PureOp<"scatter_add_along", [
    DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>, AllTypesMatch<["x", "y"]>, Dither_Differentiable]> {
  let summary = "Sums at positions along one dimension";
  let description = [{
    `x` with each element of `updates` added at its position in `indices` along `dim`: the transpose of `dither.take_along`. What goes to equal
    positions adds up, always in the same order. Positions that do not exist change nothing. Sums of 16 bits are rounded once.

    ```mlir
    %y = dither.scatter_add_along %updates into %x at %i {dim = 1 : i64} : tensor<?x4xf32>, tensor<?x128xf32>, tensor<?x4xi32>
    ```

    Constraints: (C1) `dim` is below the rank of `x`; (C2) `indices` is a tensor of i32 with the extents of `x` but for that along `dim`;
    (C3) the extent of `x` along `dim` is known; (C4) `updates` has the shape of `indices` and the element type of `x`.
  }];
  let arguments = (ins Dither_Tensor:$updates, Dither_Tensor:$x, Dither_IntTensor:$indices, I64Attr:$dim);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$updates `into` $x `at` $indices attr-dict `:` type($updates) `,` type($x) `,` type($indices)";
  let hasVerifier = 1;
}

//===- Differentiable sorting ---------------------------------------------===//

def Dither_SortingNetwork : I32EnumAttr<"SortingNetwork", "which elements are compared", [
    I32EnumAttrCase<"oddEven", 0, "odd_even">, I32EnumAttrCase<"bitonic", 1>]> {
  let cppNamespace = "::dither";
}

def Dither_SoftSwap : I32EnumAttr<"SoftSwap", "how much of two elements is swapped", [
    I32EnumAttrCase<"logistic", 0>, I32EnumAttrCase<"reciprocal", 1>, I32EnumAttrCase<"cauchy", 2>, I32EnumAttrCase<"optimal", 3>]> {
  let cppNamespace = "::dither";
}

class Dither_SoftSortingOp<string mnemonic, list<Trait> traits> : Dither_PureOp<mnemonic, !listconcat([
    Dither_Decomposable, Dither_DifferentiatedByParts], traits)> {
  let arguments = (ins Dither_SortingNetwork:$network, Dither_SoftSwap:$swap, Dither_FloatTensor:$x,
                       DefaultValuedAttr<F64Attr, "1.0">:$steepness, UnitAttr:$descending);
  let assemblyFormat = "$network $swap $x attr-dict `:` type($x)";
}

def Dither_SoftSortOp : Dither_SoftSortingOp<"soft_sort", [AllTypesMatch<["x", "y"]>]> {
  let summary = "Differentiable sorting of rows";
  let description = [{
    A sorting network along the last dimension, each of whose comparisons mixes what it compares: `a` and `b` become `a f + b (1 - f)` and
    `a (1 - f) + b f`, with `f` the swap function of `t = steepness (b - a)`. Smallest elements come first or, with `descending`, the largest.
    Sums of rows stay what they are; for a large steepness the result is that of `dither.sort`.

    | swap | f(t) |
    |---|---|
    | `logistic` | `1 / (1 + exp(-t))` |
    | `reciprocal` | `1/2 + t / (1 + 2 abs(t))` |
    | `cauchy` | `1/2 + atan(pi t) / pi` |
    | `optimal` | `1/2 + t` up to `abs(t) = 1/4`, beyond it `1 - 1 / (16 t)` or, of negative ones, `-1 / (16 t)` |

    With all but `logistic`, results are monotone in each element, and their errors are bounded; with `optimal`, by the least bound
    ("Monotonic Differentiable Sorting Networks"). `odd_even` has a layer of comparisons of neighbours for each element, which a loop runs;
    `bitonic` has `log2(n) (log2(n) + 1) / 2` layers. Floats of 16 bits are widened to f32 on the way. Inputs are finite.

    ```mlir
    %y = dither.soft_sort odd_even cauchy %x {steepness = 10.0 : f64} : tensor<?x10xf32>
    %z = dither.soft_sort bitonic optimal %w {steepness = 10.0 : f64, descending} : tensor<?x16xf32>
    ```

    Constraints: (C1) the rank is at least 1, and all extents but the first are known, the last one always; (C2) `steepness` is positive and finite;
    (C3) `bitonic` sorts as many elements as a power of two.
  }];
  let results = (outs Dither_FloatTensor:$y);
  let hasVerifier = 1;
}

def Dither_SoftPermutationOp : Dither_SoftSortingOp<"soft_permutation", [Dither_InferTypes]> {
  let summary = "The relaxed permutation of differentiable sorting";
  let description = [{
    The matrix, of each row of `x`, that `dither.soft_sort` multiplies it with: row `i` of the matrix has the shares of the elements in what comes
    at place `i`. Rows and columns sum to 1. It is made by the same network, whose comparisons mix rows of the identity; its cost is that of
    `dither.soft_sort` times the number of elements of a row.

    ```mlir
    %p = dither.soft_permutation odd_even cauchy %x {steepness = 10.0 : f64} : tensor<?x10xf32>
    ```

    Constraints: those of `dither.soft_sort`.
  }];
  let results = (outs Dither_FloatTensor:$p);
}

#endif // DITHER_SORTING_TD
