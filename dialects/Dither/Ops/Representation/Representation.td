#ifndef DITHER_REPRESENTATION_TD
#define DITHER_REPRESENTATION_TD

include "Dither/IR/OpBase.td"

def Dither_ApplyMaskOp : Dither_PureOp<"apply_mask", [AllTypesMatch<["x", "y"]>, Dither_Decomposable, Dither_Differentiable]> {
  let summary = "Keeps the elements under a mask, zero elsewhere";
  let description = [{
    ```mlir
    %y = dither.apply_mask %x, %m : tensor<64x256xf32>, tensor<64x256xi1>
    ```

    Constraints: (C1) the shapes are equal.
  }];
  let arguments = (ins Dither_Tensor:$x, Dither_BoolTensor:$mask);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x `,` $mask attr-dict `:` type($x) `,` type($mask)";
  let hasVerifier = 1;
}

def Dither_PatternMaskOp : Dither_PureOp<"pattern_mask", [DeclareOpInterfaceMethods<InferTypeOpInterface>, Dither_Decomposable]> {
  let summary = "The mask of a pattern for given scores";
  let description = [{
    ```mlir
    %m = dither.pattern_mask #dither.nm<2 : 4> %scores : tensor<64x256xf32>
    ```

    Constraints: (C1) the pattern fits the shape.
  }];
  let arguments = (ins AnyAttr:$pattern, Dither_FloatTensor:$scores);
  let results = (outs Dither_BoolTensor:$mask);
  let assemblyFormat = "$pattern $scores attr-dict `:` type($scores)";
  let hasVerifier = 1;
}

def Dither_QuantizeOp : Dither_PureOp<"quantize", [Dither_Decomposable]> {
  let summary = "Codes and scales of a tensor in a format";
  let description = [{
    ```mlir
    %codes, %scales = dither.quantize #dither.minifloat<e2m1, group = 32> %x : tensor<64x256xf32> -> tensor<64x256xi8>, tensor<2x256xf32>
    ```

    Constraints: (C1) the format fits the shape; (C2) the codes, of i8, and the scales are as the format says.
  }];
  let arguments = (ins AnyAttr:$format, Dither_FloatTensor:$x);
  let results = (outs Dither_IntTensor:$codes, Variadic<Dither_Tensor>:$scales);
  let assemblyFormat = "$format $x attr-dict `:` type($x) `->` type(results)";
  let hasVerifier = 1;
}

def Dither_DequantizeOp : Dither_PureOp<"dequantize", [Dither_Decomposable]> {
  let summary = "Values of codes under scales";
  let description = [{
    ```mlir
    %x = dither.dequantize #dither.minifloat<e2m1, group = 32> %codes, %scales : tensor<64x256xi8>, tensor<2x256xf32> -> tensor<64x256xf32>
    ```

    Constraints: (C1) the format fits the shape; (C2) the scales are as the format says.
  }];
  let arguments = (ins AnyAttr:$format, Dither_IntTensor:$codes, Variadic<Dither_Tensor>:$scales);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$format $codes (`,` $scales^)? attr-dict `:` type($codes) (`,` type($scales)^)? `->` type($y)";
  let hasVerifier = 1;
}

def Dither_RepresentOp : Dither_PureOp<"represent", [
    AllTypesMatch<["x", "y"]>, Dither_Decomposable, DeclareOpInterfaceMethods<EstimatedOpInterface>]> {
  let summary = "The value of a tensor after its representation";
  let description = [{
    Masks `x`, if a mask is given, then quantizes and dequantizes it, if a format is given: the value that a packed tensor stands for. What
    is masked stays zero, also in a format that has none.
    Its exact derivative is undefined; `estimator` says what takes its place.

    ```mlir
    %y = dither.represent %x, %m {format = #dither.minifloat<e2m1, group = 32>, estimator = #dither.straight_through}
           : tensor<64x256xf32>, tensor<64x256xi1>
    ```

    Constraints: (C1) the format fits the shape; (C2) the mask has the shape of `x`; (C3) the estimator serves `dither.represent`.
  }];
  let arguments = (ins Dither_FloatTensor:$x, Optional<Dither_BoolTensor>:$mask, OptionalAttr<AnyAttr>:$format, OptionalAttr<AnyAttr>:$estimator);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$x (`,` $mask^)? attr-dict `:` type($x) (`,` type($mask)^)?";
  let hasVerifier = 1;
}

