#ifndef DITHER_PLUGIN_BASE_TD
#define DITHER_PLUGIN_BASE_TD

include "Dither/IR/Dialect.td"
include "Dither/Interfaces/AttrInterfaces.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

/// Bases of the plug-ins. A plug-in is one folder: <Name>.td with one of these, <Name>.cpp with the interface's methods.
class Dither_Plugin<string name, string mnem, list<Trait> traits> : AttrDef<Dither_Dialect, name, traits> {
  let mnemonic = mnem;
  let genVerifyDecl = 1;
}
class Dither_Pattern<string name, string mnem>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<PatternAttrInterface>]>;
class Dither_Format<string name, string mnem, list<string> overrides = []>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<FormatAttrInterface, overrides>]>;
class Dither_Estimator<string name, string mnem, list<string> overrides = []>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<EstimatorAttrInterface, overrides>]>;
class Dither_Recipe<string name, string mnem, list<string> overrides = []>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<RecipeAttrInterface, overrides>]>;
class Dither_Optimizer<string name, string mnem>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<OptimizerAttrInterface>]>;
class Dither_Schedule<string name, string mnem>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<ScheduleAttrInterface>]>;
class Dither_Initializer<string name, string mnem>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<InitializerAttrInterface>]>;

def Dither_ScaleKind : I32EnumAttr<"ScaleKind", "how a scale is stored", [
    I32EnumAttrCase<"f32", 0>, I32EnumAttrCase<"f16", 1>, I32EnumAttrCase<"e8m0", 2>]> {
  let cppNamespace = "::dither";
}

#endif // DITHER_PLUGIN_BASE_TD
