#ifndef DITHER_ESTIMATOR_WINNER_TAKE_ALL_TD
#define DITHER_ESTIMATOR_WINNER_TAKE_ALL_TD

include "Dither/IR/PluginBase.td"

def Dither_WinnerTakeAllAttr : Dither_Estimator<"WinnerTakeAll", "wta_crs", ["getStates"]> {
  let summary = "Keeps a sample of the rows of a linear layer's input, the heaviest ones for certain";
  let description = [{
    Winner-take-all column-row sampling. The weight gradient `x' dy` is a sum over rows; row `i` has the share `p_i ~ |x_i| g_i` (Euclidean
    norms). Of `k = ceil(ratio * rows)` kept rows, the set `C` of the largest shares is taken for certain, and `k - |C|` are drawn from the others,
    with replacement, by their shares:

    ```
    dw = sum_C x_i' dy_i + (1 - P_C) / (k - |C|) sum_j x_j' dy_j / p_j
    ```

    where `P_C` is the sum of `p` over `C`, and `|C|` is what makes `(1 - P_C) / (k - |C|)` least. Unbiased; the gradients of input and bias are
    exact. Liu et al., "Winner-take-all column row sampling for memory efficient adaptation of language model", 2023.

    The rows are chosen in the forward pass, and only they are kept. `g_i` is the norm of `dy_i` when its sample was visited last, of which a step of
    training remembers those of `samples` samples (the state `norms`, part of checkpoints; a number beyond counts from 0 again). A sample not seen yet
    has the mean of the batch, and none less than a tenth of it, so that no row is out of reach. `samples = 0` remembers nothing: all `g_i` are 1.

    Choosing costs about `rows^2 + k rows` comparisons. Serves `dither.linear`; to be differentiated, its rows must be static.

    ```mlir
    #dither.wta_crs<ratio = 0.3>
    #dither.wta_crs<ratio = 0.25, samples = 60000>
    ```

    Constraints: (C1) `ratio` is in (0, 1]; (C2) `samples` is not negative; (C3) where samples are remembered, each has the same number of rows.
  }];
  let parameters = (ins "::mlir::FloatAttr":$ratio, DefaultValuedParameter<"int64_t", "0">:$samples);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif // DITHER_ESTIMATOR_WINNER_TAKE_ALL_TD
