#ifndef DITHER_POOLING_TD
#define DITHER_POOLING_TD

include "Dither/IR/OpBase.td"

/// A window over images `[batch, height, width, channels]`; it moves by its own size unless there are `strides`.
class Dither_PoolOp<string mnemonic, dag more = (ins)> : Dither_PureOp<mnemonic, [
    DeclareOpInterfaceMethods<InferTypeOpInterface>, Dither_Decomposable, Dither_DifferentiatedByParts]> {
  let arguments = !con((ins Dither_FloatTensor:$x, DenseI64ArrayAttr:$kernel, OptionalAttr<DenseI64ArrayAttr>:$strides,
                            DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
                            DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations), more);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

def Dither_MaxPool2dOp : Dither_PoolOp<"max_pool2d"> {
  let summary = "Largest elements under a window over images";
  let description = [{
    The maximum over all elements of each channel that a window of `dither.patches` sees, whose attributes it has; without `strides`, windows
    stand side by side. Padding is -inf. NaN wins. Equal elements share a gradient.

    ```mlir
    %y = dither.max_pool2d %x {kernel = array<i64: 2, 2>} : tensor<?x8x8x16xf32>
    %z = dither.max_pool2d %y {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x4x4x16xf32>
    ```

    Constraints: (C1) to (C3) of `dither.patches`.
  }];
}

def Dither_AvgPool2dOp : Dither_PoolOp<"avg_pool2d", (ins UnitAttr:$count_padding)> {
  let summary = "Means of the elements under a window over images";
  let description = [{
    The mean over all elements of each channel that a window of `dither.patches` sees, whose attributes it has; without `strides`, windows stand
    side by side. The mean is that of the elements of the image; with `count_padding`, what is seen of the padding counts, as zeros. Without it,
    the mean of a window that sees padding alone is NaN.

    ```mlir
    %y = dither.avg_pool2d %x {kernel = array<i64: 2, 2>} : tensor<?x8x8x16xf32>
    %z = dither.avg_pool2d %y {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>, count_padding}
      : tensor<?x4x4x16xf32>
    ```

    Constraints: (C1) to (C3) of `dither.patches`.
  }];
}

#endif // DITHER_POOLING_TD