def Dither_PackBitsOp : Dither_PureOp<"pack_bits", [Dither_Decomposable]> {
  let summary = "Packs unsigned fields of a few bits into bytes";
  let description = [{
    Packs the low `bits` bits of the elements along dimension `dim`. A field is cut into planes whose widths are powers of two, largest first
    (3 bits: 2 and 1); each plane packs `8 / width` consecutive elements into a byte, the first in the low bits; the planes
    follow each other along `dim`. So `n` elements take exactly `ceil(n w / 8)` bytes for each plane width `w`.

    ```mlir
    %p = dither.pack_bits %x {bits = 3 : i64, dim = 0 : i64} : tensor<64x256xi8> -> tensor<24x256xi8>
    ```

    Constraints: (C1) `bits` is 1 to 8; (C2) `dim` is below the rank and static; (C3) the extent along `dim` is as above.
  }];
  let arguments = (ins Dither_IntTensor:$x, I64Attr:$bits, I64Attr:$dim);
  let results = (outs Dither_IntTensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x) `->` type($y)";
  let hasVerifier = 1;
}

def Dither_UnpackBitsOp : Dither_PureOp<"unpack_bits", [Dither_Decomposable]> {
  let summary = "Reads the fields that `dither.pack_bits` wrote";
  let description = [{
    ```mlir
    %x = dither.unpack_bits %p {bits = 3 : i64, dim = 0 : i64} : tensor<24x256xi8> -> tensor<64x256xi8>
    ```

    Constraints: as of `dither.pack_bits`.
  }];
  let arguments = (ins Dither_IntTensor:$x, I64Attr:$bits, I64Attr:$dim);
  let results = (outs Dither_IntTensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x) `->` type($y)";
  let hasVerifier = 1;
}

def Dither_PackOp : Dither_PureOp<"pack", [Dither_Decomposable]> {
  let summary = "A tensor in its packed representation";
  let description = [{
    The parts that a representation stores, in this order: `codes` of the format, or the `values` themselves where there is none,
    of the kept elements alone; `indices` of the pattern; `scales` (and `zeros`) of the format. Codes and indices are fields of a few
    bits, packed along the first dimension (with a pattern: along its groups). Fields of a matrix `[K, N]` are padded with zeros: both extents to
    multiples of 64 where that adds an eighth at most, else `K` to whole words of 32 bits and `N` to a multiple of 16. They lie in memory panel
    after panel, a panel being all rows of 64 columns, or of 16; in it, bytes lie in words of four bytes of one column, of which byte `b` holds
    the elements `b`, `b + 4`, `b + 8` and so on, the first in its low bits. Where padding would make more than three times as much, fields are packed
    as by `dither.pack_bits`. Other parts that are matrices lie panel after panel where 64 divides `N`, and are not padded. So a kernel reads consecutive memory, and one shift makes four bytes of four consecutive elements.

    ```mlir
    %codes, %indices, %scales = dither.pack %x, %m {pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
      : tensor<64x256xf32>, tensor<64x256xi1> -> tensor<16x256xi8>, tensor<8x256xi8>, tensor<2x256xi8>
    ```

    Constraints: (C1) there is a pattern or a format, and a mask if and only if there is a pattern; (C2) they fit the type; (C3) the parts are
    as the representation says.
  }];
  let arguments = (ins Dither_FloatTensor:$x, Optional<Dither_BoolTensor>:$mask, OptionalAttr<AnyAttr>:$pattern, OptionalAttr<AnyAttr>:$format);
  let results = (outs Variadic<Dither_Tensor>:$parts);
  let assemblyFormat = "$x (`,` $mask^)? attr-dict `:` type($x) (`,` type($mask)^)? `->` type($parts)";
  let hasVerifier = 1;
}

