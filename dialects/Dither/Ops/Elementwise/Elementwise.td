#ifndef DITHER_ELEMENTWISE_TD
#define DITHER_ELEMENTWISE_TD

include "Dither/IR/OpBase.td"

class Dither_UnaryOp<string mnemonic, string text, Type type = Dither_FloatTensor, list<Trait> traits = [],
                     string element = "f32">
    : Dither_ElementwiseOp<mnemonic, traits> {
  let summary = text;
  let description = text # [{, element by element.

    ```mlir
    %y = dither.}] # mnemonic # [{ %x : tensor<4x3x}] # element # [{>
    ```}];
  let arguments = (ins type:$x);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

class Dither_BinaryOp<string mnemonic, string text, Type type = Dither_Tensor, list<Trait> traits = [],
                     string element = "f32">
    : Dither_ElementwiseOp<mnemonic, traits> {
  let summary = text;
  let description = text # [{, element by element, with broadcasting.

    ```mlir
    %z = dither.}] # mnemonic # [{ %x, %y : tensor<4x3x}] # element # [{>, tensor<3x}] # element # [{>
    ```

    Constraints: (C1) the element types agree; (C2) the shapes broadcast: aligned at the last dimension, extents are equal or 1.}];
  let arguments = (ins type:$x, type:$y);
  let results = (outs Dither_Tensor:$z);
  let assemblyFormat = "$x `,` $y attr-dict `:` type($x) `,` type($y)";
}

/// Differentiable variants.
class Dither_DiffUnaryOp<string mnemonic, string text> : Dither_UnaryOp<mnemonic, text, Dither_FloatTensor, [Dither_Differentiable]>;
class Dither_DiffBinaryOp<string mnemonic, string text, Type type = Dither_Tensor>
    : Dither_BinaryOp<mnemonic, text, type, [Dither_Differentiable]>;

def Dither_NegOp : Dither_UnaryOp<"neg", "Negation", Dither_Tensor, [Dither_Differentiable]> { let hasFolder = 1; }
def Dither_AbsOp : Dither_UnaryOp<"abs", "Absolute value", Dither_Tensor, [Dither_Differentiable]>;
def Dither_ExpOp : Dither_DiffUnaryOp<"exp", "Exponential">;
def Dither_LogOp : Dither_DiffUnaryOp<"log", "Natural logarithm">;
def Dither_SqrtOp : Dither_DiffUnaryOp<"sqrt", "Square root">;
def Dither_RsqrtOp : Dither_DiffUnaryOp<"rsqrt", "Reciprocal square root">;
def Dither_TanhOp : Dither_DiffUnaryOp<"tanh", "Hyperbolic tangent">;
def Dither_ErfOp : Dither_DiffUnaryOp<"erf", "Error function">;
def Dither_SinOp : Dither_DiffUnaryOp<"sin", "Sine">;
def Dither_CosOp : Dither_DiffUnaryOp<"cos", "Cosine">;
def Dither_AtanOp : Dither_DiffUnaryOp<"atan", "Arc tangent">;
def Dither_FloorOp : Dither_UnaryOp<"floor", "Largest integer not above">;
def Dither_CeilOp : Dither_UnaryOp<"ceil", "Smallest integer not below">;
def Dither_RoundOp : Dither_UnaryOp<"round", "Nearest integer, ties to even">;
def Dither_SignOp : Dither_UnaryOp<"sign", "-1, 0 or 1 by sign; NaN stays">;
def Dither_NotOp : Dither_UnaryOp<"not", "Bitwise complement", Dither_IntTensor, [], "i32">;

def Dither_AddOp : Dither_DiffBinaryOp<"add", "Sum"> { let hasFolder = 1; }
def Dither_SubOp : Dither_DiffBinaryOp<"sub", "Difference"> { let hasFolder = 1; }
def Dither_MulOp : Dither_DiffBinaryOp<"mul", "Product"> { let hasFolder = 1; }
def Dither_DivOp : Dither_DiffBinaryOp<"div", "Quotient"> { let hasFolder = 1; }
def Dither_MaxOp : Dither_DiffBinaryOp<"max", "Larger of two; NaN if either is">;
def Dither_MinOp : Dither_DiffBinaryOp<"min", "Smaller of two; NaN if either is">;
def Dither_AndOp : Dither_BinaryOp<"and", "Bitwise and", Dither_IntTensor, [], "i32">;
def Dither_OrOp : Dither_BinaryOp<"or", "Bitwise or", Dither_IntTensor, [], "i32">;
def Dither_XorOp : Dither_BinaryOp<"xor", "Bitwise exclusive or", Dither_IntTensor, [], "i32">;
def Dither_ShlOp : Dither_BinaryOp<"shl", "Left shift; the amount is below the width", Dither_IntTensor, [], "i32">;
def Dither_ShrOp : Dither_BinaryOp<"shr", "Logical right shift; the amount is below the width", Dither_IntTensor, [], "i32">;

