#ifndef DITHER_TILE_TO_NVVM_TD
#define DITHER_TILE_TO_NVVM_TD

include "mlir/Pass/PassBase.td"

def TileToNVVM : Pass<"dither-tile-to-nvvm", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Tiles to instructions of a thread";
  let description = [{
    A tile in registers becomes a vector of what one thread holds: f32, or i32 of two elements of 16 bits. Where an element is in shared memory follows from the
    layouts: an exclusive or of the bits of the lane and of the warp, and of a constant for each register. Copies become `cp.async` of as many bytes as
    rows allow, or go element by element, loads `ldmatrix` or words, products `mma.sync` and `mma.sp`. Blocks of the kernels are of one dimension and have the
    warps that layouts name.

    ```mlir
    %a = tile.load %tiles[%stage] : !tile.shared<...> -> !tile.registers<16x16xbf16, ...>
    // becomes nvvm.ldmatrix
    ```
  }];
  let dependentDialects = ["::mlir::NVVM::NVVMDialect", "::mlir::LLVM::LLVMDialect", "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect"];
}

#endif // DITHER_TILE_TO_NVVM_TD
