#ifndef DITHER_REDUCTION_TD
#define DITHER_REDUCTION_TD

include "Dither/IR/OpBase.td"

def Dither_ReduceKind : I32EnumAttr<"ReduceKind", "how elements are combined", [
    I32EnumAttrCase<"sum", 0>, I32EnumAttrCase<"max", 1>, I32EnumAttrCase<"min", 2>, I32EnumAttrCase<"product", 3>,
    I32EnumAttrCase<"bitAnd", 4, "and">, I32EnumAttrCase<"bitOr", 5, "or">]> {
  let cppNamespace = "::dither";
}

def Dither_ScanKind : I32EnumAttr<"ScanKind", "how elements up to each one are combined", [
    I32EnumAttrCase<"sum", 0>, I32EnumAttrCase<"product", 1>, I32EnumAttrCase<"max", 2>, I32EnumAttrCase<"min", 3>,
    I32EnumAttrCase<"logsumexp", 4>]> {
  let cppNamespace = "::dither";
}

class Dither_ReductionOp<string mnemonic, list<Trait> traits> : Dither_PureOp<mnemonic, !listconcat([
    DeclareOpInterfaceMethods<InferTypeOpInterface>], traits)> {
  let results = (outs Dither_Tensor:$y);
  let extraClassDefinition = [{
    ::llvm::SmallVector<int64_t> $cppClass::getReducedDims() {
      return ::dither::getReducedDims(getX().getType(), getDims());
    }
  }];
  let extraClassDeclaration = [{
    /// The given dimensions, or all.
    ::llvm::SmallVector<int64_t> getReducedDims();
  }];
}

def Dither_ReduceOp : Dither_ReductionOp<"reduce", [
    DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>, Dither_Differentiable]> {
  let summary = "Sum, product, maximum, minimum or bitwise combination over dimensions";
  let description = [{
    Combines all elements along `dims`; none given says all. With `keep`, a reduced dimension remains with extent 1.
    The sum of nothing is 0, the product 1, the maximum -inf (integers: the least), the minimum inf, the bitwise `and` has all bits and the
    `or` none. NaN wins. The gradient of a maximum goes to all elements that equal it, in equal parts; that of a product is the product of
    the other elements, without a division.

    ```mlir
    %y = dither.reduce sum %x {dims = array<i64: 1>, keep} : tensor<?x10xf32>
    %p = dither.reduce product %x {dims = array<i64: 1>} : tensor<?x10xf32>
    %any = dither.reduce or %mask : tensor<?x10xi1>
    ```

    Constraints: (C1) `dims` are distinct, ascending and below the rank; (C2) `and` and `or` combine integers.
  }];
  let arguments = (ins Dither_ReduceKind:$kind, Dither_Tensor:$x, OptionalAttr<DenseI64ArrayAttr>:$dims, UnitAttr:$keep);
  let assemblyFormat = "$kind $x attr-dict `:` type($x)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Dither_MeanOp : Dither_ReductionOp<"mean", [Dither_Decomposable, Dither_Differentiable]> {
  let summary = "Arithmetic mean over dimensions";
  let description = [{
    The sum divided by the count; the mean of nothing is NaN. `dims` and `keep` as in `dither.reduce`.

    ```mlir
    %y = dither.mean %x : tensor<?x10xf32>
    ```

    Constraints: (C1) as in `dither.reduce`.
  }];
  let arguments = (ins Dither_FloatTensor:$x, OptionalAttr<DenseI64ArrayAttr>:$dims, UnitAttr:$keep);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

def Dither_CountOp : Dither_PureOp<"count", [DeclareOpInterfaceMethods<ReferenceOpInterface>]> {
  let summary = "The product of extents, known when the shape is";
  let description = [{
    The number of elements along `dims`, as an element of the type of `x`, in a tensor of rank 0.

    ```mlir
    %n = dither.count %x {dims = array<i64: 0>} : tensor<?x10xf32> -> tensor<f32>
    ```

    Constraints: (C1) as in `dither.reduce`; (C2) the result has rank 0.
  }];
  let arguments = (ins Dither_Tensor:$x, DenseI64ArrayAttr:$dims);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x) `->` type($y)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Dither_LogSumExpOp : Dither_ReductionOp<"logsumexp", [Dither_Decomposable, Dither_Differentiable]> {
  let summary = "log(sum(exp(x))) over dimensions";
  let description = [{
    Shifted by the maximum, so that nothing overflows: of elements that are all -inf it is -inf, as of nothing; one that is inf makes it inf.
    Floats of 16 bits are widened to f32 on the way. `dims` and `keep` as in `dither.reduce`. The gradient weights are `exp(x - y)`; that of an
    element which equals the result is 1.

    ```mlir
    %y = dither.logsumexp %x {dims = array<i64: 1>} : tensor<?x10xf32>
    ```

    Constraints: (C1) as in `dither.reduce`.
  }];
  let arguments = (ins Dither_FloatTensor:$x, OptionalAttr<DenseI64ArrayAttr>:$dims, UnitAttr:$keep);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

def Dither_ScanOp : Dither_CoreOp<"scan", [AllTypesMatch<["x", "y"]>, Dither_Differentiable]> {
  let summary = "Combinations of all elements up to each one";
  let description = [{
    Element `i` along `dim` is the sum, product, maximum, minimum or `log(sum(exp))` of the elements `0, ..., i` of `x`, combined from the first
    to the last and rounded to the type after each (floats of 16 bits where they are stored). With `exclusive`, element `i` itself is left out:
    the first result is that of nothing, 0, 1, -inf, inf and -inf (of integers, the extreme ones). With `reverse`, it goes from the last element
    to the first. NaN stays.

    The gradient of a maximum goes to the first of the elements that equal it; that of a product is made without a division.

    ```mlir
    %y = dither.scan sum %x {dim = 0 : i64} : tensor<128xf32>
    %z = dither.scan logsumexp %s {dim = 1 : i64, exclusive, reverse} : tensor<?x128xf32>
    ```

    Constraints: (C1) `dim` is below the rank; (C2) `logsumexp` combines floats.
  }];
  let arguments = (ins Dither_ScanKind:$kind, Dither_Tensor:$x, I64Attr:$dim, UnitAttr:$reverse, UnitAttr:$exclusive);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$kind $x attr-dict `:` type($x)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The reduction that goes on; none for `logsumexp`.
    ::std::optional<::dither::ReduceKind> getReduceKind();
  }];
}

