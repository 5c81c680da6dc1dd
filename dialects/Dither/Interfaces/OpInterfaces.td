#ifndef DITHER_OP_INTERFACES_TD
#define DITHER_OP_INTERFACES_TD

include "mlir/IR/Interfaces.td"

def ReferenceOpInterface : OpInterface<"ReferenceOpInterface"> {
  let cppNamespace = "::dither";
  let description = [{An op that the reference interpreter runs by itself.}];
  let methods = [
    InterfaceMethod<"Computes the results, which come allocated with their shapes.",
      "::llvm::LogicalResult", "evaluate",
      (ins "::llvm::ArrayRef<::dither::HostTensor>":$operands, "::llvm::MutableArrayRef<::dither::HostTensor>":$results)>,
    InterfaceMethod<"The shapes of the results for the given operands.",
      "::llvm::SmallVector<::llvm::SmallVector<int64_t>>", "evaluateShapes",
      (ins "::llvm::ArrayRef<::dither::HostTensor>":$operands), "", [{ return ::dither::defaultResultShapes($_op, operands); }]>
  ];
}

def ElementwiseOpInterface : OpInterface<"ElementwiseOpInterface"> {
  let cppNamespace = "::dither";
  let description = [{An op that maps elements to elements, with broadcasting: a dimension of 1 stretches to the others'.}];
  let methods = [
    InterfaceMethod<"The op on one element, for the interpreter. Floating-point results are rounded to the type afterwards.",
      "::dither::Scalar", "evaluateScalar", (ins "::llvm::ArrayRef<::dither::Scalar>":$operands)>,
    InterfaceMethod<"The op on one element, as arith and math ops; `type` is the element type of the result.",
      "::mlir::Value", "buildScalar",
      (ins "::mlir::OpBuilder &":$b, "::mlir::Location":$loc, "::mlir::ValueRange":$operands, "::mlir::Type":$type)>
  ];
}

def DecomposableOpInterface : OpInterface<"DecomposableOpInterface"> {
  let cppNamespace = "::dither";
  let description = [{An op whose meaning is an expression in simpler ops.}];
  let methods = [
    InterfaceMethod<"Builds that expression; one value for each result. Null values after an error that was emitted.",
      "::llvm::SmallVector<::mlir::Value>", "decompose", (ins "::mlir::ImplicitLocOpBuilder &":$b)>
  ];
}

def DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let cppNamespace = "::dither";
  let description = [{An op with an exact reverse-mode derivative.}];
  let methods = [
    InterfaceMethod<"Builds the gradient of each operand (null: it has none) from those of the results (null: zero).",
      "::llvm::SmallVector<::mlir::Value>", "buildGradients",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::ValueRange":$resultGradients)>
  ];
}

def StructuredOpInterface : OpInterface<"StructuredOpInterface"> {
  let cppNamespace = "::dither";
  let description = [{An op that runs regions, and reads what they read from outside, its *captures*.}];
  let methods = [
    InterfaceMethod<"Computes the results; `run` runs a region. No extent is dynamic.",
      "::llvm::FailureOr<::llvm::SmallVector<::dither::HostTensor>>", "evaluateRegions",
      (ins "::llvm::ArrayRef<::dither::HostTensor>":$operands, "::dither::RunRegion":$run)>,
    InterfaceMethod<[{Builds the gradient of each value of `wanted`, which are operands and captures (null: zero), from those of the results
        (null: zero). `sweep` differentiates a copy of a region. Failure after an error.}],
      "::llvm::FailureOr<::llvm::SmallVector<::mlir::Value>>", "buildRegionGradients",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::ValueRange":$resultGradients, "::llvm::ArrayRef<::mlir::Value>":$wanted,
           "::dither::ReverseSweep &":$sweep)>,
    InterfaceMethod<"Rewrites the op, before gradients are built, so that what they need is there.", "::llvm::LogicalResult",
      "saveForGradients", (ins), "", [{ return ::llvm::success(); }]>
  ];
}

def EstimatedOpInterface : OpInterface<"EstimatedOpInterface"> {
  let cppNamespace = "::dither";
  let description = [{An op that may carry an estimator, which then forms its gradients.}];
  let methods = [
    InterfaceMethod<"The estimator, or null.", "::dither::EstimatorAttrInterface", "getEstimatorAttrInterface", (ins)>
  ];
}

def ActivationOpInterface : OpInterface<"ActivationOpInterface"> {
  let cppNamespace = "::dither";
  let description = [{A function of one real variable, applied element by element.}];
  let methods = [
    InterfaceMethod<"f(x), in core ops.", "::mlir::Value", "buildValue",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$x)>,
    InterfaceMethod<"f'(x), in core ops.", "::mlir::Value", "buildDerivative",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$x)>,
    InterfaceMethod<"f'(x) of a number, for tables made at compile time.", "double", "evaluateDerivative", (ins "double":$x)>
  ];
}

#endif // DITHER_OP_INTERFACES_TD
