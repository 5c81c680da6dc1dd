#ifndef DITHER_PLUGIN_BASE_TD
#define DITHER_PLUGIN_BASE_TD

include "Dither/IR/Dialect.td"
include "Dither/Interfaces/AttrInterfaces.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

def Dither_ScaleKind : I32EnumAttr<"ScaleKind", "how a scale is stored", [
    I32EnumAttrCase<"f32", 0>, I32EnumAttrCase<"f16", 1>, I32EnumAttrCase<"e8m0", 2>]> {
  let cppNamespace = "::dither";
}

/// Bases of the plug-ins. A plug-in is one folder: <Name>.td with one of these, <Name>.cpp with the interface's methods.
class Dither_Plugin<string name, string mnem, list<Trait> traits> : AttrDef<Dither_Dialect, name, traits> {
  let mnemonic = mnem;
  let genVerifyDecl = 1;
}
class Dither_Pattern<string name, string mnem, list<Trait> structure = []>
    : Dither_Plugin<name, mnem, !listconcat([DeclareAttrInterfaceMethods<PatternAttrInterface>], structure)>;
class Dither_Format<string name, string mnem, list<string> overrides = []>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<FormatAttrInterface, overrides>]>;
/// A format whose codes are multiplied by scales that groups of elements share (Formats/Support/Scales.h). Its parameters are `first`, then
/// `group` and `scale`, then `last`; its constraints (C1) and (C2) are those that ScaleGroups checks.
class Dither_ScaledFormat<string name, string mnem, dag first = (ins), dag last = (ins), list<string> overrides = []>
    : Dither_Format<name, mnem, overrides> {
  let parameters = !con(first, (ins DefaultValuedParameter<"int64_t", "0">:$group,
                                    DefaultValuedParameter<"ScaleKind", "ScaleKind::f32">:$scale), last);
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    ::dither::ScaleGroups getScaleGroups(::mlir::Type tensor) const;
  }];
  let extraClassDefinition = [{
    ::dither::ScaleGroups $cppClass::getScaleGroups(::mlir::Type tensor) const {
      return {tensor, getGroup(), getScale(), getGroupDim()};
    }
    ::llvm::LogicalResult $cppClass::verifyType(
        ::llvm::function_ref<::mlir::InFlightDiagnostic()> emitError, ::mlir::RankedTensorType type) const {
      return getScaleGroups(type).verify(emitError);
    }
    int64_t $cppClass::getGroupSize() const { return std::max<int64_t>(getGroup(), 0); }
    ::llvm::SmallVector<::std::pair<::std::string, ::mlir::RankedTensorType>> $cppClass::getScaleParts(
        ::mlir::RankedTensorType type) const {
      return getScaleGroups(type).getParts(hasZeroPoints());
    }
    ::mlir::Value $cppClass::emitDecodeScales(::mlir::ImplicitLocOpBuilder &b, ::mlir::Value scales) const {
      return ::dither::emitLoadScales(b, getScale(), scales);
    }
  }];
}
class Dither_Estimator<string name, string mnem, list<string> overrides = []>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<EstimatorAttrInterface, overrides>]>;
class Dither_Distribution<string name, string mnem, list<string> overrides = []>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<DistributionAttrInterface, overrides>]>;
class Dither_SampleEstimator<string name, string mnem>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<SampleEstimatorAttrInterface>]>;
class Dither_Recipe<string name, string mnem, list<string> overrides = []>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<RecipeAttrInterface, overrides>]>;
class Dither_Optimizer<string name, string mnem>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<OptimizerAttrInterface>]>;
class Dither_Schedule<string name, string mnem>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<ScheduleAttrInterface>]>;
class Dither_Initializer<string name, string mnem>
    : Dither_Plugin<name, mnem, [DeclareAttrInterfaceMethods<InitializerAttrInterface>]>;

#endif // DITHER_PLUGIN_BASE_TD
