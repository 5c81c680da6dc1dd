#ifndef DITHER_ASSIGN_SCRATCH_TD
#define DITHER_ASSIGN_SCRATCH_TD

include "mlir/Pass/PassBase.td"

def AssignScratch : Pass<"dither-assign-scratch", "::mlir::func::FuncOp"> {
  let summary = "Gives products the memory in which they stage a dense matrix";
  let description = [{
    A dense matrix that is too large for the first cache, or transposed, is staged by its kernel block after block in the order in which
    registers read it, and a product with listed elements stages the transpose of its rows. The memory for that is a
    buffer like any other, so that `dither-plan-memory` finds it a place in the arena and kernels allocate nothing. Staging costs one pass over
    the matrix: products of few rows do without. Products of codes of 8 bits and of bf16 need memory for `x` where the target has AMX, whose
    registers it fills in their order. Of vectors from a book, one or two rows of codes keep their products with the book there, where bytes are
    permuted (`lookups`).

    ```mlir
    func.func @f(%x: memref<64x1024xf32>, %w: memref<1024x1024xf32>, %y: memref<64x1024xf32>) {
      dither.contract x(%x : memref<64x1024xf32>) w(%w : memref<1024x1024xf32>) into(%y : memref<64x1024xf32>)
      return
    }
    // becomes
    func.func @f(%x: memref<64x1024xf32>, %w: memref<1024x1024xf32>, %y: memref<64x1024xf32>) {
      %s = memref.alloc() : memref<262144xf32>
      dither.contract x(%x : memref<64x1024xf32>) w(%w : memref<1024x1024xf32>) into(%y : memref<64x1024xf32>) scratch(%s : memref<262144xf32>)
      return
    }
    ```

    Remarks (`--remarks-filter=dither`): `staged`: products that stage their matrix; `tiled`: those that copy `x`; `lookups`: those that keep tables;
    `bytes`: scratch memory, with one row of `x` where their number is dynamic.
  }];
  let options = [
    Option<"minBytes", "min-bytes", "int64_t", "524288", "Size of a matrix from which on it is staged">,
    Option<"minRows", "min-rows", "int64_t", "32", "Rows of a product from which on staging pays">,
    Option<"tiles", "tiles", "bool", "false", "Use AMX tiles to multiply codes of 8 bits">,
    Option<"floatTiles", "float-tiles", "bool", "false", "Use AMX tiles to multiply bf16">,
    Option<"lookups", "lookups", "bool", "false", "Use AVX-512 VBMI to look up products of vectors from a book">,
    Option<"minTileRows", "min-tile-rows", "int64_t", "8", "Rows of a product from which on tiles pay">,
    Option<"parallelFlops", "parallel-flops", "int64_t", "2000000",
           "Operations from which on threads share a product, whose columns are then staged all at once">
  ];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

#endif // DITHER_ASSIGN_SCRATCH_TD
