#ifndef DITHER_RECIPE_STATICSPARSE_TD
#define DITHER_RECIPE_STATICSPARSE_TD

include "Dither/IR/PluginBase.td"

def Dither_StaticSparseAttr : Dither_Recipe<"StaticSparse", "static_sparse", ["isPacked"]> {
  let summary = "Static sparse training: the mask of the initial magnitudes stays, only kept elements are stored and trained";
  let description = [{
    The pattern is that of the magnitudes of the initial value, for good. The state of the parameter are the values of the kept elements and
    where they are, as the artifact stores them. With `#dither.unstructured`, neither the weight, nor its gradient, nor what the optimizer remembers
    is ever dense; products of other patterns make their gradient dense first, and then keep some of it. The gradient is exact: that of the kept elements. Mocanu et al., "Scalable training of artificial neural networks with adaptive sparse connectivity inspired by
    network science", 2018, without their rewiring.

    ```mlir
    #dither.static_sparse
    ```
  }];
}

#endif // DITHER_RECIPE_STATICSPARSE_TD
