#ifndef DITHER_INITIALIZER_FILL_TD
#define DITHER_INITIALIZER_FILL_TD

include "Dither/IR/PluginBase.td"

def Dither_FillAttr : Dither_Initializer<"Fill", "fill"> {
  let summary = "One value everywhere";
  let description = [{
    ```mlir
    #dither.fill<0.0>
    ```
  }];
  let parameters = (ins "::mlir::FloatAttr":$value);
  let assemblyFormat = "`<` $value `>`";
}

#endif
