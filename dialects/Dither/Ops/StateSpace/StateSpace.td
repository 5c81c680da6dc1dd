#ifndef DITHER_STATE_SPACE_TD
#define DITHER_STATE_SPACE_TD

include "Dither/IR/OpBase.td"

def Dither_SelectiveScanOp : Dither_PureOp<"selective_scan", [
    AttrSizedOperandSegments, AllTypesMatch<["x", "dt"]>, AllTypesMatch<["b", "c"]>, DeclareOpInterfaceMethods<InferTypeOpInterface>,
    Dither_Decomposable, Dither_Differentiable]> {
  let summary = "A state-space model whose steps depend on the input";
  let description = [{
    The recurrence of Gu and Dao, "Mamba: Linear-Time Sequence Modeling with Selective State Spaces", 2023. Each of `d` channels has `n` states, which
    `t` steps go through:

        h[t] = exp(dt[t] a) h[t - 1] + dt[t] x[t] b[t]
        y[t] = c[t] h[t] + skip x[t]

    `x` and `dt` are `[..., t, d]`, `a` is `[d, n]`, `b` and `c` are `[..., t, n]`, the optional `skip` is `[d]`. The states before the first step are
    `initial`, `[..., d, n]`, or zeros. `dt` is what the caller has made positive, by `dither.softplus` for example.

    Results are `y`, the `last` states, `[..., d, n]`, from which a next piece of the sequence goes on, and the states ahead of each block of `block`
    steps, `[..., blocks, n, d]`, which the gradient needs. Those of all other steps are never in memory at once: the gradient makes them again, block by
    block. States are f32 where elements have 16 bits.

    ```mlir
    func.func @mix(%x: tensor<?x128x64xf32>, %dt: tensor<?x128x64xf32>, %a: tensor<64x16xf32>, %b: tensor<?x128x16xf32>, %c: tensor<?x128x16xf32>,
                   %d: tensor<64xf32>, %h: tensor<?x64x16xf32>) -> tensor<?x128x64xf32> {
      %y, %last, %starts = dither.selective_scan %x, %dt, %a, %b, %c skip %d from %h {block = 64 : i64}
        : tensor<?x128x64xf32>, tensor<64x16xf32>, tensor<?x128x16xf32> skip tensor<64xf32> from tensor<?x64x16xf32>
      return %y : tensor<?x128x64xf32>
    }
    ```

    Constraints: (C1) `x` has rank 2 or more, and all but its first dimension, or, of rank 2, all, is static; (C2) `a`, `b` and `c` have the shapes given
    above, (C3) so have `skip` and `initial`; (C4) element types agree, but for states of f32; (C5) `block` is positive.
  }];
  let arguments = (ins Dither_FloatTensor:$x, Dither_FloatTensor:$dt, Dither_FloatTensor:$a, Dither_FloatTensor:$b, Dither_FloatTensor:$c,
                       Optional<Dither_FloatTensor>:$skip, Optional<Dither_FloatTensor>:$initial, DefaultValuedOptionalAttr<I64Attr, "32">:$block);
  let results = (outs Dither_FloatTensor:$y, Dither_FloatTensor:$last, Dither_FloatTensor:$starts);
  let assemblyFormat = [{
    $x `,` $dt `,` $a `,` $b `,` $c (`skip` $skip^)? (`from` $initial^)? attr-dict
    `:` type($x) `,` type($a) `,` type($b) (`skip` type($skip)^)? (`from` type($initial)^)?
  }];
}

#endif // DITHER_STATE_SPACE_TD
