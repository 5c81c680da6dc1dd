#ifndef DITHER_REARRANGE_TD
#define DITHER_REARRANGE_TD

include "Dither/IR/OpBase.td"

class Dither_RearrangeOp<string mnemonic, list<Trait> traits = []> : Dither_PureOp<mnemonic, !listconcat([
    DeclareOpInterfaceMethods<InferTypeOpInterface>], traits)>;

/// What the interpreter and the lowering know by itself.
defvar Dither_MovesElements = [DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>, Dither_Differentiable];
/// What is an expression in those.
defvar Dither_MovesByParts = [Dither_Decomposable, Dither_DifferentiatedByParts];

def Dither_ConcatOp : Dither_RearrangeOp<"concat", Dither_MovesElements> {
  let summary = "Tensors one after the other along a dimension";
  let description = [{
    ```mlir
    %y = dither.concat %a, %b {dim = 1 : i64} : tensor<?x3xf32>, tensor<?x5xf32>
    ```

    Constraints: (C1) there is an operand, and `dim` is below its rank; (C2) the types agree but for their extents along `dim`; (C3) those are
    static, and their sum can be counted.
  }];
  let arguments = (ins Variadic<Dither_Tensor>:$xs, I64Attr:$dim);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$xs attr-dict `:` type($xs)";
  let hasFolder = 1;
}

def Dither_PadOp : Dither_RearrangeOp<"pad", Dither_MovesElements> {
  let summary = "A tensor with more elements around it";
  let description = [{
    In each dimension, `low` elements in front and `high` behind that are `value`, rounded to the element type.

    ```mlir
    %y = dither.pad %x {low = array<i64: 0, 1>, high = array<i64: 0, 2>} : tensor<?x8xf32>
    // With -inf.
    %z = dither.pad %y {low = array<i64: 0, 0>, high = array<i64: 0, 1>, value = 0xFFF0000000000000 : f64} : tensor<?x11xf32>
    ```

    Constraints: (C1) `low` and `high` have one number for each dimension, not negative and below 2^31; (C2) a dynamic dimension gets nothing;
    (C3) an integer type holds `value`.
  }];
  let arguments = (ins Dither_Tensor:$x, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high, DefaultValuedOptionalAttr<F64Attr, "0.0">:$value);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
  let hasFolder = 1;
}

def Dither_ReverseOp : Dither_RearrangeOp<"reverse", Dither_MovesElements> {
  let summary = "The elements from last to first";
  let description = [{
    Along each of `dims`, the last element is the first one of the result.

    ```mlir
    %y = dither.reverse %x {dims = array<i64: 1>} : tensor<?x8xf32>
    ```

    Constraints: (C1) `dims` are distinct, ascending and below the rank; (C2) they are static.
  }];
  let arguments = (ins Dither_Tensor:$x, DenseI64ArrayAttr:$dims);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

def Dither_RollOp : Dither_RearrangeOp<"roll", Dither_MovesByParts> {
  let summary = "The elements moved around a circle";
  let description = [{
    Along `dims[i]`, each element moves `shifts[i]` places to the back, backwards if that is negative; what leaves one end comes in at the other.

    ```mlir
    %y = dither.roll %x {shifts = array<i64: 3>, dims = array<i64: 1>} : tensor<?x8xf32>
    ```

    Constraints: (C1) `dims` are distinct, ascending and below the rank; (C2) they are static; (C3) each has a shift.
  }];
  let arguments = (ins Dither_Tensor:$x, DenseI64ArrayAttr:$shifts, DenseI64ArrayAttr:$dims);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

def Dither_RepeatOp : Dither_RearrangeOp<"repeat", Dither_MovesByParts> {
  let summary = "A tensor several times over";
  let description = [{
    The whole of `x`, `counts[i]` times along dimension `i`. Also known as tile.

    ```mlir
    %y = dither.repeat %x {counts = array<i64: 1, 3>} : tensor<?x8xf32>
    ```

    Constraints: (C1) `counts` has one positive number for each dimension, below 2^31; (C2) at most the first dimension is dynamic, and then it is
    there once.
  }];
  let arguments = (ins Dither_Tensor:$x, DenseI64ArrayAttr:$counts);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

def Dither_SplitOp : Dither_RearrangeOp<"split", Dither_MovesByParts> {
  let summary = "The parts of a tensor along a dimension";
  let description = [{
    One result for each of `sizes`, from the first element on.

    ```mlir
    %a, %b = dither.split %x {dim = 1 : i64, sizes = array<i64: 3, 5>} : tensor<?x8xf32>
    ```

    Constraints: (C1) `dim` is below the rank and static; (C2) the `sizes` are not negative, and their sum is the extent.
  }];
  let arguments = (ins Dither_Tensor:$x, I64Attr:$dim, DenseI64ArrayAttr:$sizes);
  let results = (outs Variadic<Dither_Tensor>:$ys);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

#endif // DITHER_REARRANGE_TD