def Dither_RecurrenceOp : Dither_CoreOp<"recurrence", [AllTypesMatch<["a", "b", "h"]>, Dither_Differentiable]> {
  let summary = "A linear recurrence of the first order";
  let description = [{
    `h[i] = a[i] h[i - 1] + b[i]` along `dim`, where the one before the first is `initial`, or 0; rounded to the type after each element (floats of
    16 bits where they are stored). With `exclusive`, element `i` of the result is `h[i - 1]`. With `reverse`, it goes from the last element to the
    first.

    ```mlir
    %h = dither.recurrence %a, %b {dim = 1 : i64} : tensor<?x128x16xf32>
    %g = dither.recurrence %a, %b from %first {dim = 1 : i64} : tensor<?x128x16xf32> from tensor<?x16xf32>
    ```

    Constraints: (C1) `dim` is below the rank; (C2) `initial` has the type of `a` without `dim`, which is static then, as all but the first
    dimension are.
  }];
  let arguments = (ins Dither_Tensor:$a, Dither_Tensor:$b, Optional<Dither_Tensor>:$initial, I64Attr:$dim, UnitAttr:$reverse, UnitAttr:$exclusive);
  let results = (outs Dither_Tensor:$h);
  let assemblyFormat = "$a `,` $b (`from` $initial^)? attr-dict `:` type($a) (`from` type($initial)^)?";
  let hasVerifier = 1;
}

def Dither_ArgmaxOp : Dither_PureOp<"argmax", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>, DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>]> {
  let summary = "Position of the largest element along the last dimension";
  let description = [{
    The index (i32) of the largest element of each row; of equal ones the first; NaN counts as largest.

    ```mlir
    %y = dither.argmax %x : tensor<?x10xf32>
    ```

    Constraints: (C1) the rank is at least 1; (C2) the last dimension is static and not 0.
  }];
  let arguments = (ins Dither_Tensor:$x);
  let results = (outs Dither_IntTensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

def Dither_ArgminOp : Dither_PureOp<"argmin", [Dither_InferTypes, Dither_Decomposable]> {
  let summary = "Position of the smallest element along the last dimension";
  let description = [{
    The index (i32) of the smallest element of each row; of equal ones the first; NaN counts as smallest.

    ```mlir
    %y = dither.argmin %x : tensor<?x10xf32>
    ```

    Constraints: those of `dither.argmax`.
  }];
  let arguments = (ins Dither_Tensor:$x);
  let results = (outs Dither_IntTensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

#endif // DITHER_REDUCTION_TD
