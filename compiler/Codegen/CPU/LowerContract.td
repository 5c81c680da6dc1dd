#ifndef DITHER_LOWER_CONTRACT_TD
#define DITHER_LOWER_CONTRACT_TD

include "mlir/Pass/PassBase.td"

def LowerContract : Pass<"dither-lower-contract", "::mlir::func::FuncOp"> {
  let summary = "Generates the kernels of products with dense and packed matrices";
  let description = [{
    One generator for all representations. A register tile of rows by panels of `lanes` columns is accumulated over the contraction; for each
    step of it the representation yields a panel of decoded weights, and the pattern yields the elements of `x` that the panel
    meets. A dense matrix is the representation that loads. Ragged edges are masked. Where the op has scratch memory, blocks of the
    dense matrix are staged there, for the caches' sake. Products with listed elements have a schedule of their own: a register holds a
    column of rows, which each kept element multiplies as one number.

    ```mlir
    dither.contract x(%x : memref<8x64xf32>) w(%w : memref<64x10xf32>) into(%y : memref<8x10xf32>)
    // becomes loops over vector.load, vector.fma and vector.store
    ```

    Remarks (`--remarks-filter=dither`): `dense`: dense products; `staged`: those of them that stage their matrix; `packed`: products that
    decode packed weights; `tiled`: products that use AMX tiles, for which they have scratch memory; `listed`: products with listed elements, and
    sampled ones.
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16", "Elements of a vector register of f32">,
    Option<"rows", "rows", "int64_t", "8", "Rows of a register tile">,
    Option<"panels", "panels", "int64_t", "2", "Vectors of columns of a register tile">,
    Option<"permute", "permute", "bool", "true", "Use AVX-512 permutes to select among the elements of x">,
    Option<"dots", "dots", "bool", "true", "Use AVX-512 VNNI to multiply integers of 8 bits">,
    Option<"minRows", "min-rows", "int64_t", "32", "Rows from which on a matrix is staged, where the number is dynamic">,
    Option<"minTileRows", "min-tile-rows", "int64_t", "16", "Rows from which on tiles are used, where the number is dynamic">,
    Option<"parallelFlops", "parallel-flops", "int64_t", "2000000", "Operations from which on a product is cut among threads">
  ];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect", "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::LLVM::LLVMDialect"];
}

#endif // DITHER_LOWER_CONTRACT_TD
