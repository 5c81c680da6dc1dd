#ifndef DITHER_LOWER_CONTRACT_TD
#define DITHER_LOWER_CONTRACT_TD

include "mlir/Pass/PassBase.td"

def LowerContract : Pass<"dither-lower-contract", "::mlir::func::FuncOp"> {
  let summary = "Generates the kernels of products with dense and packed matrices";
  let description = [{
    One generator for all representations, which does as `dither-plan-kernels` planned. A register tile of rows by panels of `lanes` columns is
    accumulated over the contraction; for each step of it the representation yields a panel of decoded weights, and the pattern yields the
    elements of `x` that the panel meets. A dense matrix is the representation that loads. Ragged edges are masked. Blocks that a plan
    stages go to the op's scratch memory, for the caches' sake. Products with listed elements have a schedule of their own: a register holds
    a column of rows, which each kept element multiplies as one number.

    ```mlir
    dither.contract x(%x : memref<8x64xf32>) w(%w : memref<64x10xf32>) into(%y : memref<8x10xf32>)
      {kernel = #dither.kernel<schedule = direct, rows = 8, sums = 16, columns = 128>}
    // becomes loops over vector.load, vector.fma and vector.store
    ```

    Remarks (`--remarks-filter=dither`): `dense`: dense products; `staged`: those of them that stage their matrix; `packed`: products that
    decode packed weights; `tiled`: products that use AMX tiles, for which they have scratch memory; `listed`: products with listed elements, and
    sampled ones.
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16", "Elements of a vector register of f32">,
    Option<"permute", "permute", "bool", "true", "Use permutes of AVX2, or of AVX-512 for 16 lanes, to select elements of x and values of codes">,
    Option<"dots", "dots", "bool", "true", "Use AVX-512 VNNI to multiply integers of 8 bits">,
    Option<"parallelFlops", "parallel-flops", "int64_t", "500000", "Operations from which on threads share a sampled product">
  ];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect", "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::LLVM::LLVMDialect"];
}

#endif // DITHER_LOWER_CONTRACT_TD
