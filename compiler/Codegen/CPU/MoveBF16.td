#ifndef DITHER_MOVE_BF16_TD
#define DITHER_MOVE_BF16_TD

include "mlir/Pass/PassBase.td"

def MoveBF16 : Pass<"dither-move-bf16", "::mlir::ModuleOp"> {
  let summary = "Moves vectors of bf16 as integers";
  let description = [{
    LLVM widens what it cannot move as bf16 under a mask, and calls a library to narrow it again, which would also flush or quiet on the way. What
    it stores without a mask, it takes apart, element by element. Integers of 16 bits are moved as they are.

    ```mlir
    llvm.func @read(%p: !llvm.ptr, %m: vector<16xi1>, %z: vector<16xbf16>) -> vector<16xbf16> {
      %v = llvm.intr.masked.load %p, %m, %z {alignment = 2 : i32} : (!llvm.ptr, vector<16xi1>, vector<16xbf16>) -> vector<16xbf16>
      llvm.return %v : vector<16xbf16>
    }
    // becomes a load of vector<16xi16> and a bitcast
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // DITHER_MOVE_BF16_TD