def Dither_Predicate : I32EnumAttr<"Predicate", "how two elements compare", [
    I32EnumAttrCase<"eq", 0>, I32EnumAttrCase<"ne", 1>, I32EnumAttrCase<"lt", 2>,
    I32EnumAttrCase<"le", 3>, I32EnumAttrCase<"gt", 4>, I32EnumAttrCase<"ge", 5>]> {
  let cppNamespace = "::dither";
}

def Dither_CompareOp : Dither_ElementwiseOp<"compare"> {
  let summary = "Comparison, element by element";
  let description = [{
    Compares with broadcasting. NaN is unequal to everything and in no order with anything. Integers are signed.

    ```mlir
    %z = dither.compare gt %x, %y : tensor<4x3xf32>, tensor<3xf32>
    ```

    Constraints: (C1) the element types agree; (C2) the shapes broadcast.
  }];
  let arguments = (ins Dither_Predicate:$predicate, Dither_Tensor:$x, Dither_Tensor:$y);
  let results = (outs Dither_BoolTensor:$z);
  let assemblyFormat = "$predicate $x `,` $y attr-dict `:` type($x) `,` type($y)";
  let resultElement = [{ ::mlir::IntegerType::get(context, 1) }];
}

def Dither_SelectOp : Dither_ElementwiseOp<"select", [Dither_Differentiable]> {
  let summary = "One of two values by a condition, element by element";
  let description = [{
    ```mlir
    %z = dither.select %c, %x, %y : tensor<4x3xi1>, tensor<4x3xf32>, tensor<f32>
    ```

    Constraints: (C1) the element types of the two values agree; (C2) the shapes broadcast.
  }];
  let arguments = (ins Dither_BoolTensor:$condition, Dither_Tensor:$x, Dither_Tensor:$y);
  let results = (outs Dither_Tensor:$z);
  let assemblyFormat = "$condition `,` $x `,` $y attr-dict `:` type($condition) `,` type($x) `,` type($y)";
  let resultElement = [{ getElementTypeOrSelf(operands[1].getType()) }];
}

class Dither_CastLikeOp<string mnemonic, list<Trait> traits> : Dither_PureOp<mnemonic, !listconcat([
    DeclareOpInterfaceMethods<ReferenceOpInterface>, DeclareOpInterfaceMethods<ElementwiseOpInterface>], traits)> {
  let arguments = (ins Dither_Tensor:$x);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x) `to` type($y)";
  let hasVerifier = 1;
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::evaluate(::llvm::ArrayRef<::dither::HostTensor> operands,
                                              ::llvm::MutableArrayRef<::dither::HostTensor> results) {
      return ::dither::evaluateElementwise(*this, operands, results);
    }
  }];
}

def Dither_CastOp : Dither_CastLikeOp<"cast", [Dither_Differentiable]> {
  let summary = "Conversion of the element type";
  let description = [{
    Float to float rounds to nearest, ties to even; float to integer truncates and saturates, NaN gives 0; integer to float rounds, to f16 and bf16 through f32;
    integer to integer truncates or extends by sign, from i1 by zero; to i1 is the test for non-zero.

    ```mlir
    %y = dither.cast %x : tensor<4xi32> to tensor<4xf32>
    ```

    Constraints: (C1) the shapes are equal.
  }];
  let hasFolder = 1;
}

def Dither_BitcastOp : Dither_CastLikeOp<"bitcast", []> {
  let summary = "The same bits as another element type";
  let description = [{
    ```mlir
    %y = dither.bitcast %x : tensor<4xf32> to tensor<4xi32>
    ```

    Constraints: (C1) the shapes are equal; (C2) the widths of the elements are equal.
  }];
}

#endif // DITHER_ELEMENTWISE_TD
