#ifndef DITHER_OP_BASE_TD
#define DITHER_OP_BASE_TD

include "Dither/IR/Dialect.td"
include "Dither/Interfaces/OpInterfaces.td"
include "Dither/Interfaces/AttrInterfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/LoopLikeInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Dither_Tensor : RankedTensorOf<[AnyFloat, AnySignlessInteger]>;
def Dither_FloatTensor : RankedTensorOf<[AnyFloat]>;
def Dither_IntTensor : RankedTensorOf<[AnySignlessInteger]>;
def Dither_BoolTensor : RankedTensorOf<[I1]>;
/// Seed and step.
def Dither_Rng : StaticShapeTensorOf<[I64]>;

/// A tensor of rank 0, of one type alone.
class Dither_ScalarOf<I type> : Type<
    CPred<"$_self == ::mlir::RankedTensorType::get({}, ::mlir::IntegerType::get($_self.getContext(), " # type.bitwidth # "))">,
    "tensor<i" # type.bitwidth # ">">,
    BuildableType<"::mlir::RankedTensorType::get({}, $_builder.getIntegerType(" # type.bitwidth # "))">;
/// A truth value, and a number.
def Dither_Condition : Dither_ScalarOf<I1>;
def Dither_Number : Dither_ScalarOf<I64>;

/// Attributes that the op does not know are errors.
def Dither_KnownAttributes : NativeOpTrait<"KnownAttributes"> {
  let cppNamespace = "::dither";
}

/// A decomposable op without a derivative of its own: a gradient passes through its decomposition.
def Dither_DifferentiatedByParts : NativeOpTrait<"DifferentiatedByParts"> {
  let cppNamespace = "::dither";
}

class Dither_Op<string mnemonic, list<Trait> traits = []>
    : Op<Dither_Dialect, mnemonic, !listconcat([Dither_KnownAttributes], traits)>;

/// An op without side effects; `extra` names further interfaces.
class Dither_PureOp<string mnemonic, list<Trait> traits = []> : Dither_Op<mnemonic, !listconcat([Pure], traits)>;

/// An op that the interpreter and the lowering know by itself.
class Dither_CoreOp<string mnemonic, list<Trait> traits = []>
    : Dither_PureOp<mnemonic, !listconcat([DeclareOpInterfaceMethods<ReferenceOpInterface>], traits)>;

/// Infers its result types with a static function of the same name as the op class: see Ops/<Group>/<Group>.cpp.
def Dither_InferTypes : DeclareOpInterfaceMethods<InferTypeOpInterface>;
def Dither_Decomposable : DeclareOpInterfaceMethods<DecomposableOpInterface>;
def Dither_Differentiable : DeclareOpInterfaceMethods<DifferentiableOpInterface>;

/// Elementwise ops; the interpreter's loop over elements is shared.
class Dither_ElementwiseOp<string mnemonic, list<Trait> traits = []>
    : Dither_PureOp<mnemonic, !listconcat([
        DeclareOpInterfaceMethods<ReferenceOpInterface, ["evaluateShapes"]>,
        DeclareOpInterfaceMethods<ElementwiseOpInterface>,
        DeclareOpInterfaceMethods<InferTypeOpInterface>], traits)> {
  /// The element type of the result, an expression over `operands` (ValueRange).
  code resultElement = [{ getElementTypeOrSelf(operands[0].getType()) }];
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *context, ::std::optional<::mlir::Location> location, ::mlir::ValueRange operands,
        ::mlir::DictionaryAttr attributes, ::mlir::OpaqueProperties properties, ::mlir::RegionRange regions,
        ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      return ::dither::inferElementwise(location, operands, }] # resultElement # [{, types);
    }
    ::llvm::LogicalResult $cppClass::evaluate(::llvm::ArrayRef<::dither::HostTensor> operands,
                                              ::llvm::MutableArrayRef<::dither::HostTensor> results) {
      return ::dither::evaluateElementwise(*this, operands, results);
    }
    ::llvm::SmallVector<::llvm::SmallVector<int64_t>> $cppClass::evaluateShapes(
        ::llvm::ArrayRef<::dither::HostTensor> operands) {
      return {::dither::broadcastShapes(operands)};
    }
  }];
}

#endif // DITHER_OP_BASE_TD
