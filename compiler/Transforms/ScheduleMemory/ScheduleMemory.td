#ifndef DITHER_SCHEDULE_MEMORY_TD
#define DITHER_SCHEDULE_MEMORY_TD

include "mlir/Pass/PassBase.td"

def ScheduleMemory : Pass<"dither-schedule-memory", "::mlir::func::FuncOp"> {
  let summary = "Orders ops so that fewer bytes live at once";
  let description = [{
    Of the ops whose operands are there, takes next one that allocates no more than it frees, but for a kilobyte, else the first in the old order. So a gradient
    is spent on its parameter as soon as it is there, and what a backward pass can do early it does early. The new order is kept
    only if its peak, counted in bytes of live tensors, is lower. A state is updated after its last reader, so that the update stays in place.

    ```mlir
    // dw1, dw2, update(w1, dw1), update(w2, dw2) becomes dw1, update(w1, dw1), dw2, update(w2, dw2)
    ```

    Remarks (`--remarks-filter=dither`): `bytes-saved`: bytes by which the estimated peak fell.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

#endif // DITHER_SCHEDULE_MEMORY_TD
