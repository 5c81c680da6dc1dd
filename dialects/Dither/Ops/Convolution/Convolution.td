#ifndef DITHER_CONVOLUTION_TD
#define DITHER_CONVOLUTION_TD

include "Dither/IR/OpBase.td"

/// How a window moves over images `[batch, height, width, channels]`.
class Dither_WindowOp<string mnemonic, list<Trait> traits = []> : Dither_PureOp<mnemonic, traits> {
  dag window = (ins DenseI64ArrayAttr:$kernel, DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
                    DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$padding,
                    DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations);
}

def Dither_PatchesOp : Dither_WindowOp<"patches", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>, DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>,
    Dither_Differentiable]> {
  let summary = "What a window sees of images, at each of its positions";
  let description = [{
    Of images `[batch, height, width, channels]`, the elements under a window of `kernel` rows and columns: `[batch, positions down, positions
    across, kernel rows * kernel columns * channels]`, row after row of the window, channels innermost. The window moves by `strides`, looks at
    each `dilations`-th row and column, and sees zeros outside of the image, which `padding` rows above, below, and columns left, right are
    added to. Also known as unfold, or im2col. Element `(n, i, j, (k, l, c))` is `x(n, i s + k d - top, j s + l d - left, c)`.

    ```mlir
    %p = dither.patches %x {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x8x8x16xf32>
    ```

    Constraints: (C1) `x` has rank 4, and all but the batch is static; (C2) `kernel`, `strides` and `dilations` are two positive numbers, down and
    across, `padding` four that are not negative, all below 2^31; (C3) the window fits into the padded image, and elements of patches can be counted.
  }];
  let arguments = !con((ins Dither_Tensor:$x), window);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
  let hasFolder = 1;
}

def Dither_FoldOp : Dither_WindowOp<"fold", [DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>, Dither_Differentiable]> {
  let summary = "Images of the sums of what windows say of each element";
  let description = [{
    The transpose of `dither.patches`, whose attributes it has: each element of the images is the sum of those elements of the patches that
    `dither.patches` copies from there. What lies in the padding is dropped. Also known as col2im.

    ```mlir
    %x = dither.fold %p {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>} : tensor<?x8x8x144xf32> to tensor<?x8x8x16xf32>
    ```

    Constraints: those of `dither.patches` for the result; (C4) `p` has the type of its patches.
  }];
  let arguments = !con((ins Dither_FloatTensor:$p), window);
  let results = (outs Dither_FloatTensor:$x);
  let assemblyFormat = "$p attr-dict `:` type($p) `to` type($x)";
  let hasVerifier = 1;
}

def Dither_Conv2dOp : Dither_WindowOp<"conv2d", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>, Dither_Decomposable, Dither_DifferentiatedByParts]> {
  let summary = "Convolution of images";
  let description = [{
    `y = patches(x) w + b` for images `x` of shape `[batch, height, width, in]`, an optional `b` of `[out]` and a matrix `w` of `[kernel rows *
    kernel columns * in, out]`, whose rows are in the order of `dither.patches`, as are the attributes: the product of each patch with the
    weights. (Strictly, a cross-correlation: the kernel is not mirrored.)

    The weights are a matrix so that patterns, formats and recipes of matrices serve them as they are: groups of 2:4 run along the input channels,
    and kernels read packed weights in all three products of a training step.

    With `groups`, channels are cut into as many parts of one size, in the order that they are in, and each part of the output sees the same part
    of the input alone: `w` has `kernel rows * kernel columns * in / groups` rows. As many groups as input channels make a depthwise convolution.

    ```mlir
    %y = dither.conv2d %x, %w, %b {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>}
      : tensor<?x8x8x16xf32>, tensor<144x32xf32>, tensor<32xf32>
    %z = dither.conv2d %y, %v {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : tensor<?x8x8x32xf32>, tensor<128x64xf32>
    %d = dither.conv2d %z, %u {kernel = array<i64: 3, 3>, groups = 64 : i64} : tensor<?x4x4x64xf32>, tensor<9x64xf32>
    ```

    Constraints: (C1) to (C3) of `dither.patches`; (C4) `w` has rank 2 and as many rows as a group's patches have elements, `b` rank 1 and as many
    elements as `w` has columns; (C5) the element types agree; (C6) `groups` is positive and divides the numbers of channels.
  }];
  let arguments = !con((ins Dither_FloatTensor:$x, Dither_FloatTensor:$w, Optional<Dither_FloatTensor>:$b), window,
                       (ins DefaultValuedOptionalAttr<I64Attr, "1">:$groups));
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$x `,` $w (`,` $b^)? attr-dict `:` type($x) `,` type($w) (`,` type($b)^)?";
}

