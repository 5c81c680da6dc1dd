#ifndef DITHER_PATTERN_NM_TD
#define DITHER_PATTERN_NM_TD

include "Dither/IR/PluginBase.td"

def Dither_NMAttr : Dither_Pattern<"NM", "nm", [DeclareAttrInterfaceMethods<GroupPatternAttrInterface>]> {
  let summary = "N of each M consecutive elements exist";
  let description = [{
    Of each `m` consecutive elements along `dim`, `n` exist: the largest scores, of equal ones the first; NaN
    counts as infinite. Packed, a kept element takes
    its code and `ceil(log2 m)` bits of index; 2:4 is what sparse tensor cores run. Zhou et al., "Learning N:M fine-grained
    structured sparse neural networks from scratch", 2021.

    ```mlir
    #dither.nm<2 : 4>
    #dither.nm<1 : 4>
    #dither.nm<4 : 8>
    #dither.nm<3 : 7>
    #dither.nm<1 : 32>
    #dither.nm<2 : 4, dim = 1>
    ```

    Constraints: (C1) 1 <= n <= m <= 32; (C2) the tensor is a matrix; (C3) `dim` is 0 or 1; (C4) `m` divides the extent along `dim`.
  }];
  let parameters = (ins "int64_t":$n, "int64_t":$m, DefaultValuedParameter<"int64_t", "0">:$dim);
  let assemblyFormat = "`<` $n `:` $m (`,` struct($dim)^)? `>`";
}

#endif
