#ifndef DITHER_LOWER_LOOPS_TD
#define DITHER_LOWER_LOOPS_TD

include "mlir/Pass/PassBase.td"

def LowerLoops : Pass<"dither-lower-loops", "::mlir::func::FuncOp"> {
  let summary = "Turns linalg on buffers into loops, large ones into parallel loops";
  let description = [{
    The iterations of the outermost loop are cut among threads if it is parallel and the op has at least `parallel-elements` iterations in all.
    The innermost loop takes `lanes` iterations at a time where it walks along memory, also where it reduces; else, vectors are left to LLVM.
    An op that carries states along the innermost loop and stores others on the way has those of eight rows in registers.

    ```mlir
    linalg.generic ... ins(%x : memref<1024x1024xf32>) outs(%y : memref<1024x1024xf32>)
    // becomes scf.parallel over the rows and scf.for over the columns
    ```

    Remarks (`--remarks-filter=dither`): `loops`: ops turned into loops; `parallel`: those of them cut among threads; `vectors`:
    those with vectors.
  }];
  let options = [Option<"lanes", "lanes", "int64_t", "16", "Iterations of the innermost loop at a time">,
                 Option<"parallelElements", "parallel-elements", "int64_t", "65536",
                        "Iterations from which on an op is cut among threads">];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::memref::MemRefDialect", "::mlir::affine::AffineDialect",
                           "::mlir::vector::VectorDialect"];
}

def OutlineParallel : Pass<"dither-outline-parallel", "::mlir::ModuleOp"> {
  let summary = "Hands parallel loops to the host's parallel_for";
  let description = [{
    The body of each `scf.parallel` becomes a function of a range; what it captures is passed through a structure on the stack. Every function
    gains the context as its first argument, through which it reaches the host's `parallel_for` (runtime/include/dither/abi.h): the artifact
    imports nothing. Only the first dimension is cut; any cut gives the same bits. Where iterations end with a loop that is the same for all of them and
    the op has `dither.common_loop`, a thread takes that loop around the iterations that it has.

    ```mlir
    scf.parallel (%i) = (%c0) to (%n) step (%c1) { ... }
    // becomes a call through the context with the address of @f.parallel_0
    ```

    Remarks (`--remarks-filter=dither`): `outlined`: loops handed to the host.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::scf::SCFDialect", "::mlir::arith::ArithDialect"];
}

#endif // DITHER_LOWER_LOOPS_TD
