#ifndef DITHER_ACTIVATION_TD
#define DITHER_ACTIVATION_TD

include "Dither/IR/OpBase.td"

/// y = f(x). The derivative is an expression in x, built by `buildDerivative`, that exact gradients and few-bit codes share.
class Dither_ActivationOp<string mnemonic, string text, string formula> : Dither_PureOp<mnemonic, [
    AllTypesMatch<["x", "y"]>, Dither_Decomposable, Dither_Differentiable,
    DeclareOpInterfaceMethods<EstimatedOpInterface>, DeclareOpInterfaceMethods<ActivationOpInterface>]> {
  let summary = text;
  let description = text # ": `" # formula # [{`, element by element. `residual` may name an estimator of the derivative.

    ```mlir
    %y = dither.}] # mnemonic # [{ %x : tensor<?x256xf32>
    %z = dither.}] # mnemonic # [{ %x {residual = #dither.few_bit<bits = 3>} : tensor<?x256xf32>
    ```

    Constraints: (C1) `residual` serves activations.}];
  let arguments = (ins Dither_FloatTensor:$x, OptionalAttr<AnyAttr>:$residual);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
  let hasVerifier = 1;
  let extraClassDefinition = [{
    ::dither::EstimatorAttrInterface $cppClass::getEstimatorAttrInterface() {
      return ::llvm::dyn_cast_if_present<::dither::EstimatorAttrInterface>(getResidualAttr());
    }
    ::llvm::LogicalResult $cppClass::verify() { return ::dither::verifyEstimator(*this, getResidualAttr()); }
    ::llvm::SmallVector<::mlir::Value> $cppClass::buildGradients(::mlir::ImplicitLocOpBuilder &b, ::mlir::ValueRange dy) {
      return {::dither::MulOp::create(b, dy[0], buildDerivative(b, getX()))};
    }
    ::llvm::SmallVector<::mlir::Value> $cppClass::decompose(::mlir::ImplicitLocOpBuilder &b) { return {buildValue(b, getX())}; }
  }];
}

def Dither_ReluOp : Dither_ActivationOp<"relu", "Rectified linear unit", "max(x, 0)">;
def Dither_GeluOp : Dither_ActivationOp<"gelu", "Gaussian error linear unit", "x/2 (1 + erf(x / sqrt 2))">;
def Dither_SiluOp : Dither_ActivationOp<"silu", "Sigmoid linear unit", "x / (1 + exp(-x))">;
def Dither_SigmoidOp : Dither_ActivationOp<"sigmoid", "Logistic sigmoid", "1 / (1 + exp(-x))">;
def Dither_SoftplusOp : Dither_ActivationOp<"softplus", "Softplus", "max(x, 0) + log(1 + exp(-|x|))">;
def Dither_LeakyReluOp : Dither_ActivationOp<"leaky_relu", "Leaky rectified linear unit, slope 0.01", "max(x, 0) + 0.01 min(x, 0)">;
def Dither_EluOp : Dither_ActivationOp<"elu", "Exponential linear unit", "x if x > 0, else exp(x) - 1">;

#endif // DITHER_ACTIVATION_TD
