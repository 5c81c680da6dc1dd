#ifndef DITHER_SCHEDULE_LINEAR_DECAY_TD
#define DITHER_SCHEDULE_LINEAR_DECAY_TD

include "Dither/IR/PluginBase.td"

def Dither_LinearDecayAttr : Dither_Schedule<"LinearDecay", "linear_decay"> {
  let summary = "From 1 to `to` in a straight line";
  let description = [{
    ```mlir
    #dither.linear_decay<to = 0.0>
    ```

    Constraints: (C1) `to` is in [0, 1].
  }];
  let parameters = (ins "::mlir::FloatAttr":$to);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif
