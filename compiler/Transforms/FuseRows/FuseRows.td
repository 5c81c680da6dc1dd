#ifndef DITHER_FUSE_ROWS_TD
#define DITHER_FUSE_ROWS_TD

include "mlir/Pass/PassBase.td"

def FuseRows : Pass<"dither-fuse-rows", "::mlir::func::FuncOp"> {
  let summary = "Visits large buffers once for ops that go through them one after the other, a few rows at a time";
  let description = [{
    A softmax goes through its rows three times, for their maxima, their sums and the quotients; so do normalizations, activations that become
    codes, and weights that get a pattern and a format. Ops on buffers that follow each other are put into one loop, an iteration of which does all of them on an
    equal part of each buffer: some rows, which are then in the first cache. The op's outermost loop must be parallel, and go along the first dimension
    of each buffer that it indexes. Groups of rows are rows of a reshaped buffer: parts are equal shares of the memory, not numbers of rows.

    What is read as a whole, such as a bias, must not be written by the ops. Temporaries that no other op sees shrink to the part
    of an iteration, on the stack of its thread if there are several, so that they stay in the cache, too. Small buffers, which are in it anyway, are left alone.

    ```mlir
    linalg.generic ... ins(%x : memref<512x512xf32>) outs(%max : memref<512xf32>)
    linalg.generic ... ins(%x, %max : memref<512x512xf32>, memref<512xf32>) outs(%y : memref<512x512xf32>)
    // becomes one loop over 32 parts, with subviews of 16 rows
    ```

    Remarks (`--remarks-filter=dither`): `loops`: loops made; `fused`: ops in them; `local`: temporaries that shrank.
  }];
  let options = [Option<"parallelElements", "parallel-elements", "int64_t", "65536",
                        "Iterations of all ops of a loop from which on it is cut among threads">];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect"];
}

#endif // DITHER_FUSE_ROWS_TD
