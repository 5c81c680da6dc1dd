#ifndef DITHER_INITIALIZER_KAIMING_UNIFORM_TD
#define DITHER_INITIALIZER_KAIMING_UNIFORM_TD

include "Dither/IR/PluginBase.td"

def Dither_KaimingUniformAttr : Dither_Initializer<"KaimingUniform", "kaiming_uniform"> {
  let summary = "Uniform in +-gain sqrt(3 / fan in)";
  let description = [{
    The fan in is the first extent. The default gain is sqrt(2), for rectifiers. He et al., "Delving deep into rectifiers", 2015.

    ```mlir
    #dither.kaiming_uniform
    #dither.kaiming_uniform<gain = 1.0>
    ```

    Constraints: (C1) `gain` is positive.
  }];
  let parameters = (ins OptionalParameter<"::mlir::FloatAttr">:$gain);
  let assemblyFormat = "(`<` struct($gain)^ `>`)?";
}

#endif