def Dither_UnpackOp : Dither_PureOp<"unpack", [Dither_Decomposable, Dither_Differentiable]> {
  let summary = "The dense tensor of a packed representation";
  let description = [{
    What `dither.pack` wrote, as a dense tensor; elements that do not exist are zero. Without a format it is linear in the values, whose gradient
    is the `dither.sample` of that of the tensor.

    ```mlir
    %x = dither.unpack %codes, %indices, %scales {pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
      : tensor<16x256xi8>, tensor<8x256xi8>, tensor<2x256xi8> -> tensor<64x256xf32>
    ```

    Constraints: as of `dither.pack`.
  }];
  let arguments = (ins Variadic<Dither_Tensor>:$parts, OptionalAttr<AnyAttr>:$pattern, OptionalAttr<AnyAttr>:$format);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$parts attr-dict `:` type($parts) `->` type($y)";
  let hasVerifier = 1;
}

def Dither_PackedMatmulOp : Dither_PureOp<"packed_matmul", [AttrSizedOperandSegments, Dither_Decomposable]> {
  let summary = "Product with a packed matrix, decoded in registers";
  let description = [{
    `y = x w` for the matrix `w` of type `dense` whose packed parts are given. Means `dither.unpack` and `dither.matmul`; kernels read the parts
    as they are. Elements that do not exist take no part: where `x` is infinite or NaN, a kernel does not make NaN of a missing weight.

    `x` may be codes: signed integers of 8 bits with a scale for each row, `[M, 1]`, as `x_parts`. The codes of the weights are then multiplied as
    unsigned bytes, by adding an offset (`IntegerCodes`). What that adds to the sum of a group is taken off where the sum starts: the second
    of `x_parts`, `[M, G]` of i32, holds minus the offset times the sum of the row's codes in the group. It is absent where there is a pattern,
    since each column then meets other elements of `x`.

    Where `x` has 16 bits, the matrix is rounded to its type, and so is the product; elements that do not exist may take part, as zeros.

    With `transpose_w` the product is `x w'`, as of the gradient of a layer's input. Kernels decode blocks of it, in which elements that do not
    exist are zeros: they take part, but for those of lists.

    ```mlir
    %y = dither.packed_matmul %x, %codes, %indices, %scales {
      dense = tensor<64x256xf32>, pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
      : tensor<?x64xf32>, tensor<16x256xi8>, tensor<8x256xi8>, tensor<2x256xi8> -> tensor<?x256xf32>
    %z = dither.packed_matmul %xcodes, %wcodes, %wscales activations(%xscales, %xstarts : tensor<?x1xf32>, tensor<?x2xi32>) {
      dense = tensor<64x64xf32>, format = #dither.int<bits = 4, group = 32>}
      : tensor<?x64xi8>, tensor<32x64xi8>, tensor<2x64xf32> -> tensor<?x64xf32>
    ```

    Constraints: as of `dither.unpack`; (C4) the shapes are those of a product; (C5) codes are those of a matrix and have `x_parts` as
    above, values have none, and the format of the weights has codes that are integers; (C6) with `transpose_w`, `x` has no codes.
  }];
  let arguments = (ins Dither_Tensor:$x, Variadic<Dither_Tensor>:$parts, Variadic<Dither_Tensor>:$x_parts, TypeAttrOf<Dither_FloatTensor>:$dense,
                       OptionalAttr<AnyAttr>:$pattern, OptionalAttr<AnyAttr>:$format, UnitAttr:$transpose_w);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = [{
    $x `,` $parts (`activations` `(` $x_parts^ `:` type($x_parts) `)`)? attr-dict `:` type($x) `,` type($parts) `->` type($y)
  }];
  let hasVerifier = 1;
}

#endif // DITHER_REPRESENTATION_TD
