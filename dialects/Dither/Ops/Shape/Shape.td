#ifndef DITHER_SHAPE_TD
#define DITHER_SHAPE_TD

include "Dither/IR/OpBase.td"

def Dither_ConstantOp : Dither_CoreOp<"constant", [ConstantLike, AllTypesMatch<["value", "y"]>]> {
  let summary = "A tensor that is known";
  let description = [{
    ```mlir
    %c = dither.constant dense<1.0> : tensor<4xf32>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
}

def Dither_IotaOp : Dither_CoreOp<"iota"> {
  let summary = "Counts 0, 1, 2, ... along one dimension";
  let description = [{
    ```mlir
    %i = dither.iota {dim = 1 : i64} : tensor<1x10xi32>
    ```

    Constraints: (C1) `dim` is below the rank; (C2) the shape is static.
  }];
  let arguments = (ins I64Attr:$dim);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "attr-dict `:` type($y)";
  let hasVerifier = 1;
}

class Dither_ShapeOp<string mnemonic, list<Trait> traits = []> : Dither_PureOp<mnemonic, !listconcat([
    DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>, Dither_Differentiable], traits)> {
  let arguments = (ins Dither_Tensor:$x);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x) `to` type($y)";
  let hasVerifier = 1;
}

def Dither_ReshapeOp : Dither_ShapeOp<"reshape"> {
  let summary = "The same elements in row-major order under another shape";
  let description = [{
    ```mlir
    %y = dither.reshape %x : tensor<?x64xf32> to tensor<?x8x8xf32>
    ```

    Constraints: (C1) the element types agree; (C2) the counts agree; (C3) at most the first dimension is dynamic, on both sides.
  }];
  let hasFolder = 1;
}

def Dither_TransposeOp : Dither_PureOp<"transpose", [
    DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>, Dither_Differentiable,
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "Permutation of dimensions";
  let description = [{
    Dimension `i` of the result is dimension `permutation[i]` of the operand.

    ```mlir
    %y = dither.transpose %x {permutation = array<i64: 1, 0>} : tensor<4x3xf32>
    ```

    Constraints: (C1) `permutation` is one of the rank.
  }];
  let arguments = (ins Dither_Tensor:$x, DenseI64ArrayAttr:$permutation);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
  let hasFolder = 1;
}

def Dither_BroadcastOp : Dither_PureOp<"broadcast", [
    DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>, Dither_Differentiable,
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "Stretches a tensor to the shape of another";
  let description = [{
    The elements of `like` are not read.

    ```mlir
    %y = dither.broadcast %x like %z : tensor<3xf32>, tensor<?x3xi32>
    ```

    Constraints: (C1) the shape of `x` broadcasts to that of `like`.
  }];
  let arguments = (ins Dither_Tensor:$x, Dither_Tensor:$like);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x `like` $like attr-dict `:` type($x) `,` type($like)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Dither_SliceOp : Dither_PureOp<"slice", [
    DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>, Dither_Differentiable,
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "A box of a tensor";
  let description = [{
    Elements `offsets[i] + k strides[i]`, `k < sizes[i]`, of each dimension. A size of -1 takes a dynamic dimension whole.

    ```mlir
    %y = dither.slice %x {offsets = array<i64: 0, 2>, sizes = array<i64: -1, 3>, strides = array<i64: 1, 2>} : tensor<?x8xf32>
    ```

    Constraints: (C1) one offset, size and stride for each dimension, offsets and sizes not negative, strides positive; (C2) the box lies
    inside; (C3) a dynamic dimension is taken whole.
  }];
  let arguments = (ins Dither_Tensor:$x, DenseI64ArrayAttr:$offsets, DenseI64ArrayAttr:$sizes, DenseI64ArrayAttr:$strides);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

def Dither_EmbedOp : Dither_PureOp<"embed", [
    DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>, Dither_Differentiable,
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "Places a box into a tensor of zeros";
  let description = [{
    The transpose of `dither.slice`: zeros of the shape of `like`, whose elements are not read, with `x` at the box.

    ```mlir
    %y = dither.embed %x like %z {offsets = array<i64: 0, 2>, strides = array<i64: 1, 2>} : tensor<?x3xf32>, tensor<?x8xf32>
    ```

    Constraints: (C1) one offset and one stride for each dimension; (C2) the box lies inside.
  }];
  let arguments = (ins Dither_Tensor:$x, Dither_Tensor:$like, DenseI64ArrayAttr:$offsets, DenseI64ArrayAttr:$strides);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x `like` $like attr-dict `:` type($x) `,` type($like)";
}

#endif // DITHER_SHAPE_TD
