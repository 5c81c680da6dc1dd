#ifndef DITHER_FUSE_ELEMENTWISE_TD
#define DITHER_FUSE_ELEMENTWISE_TD

include "mlir/Pass/PassBase.td"

def FuseElementwise : Pass<"dither-fuse-elementwise", "::mlir::func::FuncOp"> {
  let summary = "Fuses elementwise producers into their consumers";
  let description = [{
    Upstream's fusion of `linalg.generic`, with one rule: a producer is taken into its consumer if that is its only use, or if it is so cheap that
    computing it again costs less than storing it (copies, broadcasts, counters, random bits, what is larger than all
    that it is made of, such as a comparison of each element with each other, and an operation or two on hardly more bytes than they give). A producer with math functions or many
    operations is not fused through a broadcast, which would repeat it.

    ```mlir
    // two generics, %1 = f(%0) and %2 = g(%1), become one that computes g(f(x))
    ```

    Remarks (`--remarks-filter=dither`): `fused`: producers taken into a consumer.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

#endif // DITHER_FUSE_ELEMENTWISE_TD
