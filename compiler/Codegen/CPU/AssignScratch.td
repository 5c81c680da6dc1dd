#ifndef DITHER_ASSIGN_SCRATCH_TD
#define DITHER_ASSIGN_SCRATCH_TD

include "mlir/Pass/PassBase.td"

def AssignScratch : Pass<"dither-assign-scratch", "::mlir::func::FuncOp"> {
  let summary = "Gives products the memory in which they stage what they read";
  let description = [{
    A planned product that stages its matrix, or rows of `x`, gets the memory for that: a buffer like any other, so that `dither-plan-memory` finds
    it a place in the arena and kernels allocate nothing. A dense matrix, or the transpose of a packed one, has blocks there, one for each thread
    that may work on them; a product with listed elements the transpose of its rows; one of codes of 8 bits or of bf16 by AMX copies of the rows of `x` that
    its tiles cannot read where they are; one of few rows by strips the sums that wait; and one of few rows of codes with vectors from a book the products of both.

    ```mlir
    func.func @f(%x: memref<64x1024xf32>, %w: memref<1024x1024xf32>, %y: memref<64x1024xf32>) {
      dither.contract x(%x : memref<64x1024xf32>) w(%w : memref<1024x1024xf32>) into(%y : memref<64x1024xf32>)
        {kernel = #dither.kernel<schedule = blocked, rows = 8, sums = 16, columns = 256, depth = 256>}
      return
    }
    // becomes
    func.func @f(%x: memref<64x1024xf32>, %w: memref<1024x1024xf32>, %y: memref<64x1024xf32>) {
      %s = memref.alloc() : memref<65536xf32>
      dither.contract x(%x : memref<64x1024xf32>) w(%w : memref<1024x1024xf32>) into(%y : memref<64x1024xf32>) scratch(%s : memref<65536xf32>)
        {kernel = #dither.kernel<schedule = blocked, rows = 8, sums = 16, columns = 256, depth = 256>}
      return
    }
    ```

    Remarks (`--remarks-filter=dither`): `staged`: products that stage their matrix; `tiled`: those of tiles; `lookups`: those that keep tables;
    `bytes`: scratch memory, with one row of `x` where their number is dynamic.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

#endif // DITHER_ASSIGN_SCRATCH_TD
