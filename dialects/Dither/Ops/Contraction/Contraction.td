#ifndef DITHER_CONTRACTION_TD
#define DITHER_CONTRACTION_TD

include "Dither/IR/OpBase.td"

def Dither_MatmulOp : Dither_PureOp<"matmul", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>, DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>,
    Dither_Differentiable]> {
  let summary = "Matrix product";
  let description = [{
    `z = x y`, where `transpose_x` and `transpose_y` take the operand's transpose. An `x` of more dimensions is a matrix whose rows are counted by
    all of them but the last: so are those of the result, and `transpose_x` contracts all of them, with those of a `y` of as many dimensions.

    ```mlir
    %z = dither.matmul %x, %y : tensor<?x64xf32>, tensor<64x10xf32>
    %g = dither.matmul %x, %z {transpose_x} : tensor<?x64xf32>, tensor<?x10xf32>
    %i = dither.matmul %image, %y : tensor<?x8x8x64xf32>, tensor<64x10xf32>
    %j = dither.matmul %image, %i {transpose_x} : tensor<?x8x8x64xf32>, tensor<?x8x8x10xf32>
    ```

    Constraints: (C1) `x` has rank 2 or more and `y` rank 2, or the rank of `x` with `transpose_x`; both are transposed only as matrices;
    (C2) the contracted extents agree; (C3) the element types agree.
  }];
  let arguments = (ins Dither_FloatTensor:$x, Dither_FloatTensor:$y, UnitAttr:$transpose_x, UnitAttr:$transpose_y);
  let results = (outs Dither_FloatTensor:$z);
  let assemblyFormat = "$x `,` $y attr-dict `:` type($x) `,` type($y)";
  let hasCanonicalizer = 1;
}

def Dither_LinearOp : Dither_PureOp<"linear", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>, Dither_Decomposable, Dither_Differentiable,
    DeclareOpInterfaceMethods<EstimatedOpInterface>]> {
  let summary = "Affine map of rows";
  let description = [{
    `y = x w + b` for `x` of shape `[batch, in]`, `w` of `[in, out]` and an optional `b` of `[out]`. There may be more dimensions between `batch` and
    `in`, which count rows as the batch does. `backward` may name an estimator of the gradients.

    ```mlir
    %y = dither.linear %x, %w, %b : tensor<?x64xf32>, tensor<64x256xf32>, tensor<256xf32>
    %z = dither.linear %y, %v {backward = #dither.sketch<ratio = 0.25>} : tensor<?x256xf32>, tensor<256x10xf32>
    ```

    Constraints: (C1) `x` has rank 2 or more, `w` rank 2, `b` rank 1; (C2) the extents agree; (C3) the element types agree;
    (C4) `backward` serves linear ops.
  }];
  let arguments = (ins Dither_FloatTensor:$x, Dither_FloatTensor:$w, Optional<Dither_FloatTensor>:$b, OptionalAttr<AnyAttr>:$backward);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$x `,` $w (`,` $b^)? attr-dict `:` type($x) `,` type($w) (`,` type($b)^)?";
  let hasVerifier = 1;
}

#endif // DITHER_CONTRACTION_TD
