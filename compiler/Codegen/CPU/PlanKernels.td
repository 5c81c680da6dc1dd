#ifndef DITHER_PLAN_KERNELS_TD
#define DITHER_PLAN_KERNELS_TD

include "mlir/Pass/PassBase.td"

def PlanKernels : Pass<"dither-plan-kernels", "::mlir::func::FuncOp"> {
  let summary = "Chooses how products become loops";
  let description = [{
    Gives each `dither.contract` on memrefs that has no plan yet a `#dither.kernel`: which schedule, how large a register tile, blocks that fit the
    caches, and whether threads share it. A dense matrix that is too large for the first cache, or transposed, is staged block after block in the
    order in which registers read it. Staging costs one pass over the matrix: products of few rows do without.

    What was measured goes before the model: the module's `dither.tuned` has plans of products by their types (`dither tune`). A plan that does
    not fit its product is an error.

    ```mlir
    dither.contract x(%x : memref<64x1024xf32>) w(%w : memref<1024x1024xf32>) into(%y : memref<64x1024xf32>)
    // becomes
    dither.contract x(%x : memref<64x1024xf32>) w(%w : memref<1024x1024xf32>) into(%y : memref<64x1024xf32>)
      {kernel = #dither.kernel<schedule = blocked, rows = 8, sums = 16, columns = 352, depth = 160, tasks = 16>}
    ```

    Remarks (`--remarks-filter=dither`): `planned`: products that got a plan; `tuned`: those of them by measurement.
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16", "Elements of a vector register of f32">,
    Option<"rows", "rows", "int64_t", "8", "Rows of a register tile">,
    Option<"panels", "panels", "int64_t", "2", "Vectors of columns of a register tile">,
    Option<"tiles", "tiles", "bool", "false", "Use AMX tiles to multiply codes of 8 bits">,
    Option<"floatTiles", "float-tiles", "bool", "false", "Use AMX tiles to multiply bf16">,
    Option<"lookups", "lookups", "bool", "false", "Use AVX-512 VBMI to look up products of vectors from a book">,
    Option<"firstCache", "first-cache", "int64_t", "32768", "Bytes of a core's first data cache">,
    Option<"secondCache", "second-cache", "int64_t", "524288", "Bytes of a core's second cache">,
    Option<"minBytes", "min-bytes", "int64_t", "524288", "Size of a matrix from which on it is staged">,
    Option<"minRows", "min-rows", "int64_t", "32", "Rows of a product from which on staging pays">,
    Option<"minTileRows", "min-tile-rows", "int64_t", "8", "Rows of a product from which on tiles pay">,
    Option<"parallelFlops", "parallel-flops", "int64_t", "500000", "Operations from which on threads share a product">
  ];
  let dependentDialects = ["::dither::DitherDialect"];
}

#endif // DITHER_PLAN_KERNELS_TD
