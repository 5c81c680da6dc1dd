#ifndef DITHER_LOSS_TD
#define DITHER_LOSS_TD

include "Dither/IR/OpBase.td"

class Dither_SoftmaxLikeOp<string mnemonic, string text> : Dither_PureOp<mnemonic, [
    AllTypesMatch<["x", "y"]>, Dither_Decomposable, Dither_Differentiable]> {
  let summary = text;
  let description = text # [{ along the last dimension, shifted by the maximum so that nothing overflows.

    ```mlir
    %y = dither.}] # mnemonic # [{ %x : tensor<?x10xf32>
    ```

    Constraints: (C1) the rank is at least 1.}];
  let arguments = (ins Dither_FloatTensor:$x);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
  let hasVerifier = 1;
}

def Dither_SoftmaxOp : Dither_SoftmaxLikeOp<"softmax", "exp(x) / sum(exp(x))">;
def Dither_LogSoftmaxOp : Dither_SoftmaxLikeOp<"log_softmax", "x - log(sum(exp(x)))">;

def Dither_CrossEntropyOp : Dither_PureOp<"cross_entropy", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>, Dither_Decomposable, Dither_Differentiable]> {
  let summary = "Mean negative log-likelihood of integer labels under logits";
  let description = [{
    `-mean_i log_softmax(logits)[i, labels[i]]`, a tensor of rank 0, where `i` is an index into all dimensions of `labels`. A label outside of
    `[0, classes)` counts as no class: its row adds 0.

    ```mlir
    %l = dither.cross_entropy %logits, %labels : tensor<?x10xf32>, tensor<?xi32>
    // Of each of 16 tokens in a sequence.
    %m = dither.cross_entropy %next, %tokens : tensor<?x16x100xf32>, tensor<?x16xi32>
    ```

    Constraints: (C1) the labels have a rank of at least 1, and the logits one dimension more, the classes; (C2) all other extents agree.
  }];
  let arguments = (ins Dither_FloatTensor:$logits, Dither_IntTensor:$labels);
  let results = (outs Dither_FloatTensor:$loss);
  let assemblyFormat = "$logits `,` $labels attr-dict `:` type($logits) `,` type($labels)";
}

#endif // DITHER_LOSS_TD
