#ifndef DITHER_ATTENTION_TD
#define DITHER_ATTENTION_TD

include "Dither/IR/OpBase.td"

def Dither_AttentionOp : Dither_PureOp<"attention", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>, Dither_Decomposable, Dither_Differentiable]> {
  let summary = "Scaled dot-product attention";
  let description = [{
    `y = softmax(scale q k' + bias) v` for queries `[batch, heads, n, width]`, keys `[batch, groups, m, width]` and values `[batch, groups, m, depth]`, where
    a group of keys and values serves `heads / groups` heads that follow one another. With `causal`, query `i` sees the keys `0, ..., i`. The optional `bias` is
    `[heads, n, m]` or `[1, n, m]`; -inf hides a key. A query that sees no key gives zeros. The second result, `[batch, heads, n]`, is the logarithm of
    the sum of the exponentials, which the gradient needs. `scale` is `1 / sqrt(width)` if it is not given.

    Keys are taken in blocks, with a running maximum and sum (Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018; Dao et al.,
    "FlashAttention", 2022): no matrix of `n m` elements is made, in either direction.

    ```mlir
    %y, %lse = dither.attention %q, %k, %v {causal} : tensor<?x4x32x16xf32>, tensor<?x2x32x16xf32>, tensor<?x2x32x16xf32>
    %z, %l = dither.attention %q, %k, %v bias %b : tensor<?x4x32x16xf32>, tensor<?x2x32x16xf32>, tensor<?x2x32x16xf32>, tensor<1x32x32xf32>
    ```

    Constraints: (C1) `q`, `k` and `v` have rank 4, and all but the batch is static; (C2) batches, widths and numbers of keys agree, and groups divide heads,
    of which there is at least one; (C3) `bias` has the shape given above; (C4) the element types agree.
  }];
  let arguments = (ins Dither_FloatTensor:$q, Dither_FloatTensor:$k, Dither_FloatTensor:$v, Optional<Dither_FloatTensor>:$bias,
                       UnitAttr:$causal, OptionalAttr<F64Attr>:$scale);
  let results = (outs Dither_FloatTensor:$y, Dither_FloatTensor:$lse);
  let assemblyFormat = "$q `,` $k `,` $v (`bias` $bias^)? attr-dict `:` type($q) `,` type($k) `,` type($v) (`,` type($bias)^)?";
}

#endif // DITHER_ATTENTION_TD
