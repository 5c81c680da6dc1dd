#ifndef DITHER_PLAN_MEMORY_TD
#define DITHER_PLAN_MEMORY_TD

include "mlir/Pass/PassBase.td"

def PlanMemory : Pass<"dither-plan-memory", "::mlir::func::FuncOp"> {
  let summary = "Places all temporaries of a function into one arena";
  let description = [{
    Buffers that live at the same time get disjoint places, others share. A buffer whose size grows with the batch lies in a second part of the
    arena, at an offset that is a multiple of the batch, so that the plan is made once for all batches. The function gains an
    argument of kind `arena` and the attributes `dither.arena_fixed` and `dither.arena_per_batch` (bytes); nothing allocates any more.

    ```mlir
    %0 = memref.alloc() : memref<64x256xf32>
    // becomes
    %0 = memref.view %arena[%c4096][] : memref<?xi8> to memref<64x256xf32>
    ```

    Remarks (`--remarks-filter=dither`): `buffers`: temporaries placed; `bytes`: the fixed part of the arena; `bytes-per-batch`: the growing part.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect"];
}

#endif // DITHER_PLAN_MEMORY_TD
