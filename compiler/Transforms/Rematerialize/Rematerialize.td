#ifndef DITHER_TRANSFORMS_REMATERIALIZE_TD
#define DITHER_TRANSFORMS_REMATERIALIZE_TD

include "mlir/Pass/PassBase.td"

def Rematerialize : Pass<"dither-rematerialize", "::mlir::func::FuncOp"> {
  let summary = "Computes values again rather than keeping them, up to a budget of memory";
  let description = [{
    Where more bytes of tensors live at once than the budget has, takes a value that waits there for a later use, and computes it again before
    that use, from values that live there anyway; what these are made of, if they do not, is computed again as well. A copy serves all later uses until memory is short
    again: then it may be given up, too. Since every op is a pure function of its operands, random ones of their seed, all results keep their bits.

    Of the values that wait where the most bytes live, the first to go is the one with the least

        operations of what would be computed again / (bytes freed * operations until its next use)

    where the operations count those of its neighbours that are computed again already: the rule of Kirisame et al., *Dynamic Tensor Rematerialization*
    (2020), on a program that is known. The neighbours keep chains of what is computed again short, so that of a chain of `n` layers values some `sqrt(n)` apart
    stay, as in Chen et al., *Training Deep Nets with Sublinear Memory Cost* (2016). A step is taken only if less lies above the budget afterwards and
    the peak does not rise. Where that is not enough, and most lives in the region of an op, such as one run of a loop, values of the region are computed
    again within it.

    What a caller owns, such as parameters, inputs and results, does not count. A value is not computed again from a state behind its update. A dynamic extent is taken
    to be `batch`. Where the budget cannot be reached, the pass fails and names the least peak that it reached, or with `best-effort` leaves the function
    there: bytes of tensors estimate an arena, and what plans memory may know better.

    ```mlir
    func.func @f(%x: tensor<64x64xf32>) -> tensor<64x64xf32> {
      %a = dither.exp %x : tensor<64x64xf32>
      %b = dither.sin %a : tensor<64x64xf32>
      %c = dither.cos %b : tensor<64x64xf32>
      %d = dither.tanh %c : tensor<64x64xf32>
      %e = dither.mul %d, %a : tensor<64x64xf32>, tensor<64x64xf32>
      return %e : tensor<64x64xf32>
    }
    ```

    With `budget=32768`, two tensors, `dither.exp` is computed again in front of `dither.mul`. To be run last: common subexpression elimination would undo it.
    The function gets the attributes `dither.peak_before` and `dither.peak`, bytes; `dither.operations`, without and with those done
    again; and `dither.recomputed`, a list of what is computed again.

    Remarks (`--remarks-filter=dither`): `recomputed`: ops that were copied; `bytes-saved`: bytes by which the estimated peak fell; `operations`:
    operations that were added.
  }];
  let options = [
    Option<"budget", "budget", "int64_t", "0", "Bytes of tensors that may live at once; 0: as few as can be reached">,
    Option<"batch", "batch", "int64_t", "64", "A dynamic extent, where bytes and operations are counted">,
    Option<"bestEffort", "best-effort", "bool", "false", "No error where the budget is not reached">
  ];
  let dependentDialects = ["::dither::DitherDialect"];
}

#endif // DITHER_TRANSFORMS_REMATERIALIZE_TD
