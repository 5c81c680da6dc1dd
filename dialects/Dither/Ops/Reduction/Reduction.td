#ifndef DITHER_REDUCTION_TD
#define DITHER_REDUCTION_TD

include "Dither/IR/OpBase.td"

def Dither_ReduceKind : I32EnumAttr<"ReduceKind", "how elements are combined", [
    I32EnumAttrCase<"sum", 0>, I32EnumAttrCase<"max", 1>, I32EnumAttrCase<"min", 2>]> {
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
  let summary = "Sum, maximum or minimum over dimensions";
  let description = [{
    Combines all elements along `dims`; none given says all. With `keep`, a reduced dimension remains with extent 1.
    The sum of nothing is 0, the maximum -inf (integers: the least), the minimum inf. NaN wins. The gradient of a maximum goes to
    all elements that equal it, in equal parts.

    ```mlir
    %y = dither.reduce sum %x {dims = array<i64: 1>, keep} : tensor<?x10xf32>
    ```

    Constraints: (C1) `dims` are distinct, ascending and below the rank.
  }];
  let arguments = (ins Dither_ReduceKind:$kind, Dither_Tensor:$x, OptionalAttr<DenseI64ArrayAttr>:$dims, UnitAttr:$keep);
  let assemblyFormat = "$kind $x attr-dict `:` type($x)";
  let hasFolder = 1;
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

def Dither_CumsumOp : Dither_PureOp<"cumsum", [
    AllTypesMatch<["x", "y"]>, DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>, Dither_Differentiable]> {
  let summary = "Sums of all elements up to each one";
  let description = [{
    Element `i` along `dim` is the sum of the elements `0, ..., i` of `x`, from the first to the last.

    ```mlir
    %y = dither.cumsum %x {dim = 0 : i64} : tensor<128xf32>
    ```

    Constraints: (C1) `dim` is below the rank.
  }];
  let arguments = (ins Dither_Tensor:$x, I64Attr:$dim);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
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

#endif // DITHER_REDUCTION_TD