def Dither_Conv1dOp : Dither_PureOp<"conv1d", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>, Dither_Decomposable, Dither_DifferentiatedByParts]> {
  let summary = "Convolution of sequences";
  let description = [{
    `dither.conv2d` of sequences `[batch, length, in]`, as images of one row: `kernel` elements are seen at a time, `padding` are added in front
    and behind, and `w` is `[kernel * in / groups, out]`.

    ```mlir
    %y = dither.conv1d %x, %w, %b {kernel = 3 : i64, padding = array<i64: 1, 1>} : tensor<?x50x16xf32>, tensor<48x32xf32>, tensor<32xf32>
    ```

    Constraints: (C1) `x` has rank 3, and all but the batch is static; (C2) `padding` are two numbers, in front and behind; all others of
    `dither.conv2d` for images of one row.
  }];
  let arguments = (ins Dither_FloatTensor:$x, Dither_FloatTensor:$w, Optional<Dither_FloatTensor>:$b, I64Attr:$kernel,
                       DefaultValuedOptionalAttr<I64Attr, "1">:$stride, DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{0, 0}">:$padding,
                       DefaultValuedOptionalAttr<I64Attr, "1">:$dilation, DefaultValuedOptionalAttr<I64Attr, "1">:$groups);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$x `,` $w (`,` $b^)? attr-dict `:` type($x) `,` type($w) (`,` type($b)^)?";
}

def Dither_ConvTranspose2dOp : Dither_WindowOp<"conv_transpose2d", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>, Dither_Decomposable, Dither_DifferentiatedByParts]> {
  let summary = "Transposed convolution of images";
  let description = [{
    `y = fold(x w) + b`: each element of `x` places a multiple of the kernel into the result, where multiples that overlap add up. With weights
    transposed, this is the gradient of `dither.conv2d` for its images. For `x` of `[batch, height, width, in]`, `w` is a matrix of `[in, kernel
    rows * kernel columns * out]`, whose columns are in the order of `dither.fold`, and `b` is `[out]`.

    The result has `(height - 1) strides + (kernel - 1) dilations + 1` rows, less those of `padding`, which are cut off, and `output_padding` more
    at the end, and columns likewise.

    ```mlir
    %y = dither.conv_transpose2d %x, %w, %b {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
      : tensor<?x4x4x32xf32>, tensor<32x64xf32>, tensor<16xf32>
    ```

    Constraints: (C1) `x` has rank 4, and all but the batch is static, height and width not 0; (C2) as of `dither.patches`; `output_padding` are two
    numbers, down and across, not negative and below `strides`; (C3) the result has rows and columns, and elements of patches can be counted;
    (C4) `w` has rank 2, as many rows as `x` has channels and columns that are a multiple of the elements of the kernel, `b` rank 1 and as many
    elements as the result has channels; (C5) the element types agree.
  }];
  let arguments = !con((ins Dither_FloatTensor:$x, Dither_FloatTensor:$w, Optional<Dither_FloatTensor>:$b), window,
                       (ins DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{0, 0}">:$output_padding));
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$x `,` $w (`,` $b^)? attr-dict `:` type($x) `,` type($w) (`,` type($b)^)?";
}

#endif // DITHER_CONVOLUTION_TD
