#ifndef DITHER_ATTR_INTERFACES_TD
#define DITHER_ATTR_INTERFACES_TD

include "mlir/IR/Interfaces.td"

def PatternAttrInterface : AttrInterface<"PatternAttrInterface"> {
  let cppNamespace = "::dither";
  let description = [{
    A sparsity *pattern*: which elements of a tensor exist.

    The kept elements are its *slots*, a tensor whose shape follows from that of the dense one; the pattern says in which order they
    stand. What says where a slot belongs is the *metadata*: tensors that are stored beside the slots. Further interfaces say how both are made
    up, for kernels: groups (`GroupPatternAttrInterface`) and lists (`ListPatternAttrInterface`).
  }];
  let methods = [
    InterfaceMethod<"Checks that the pattern fits a tensor; says what would.",
      "::llvm::LogicalResult", "verifyType",
      (ins "::llvm::function_ref<::mlir::InFlightDiagnostic()>":$emitError, "::mlir::RankedTensorType":$type)>,
    InterfaceMethod<"Builds the mask, an i1 tensor of the shape of `scores`: true where an element is kept. Larger scores win; "
                    "of equal scores the lower index wins.",
      "::mlir::Value", "buildMask", (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$scores)>,
    InterfaceMethod<"The fraction of elements that exist.", "double", "getDensity", (ins)>,
    InterfaceMethod<"The type of the slots of a tensor of `type`.", "::mlir::RankedTensorType", "getSlots",
      (ins "::mlir::RankedTensorType":$type)>,
    InterfaceMethod<"The dimension of the slots along which codes of a few bits are packed.", "int64_t", "getPackedDim", (ins)>,
    InterfaceMethod<"The metadata of a tensor of `type`, as they are stored: suffix of the name and type.",
      "::llvm::SmallVector<::std::pair<::std::string, ::mlir::RankedTensorType>>", "getMetadata",
      (ins "::mlir::RankedTensorType":$type)>,
    InterfaceMethod<"Builds the slots of `dense` under `mask`, and in `metadata` what says where they belong. A slot that the mask "
                    "does not fill is zero.",
      "::mlir::Value", "buildCompress",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$dense, "::mlir::Value":$mask,
           "::llvm::SmallVectorImpl<::mlir::Value> &":$metadata)>,
    InterfaceMethod<"Builds the slots of `dense` at the places that metadata tell.", "::mlir::Value", "buildSample",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$dense, "::mlir::ValueRange":$metadata)>,
    InterfaceMethod<"Builds the dense tensor of `type` from slots and metadata; elements that do not exist are zero.",
      "::mlir::Value", "buildExpand",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::RankedTensorType":$type, "::mlir::Value":$slots,
           "::mlir::ValueRange":$metadata)>
  ];
}

def GroupPatternAttrInterface : AttrInterface<"GroupPatternAttrInterface", [PatternAttrInterface]> {
  let cppNamespace = "::dither";
  let description = [{
    A pattern of a matrix that keeps as many elements of each group of consecutive ones. The slots of a matrix `[K, N]` are a matrix `[S, N]`
    (groups along the rows) or `[K, S]`: the kept elements of each group in ascending order, group after group. The metadata are the
    `indices`, a field of `getIndexBits()` bits for each slot: the position inside its group; none where there are no bits.
  }];
  let methods = [
    InterfaceMethod<"The dimension along which the elements of a group lie.", "int64_t", "getGroupDim", (ins)>,
    InterfaceMethod<"Elements of a group.", "int64_t", "getGroupSize", (ins)>,
    InterfaceMethod<"Kept elements of a group.", "int64_t", "getSlotsPerGroup", (ins)>,
    InterfaceMethod<"Bits of metadata for each slot.", "unsigned", "getIndexBits", (ins)>,
    InterfaceMethod<[{Emits, for one slot of a contraction along the group dimension, the elements of x that the slot meets in each
      lane. `group` is a vector of `getGroupSize()` consecutive elements of x, `indices` a vector of i32 with one position per
      lane. The result has the lanes of `indices`.}],
      "::mlir::Value", "emitSelect",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$group, "::mlir::Value":$indices)>
  ];
}

def ListPatternAttrInterface : AttrInterface<"ListPatternAttrInterface", [PatternAttrInterface]> {
  let cppNamespace = "::dither";
  let description = [{
    A pattern of a matrix `[K, N]` that lists its elements: compressed columns. The slots are a vector, the kept elements of one column after the
    other, of a column in ascending order. The metadata are their `rows`, unsigned, and the `offsets`, `[N + 1]` of i32: column `j` has the
    slots from `offsets[j]` to `offsets[j + 1]`. Slots behind the last offset belong to no element and are zero.
  }];
}

def BlockPatternAttrInterface : AttrInterface<"BlockPatternAttrInterface", [PatternAttrInterface]> {
  let cppNamespace = "::dither";
  let description = [{
    A pattern of a matrix `[K, N]` that keeps as many blocks of each column of blocks. The slots are a matrix `[S, N]`: the rows of the kept blocks of
    each column of blocks, the blocks in ascending order. The metadata are the `blocks`: for each kept block, `S` over its rows of them, and
    each column of blocks, the row of blocks in which it lies, a signed number.
  }];
  let methods = [
    InterfaceMethod<"Rows of a block.", "int64_t", "getBlockRows", (ins)>,
    InterfaceMethod<"Columns of a block.", "int64_t", "getBlockColumns", (ins)>
  ];
}

def FormatAttrInterface : AttrInterface<"FormatAttrInterface"> {
  let cppNamespace = "::dither";
  let description = [{
    A number *format*: how an element is coded. A code is an unsigned field of `getBits()` bits, 1 to 8 or 16. Codes become values through
    *scales*, which are operands of what uses them and never part of a type: a matrix `[K, N]` has the scales `[G, N]`, where
    `G` counts the groups along `K`.

    Of a *vector format*, the codes, of 8 bits, of eight consecutive elements along `K` stand for all of them together. They say which rows of a
    *book* are summed: the last of the scale parts, a matrix of i8 with eight columns, whose elements are unsigned fields of `getBookBits()` bits. Where
    single elements have codes, here sums of such fields take their place, below 256.
  }];
  let methods = [
    InterfaceMethod<"Bits of a code.", "unsigned", "getBits", (ins)>,
    InterfaceMethod<"Checks that the format fits a tensor; says what would.",
      "::llvm::LogicalResult", "verifyType",
      (ins "::llvm::function_ref<::mlir::InFlightDiagnostic()>":$emitError, "::mlir::RankedTensorType":$type)>,
    InterfaceMethod<"The stored scales of a tensor of `type`, and what else makes values of codes (zero points, a book): suffix of "
                    "the name and type.",
      "::llvm::SmallVector<::std::pair<::std::string, ::mlir::RankedTensorType>>", "getScaleParts",
      (ins "::mlir::RankedTensorType":$type)>,
    InterfaceMethod<"The type of the codes of a tensor of `type`.",
      "::mlir::RankedTensorType", "getCodeType", (ins "::mlir::RankedTensorType":$type), "",
      [{ return type.clone(::mlir::IntegerType::get(type.getContext(), 8)); }]>,
    InterfaceMethod<"The type of floats of 16 bits whose bits are the codes, if values have no scales; null otherwise.",
      "::mlir::Type", "getFloatType", (ins), "", "return {};">,
    InterfaceMethod<"Consecutive elements along the first dimension whose codes stand for all of them together: 8 of a vector format.",
      "int64_t", "getVectorSize", (ins), "", "return 1;">,
    InterfaceMethod<"Of a vector format: bits of an element of the book.", "unsigned", "getBookBits", (ins), "", "return 0;">,
    InterfaceMethod<"Of a vector format: codes that make one index, the low bits first. Each index has 256 rows of the book for itself, or "
                    "2^16 if it has two codes.",
      "int64_t", "getIndexCodes", (ins), "", "return 1;">,
    InterfaceMethod<"Where rows of a matrix have scales of their own, the last of the scale parts, `[K, 1]`: the format without "
                    "them. A product multiplies `x` by them before.",
      "::mlir::Attribute", "getColumnFormat", (ins), "", "return {};">,
    InterfaceMethod<"Builds the stored scales from a tensor.",
      "::llvm::SmallVector<::mlir::Value>", "buildCalibrate",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$input)>,
    InterfaceMethod<"Builds the codes (i8, in the low bits) of a tensor under stored scales.",
      "::mlir::Value", "buildQuantize",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$input, "::mlir::ValueRange":$scales)>,
    InterfaceMethod<"Builds the f32 values of codes under stored scales.",
      "::mlir::Value", "buildDequantize",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$codes, "::mlir::ValueRange":$scales)>,
    InterfaceMethod<"Consecutive elements along the group dimension that share a scale; 0 says all of them.",
      "int64_t", "getGroupSize", (ins)>,
    InterfaceMethod<"The dimension along which the elements of a group lie: 0 for weights, 1 for activations.",
      "int64_t", "getGroupDim", (ins), "", "return 0;">,
    InterfaceMethod<"Whether each scale has a zero point beside it, of the codes.",
      "bool", "hasZeroPoints", (ins), "", "return false;">,
    InterfaceMethod<"The values of all codes, or of sums of fields of a book, as integers of 8 bits, where they are such: products with "
                    "activations of 8 bits then need no floats.",
      "std::optional<::dither::IntegerCodes>", "getIntegerCodes", (ins)>,
    InterfaceMethod<"Whether zero stays zero. If not, what a mask takes out is masked once more.",
      "bool", "hasZero", (ins), "", "return true;">,
    InterfaceMethod<"Emits the unscaled f32 values of a register of codes (vector of i32), or of sums of fields of a book. "
                    "`zeroPoints`, a vector of i32, is null where the format has none.",
      "::mlir::Value", "emitDecode",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$codes, "::mlir::Value":$zeroPoints)>,
    InterfaceMethod<"Emits the f32 values of a register of stored scales.",
      "::mlir::Value", "emitDecodeScales",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$scales)>
  ];
}

def EstimatorAttrInterface : AttrInterface<"EstimatorAttrInterface"> {
  let cppNamespace = "::dither";
  let description = [{
    An *estimator*: how a gradient is formed where the exact one is undefined, infeasible or too expensive. It sits on an op and
    replaces that op's reverse-mode derivative.
  }];
  let methods = [
    InterfaceMethod<"Checks that the estimator can serve an op; the message says which ops it serves.",
      "::llvm::LogicalResult", "verifyOn", (ins "::mlir::Operation *":$op)>,
    InterfaceMethod<"Whether the expectation over its own randomness equals the exact gradient.", "bool", "isUnbiased", (ins)>,
    InterfaceMethod<"Tensors that the estimator remembers for an op from one step of training to the next, for `batch` samples: suffix "
                    "of the name and type; zero at first.",
      "::llvm::SmallVector<::std::pair<::std::string, ::mlir::RankedTensorType>>", "getStates",
      (ins "::mlir::Operation *":$op, "int64_t":$batch), "", [{ return {}; }]>,
    InterfaceMethod<"Builds, right after the op in the forward pass, all that the backward pass keeps. A null value says that an error "
                    "was emitted.",
      "::llvm::SmallVector<::mlir::Value>", "buildResiduals",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Operation *":$op, "const ::dither::EstimatorContext &":$context)>,
    InterfaceMethod<"Builds the gradients of the operands (null: none) from those of the results. Must use nothing of the op but "
                    "its residuals, its parameters and what is constant. Gives the context its new states, where it has any.",
      "::llvm::SmallVector<::mlir::Value>", "buildBackward",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Operation *":$op, "::mlir::ValueRange":$residuals,
           "::mlir::ValueRange":$resultGradients, "::dither::EstimatorContext &":$context)>,
    InterfaceMethod<"Builds the expectation of `buildBackward` by the published expression, for checks. Unbiased estimators "
                    "return an empty list: theirs is the exact derivative.",
      "::llvm::SmallVector<::mlir::Value>", "buildExpectation",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Operation *":$op, "::mlir::ValueRange":$resultGradients),
      "", [{ return {}; }]>,
    InterfaceMethod<"How far a component of the gradient may lie from `buildExpectation`, relative to the largest upstream "
                    "gradient; 0 for estimators that are exact in expectation.",
      "double", "getExpectationTolerance", (ins), "", [{ return 0.0; }]>,
    InterfaceMethod<"Bytes kept for the backward pass of this op.", "int64_t", "getResidualBytes", (ins "::mlir::Operation *":$op)>,
    InterfaceMethod<"A small function (textual IR, one `func.func @f`) that uses the estimator, which `dither check` runs.",
      "::std::string", "getCheckProgram", (ins)>
  ];
}

def DistributionAttrInterface : AttrInterface<"DistributionAttrInterface"> {
  let cppNamespace = "::dither";
  let description = [{
    A *distribution* of random tensors: independent draws, each of which has the last `getEventRank()` extents of the tensor. Its parameters
    are operands of what uses it.
  }];
  let methods = [
    InterfaceMethod<"The parameters, in order.", "::llvm::SmallVector<::llvm::StringRef>", "getParameterNames", (ins)>,
    InterfaceMethod<"Checks the types of parameters, as many as there are names, and of a sample; says what would fit.",
      "::llvm::LogicalResult", "verifyTypes",
      (ins "::llvm::function_ref<::mlir::InFlightDiagnostic()>":$emitError,
           "::llvm::ArrayRef<::mlir::RankedTensorType>":$parameters, "::mlir::RankedTensorType":$sample),
      "", [{ return ::dither::verifyElementwiseDistribution(emitError, $_attr.getParameterNames(), parameters, sample); }]>,
    InterfaceMethod<"How many of the last dimensions of a sample make one draw.", "int64_t", "getEventRank", (ins), "", "return 0;">,
    InterfaceMethod<"Whether gradients pass through `buildSample` to the parameters.", "bool", "isReparameterized", (ins)>,
    InterfaceMethod<"Builds a sample of `type` from random numbers of `rng` and `stream` alone. Where the first extent is dynamic, it is that of "
                    "a parameter.",
      "::mlir::Value", "buildSample",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::RankedTensorType":$type, "::mlir::ValueRange":$parameters,
           "::mlir::Value":$rng, "int64_t":$stream)>,
    InterfaceMethod<"Builds the logarithm of the density (of discrete ones, the probability) of each draw, differentiable in "
                    "`sample`, if that is continuous, and in the parameters.",
      "::mlir::Value", "buildLogDensity",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$sample, "::mlir::ValueRange":$parameters)>,
    InterfaceMethod<"How many values a draw of one element may have; 0 where there are too many to name.", "int64_t", "getSupportSize",
      (ins "::llvm::ArrayRef<::mlir::RankedTensorType>":$parameters), "", "return 0;">,
    InterfaceMethod<"Builds the value number `index`, a rank-0 i64 tensor, of the support: a rank-0 tensor.", "::mlir::Value", "buildSupport",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$index, "::mlir::Type":$element), "", "return {};">,
    InterfaceMethod<"Whether `buildMeasures` is there.", "bool", "hasMeasures", (ins), "", "return false;">,
    InterfaceMethod<[{Builds, for parameter number `parameter`, the derivative of the distribution with respect to it as a difference of two:
      `scale (positive - negative)`, with independent draws of both for each element of a sample, all of its shape. The
      sample itself is drawn from the stream `stream` of `rng`; these have others.}],
      "::dither::MeasuredDerivative", "buildMeasures",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$sample, "::mlir::ValueRange":$parameters, "unsigned":$parameter,
           "::mlir::Value":$rng, "int64_t":$stream), "", "return {};">,
    InterfaceMethod<"The distribution function of one element at `x`, for checks; NaN where there is none. Of discrete ones, the chance "
                    "of `x` and what is less.",
      "double", "evaluateCdf", (ins "double":$x, "::llvm::ArrayRef<double>":$parameters), "", [{
        return std::numeric_limits<double>::quiet_NaN(); }]>
  ];
}

def SampleEstimatorAttrInterface : AttrInterface<"SampleEstimatorAttrInterface"> {
  let cppNamespace = "::dither";
  let description = [{
    A *sample estimator*: how the gradient of an expectation passes a random node of `dither.expect`. It is given the node and the rest of the
    region, as a function of the node's value, which it may run as often as it likes. Estimators of several nodes nest, so that they compose.
    Krieken et al., "Storchastic", 2021; Lew et al., "ADEV: sound automatic differentiation of expected values", 2023.
  }];
  let methods = [
    InterfaceMethod<"Checks that the estimator can serve a node, a `dither.draw`; the message says which it serves.",
      "::llvm::LogicalResult", "verifyOn", (ins "::mlir::Operation *":$sample)>,
    InterfaceMethod<"Whether the expectation over its own randomness equals the exact gradient.", "bool", "isUnbiased", (ins)>,
    InterfaceMethod<[{Builds the cost by way of `rest`. `sample` is a `dither.draw` where `b` stands, without an estimator; it may be left
      unused. What the gradient of the cost lacks is added to `expectation.terms`.}],
      "::llvm::FailureOr<::mlir::Value>", "buildCost",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Operation *":$sample, "::dither::BuildCost":$rest,
           "::dither::Expectation &":$expectation)>
  ];
}

def RecipeAttrInterface : AttrInterface<"RecipeAttrInterface"> {
  let cppNamespace = "::dither";
  let description = [{A *recipe*: how a pattern or a format changes while training, and what it does to the gradient.}];
  let methods = [
    InterfaceMethod<"Whether a parameter is trained as it is stored: its state are the parts of `dither.pack` of its first value, the slots "
                    "are trained, and the metadata stay. `buildMask` then gives the mask of the first value; there are no states.",
      "bool", "isPacked", (ins), "", [{ return false; }]>,
    InterfaceMethod<"Tensors that the recipe remembers for a parameter of `type`: suffix of the name and type; zero at first.",
      "::llvm::SmallVector<::std::pair<::std::string, ::mlir::RankedTensorType>>", "getStates",
      (ins "::mlir::RankedTensorType":$type), "", [{ return {}; }]>,
    InterfaceMethod<"Builds the mask of this step and, in `newStates`, the states after it. `step` is a rank-0 i64 tensor.",
      "::mlir::Value", "buildMask",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::dither::PatternAttrInterface":$pattern, "::mlir::Value":$weight,
           "::mlir::ValueRange":$states, "::mlir::Value":$step, "::llvm::SmallVectorImpl<::mlir::Value> &":$newStates)>,
    InterfaceMethod<"Builds the gradient that the optimizer sees.",
      "::mlir::Value", "buildGradient",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$weight, "::mlir::Value":$mask, "::mlir::Value":$gradient)>
  ];
}

def OptimizerAttrInterface : AttrInterface<"OptimizerAttrInterface"> {
  let cppNamespace = "::dither";
  let description = [{An *optimizer*: how a parameter moves along its gradient.}];
  let methods = [
    InterfaceMethod<"State tensors for a parameter of `type`: suffix of the name and type; zero at first.",
      "::llvm::SmallVector<::std::pair<::std::string, ::mlir::RankedTensorType>>", "getStates",
      (ins "::mlir::RankedTensorType":$type)>,
    InterfaceMethod<"Builds the new parameter and, in `newStates`, the new states. `rate` is a rank-0 f32 tensor, `step` a rank-0 "
                    "i64 tensor that counts from 1.",
      "::mlir::Value", "buildUpdate",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::Value":$parameter, "::mlir::Value":$gradient,
           "::mlir::ValueRange":$states, "::mlir::Value":$rate, "::mlir::Value":$step,
           "::llvm::SmallVectorImpl<::mlir::Value> &":$newStates)>,
    InterfaceMethod<"The rate before any schedule.", "double", "getBaseRate", (ins)>
  ];
}

def ScheduleAttrInterface : AttrInterface<"ScheduleAttrInterface"> {
  let cppNamespace = "::dither";
  let description = [{A *schedule*: the factor on the base rate as a function of progress. A run-time operand of the step.}];
  let methods = [
    InterfaceMethod<"The factor at `progress`, from 0 (first step) towards 1 (after the last).",
      "double", "getFactor", (ins "double":$progress)>
  ];
}

def InitializerAttrInterface : AttrInterface<"InitializerAttrInterface"> {
  let cppNamespace = "::dither";
  let description = [{An *initializer*: the first value of a parameter.}];
  let methods = [
    InterfaceMethod<"Builds the value. `rng` is the seed and step, `stream` the parameter's own.",
      "::mlir::Value", "buildInitial",
      (ins "::mlir::ImplicitLocOpBuilder &":$b, "::mlir::RankedTensorType":$type, "::mlir::Value":$rng, "int64_t":$stream)>
  ];
}

#endif // DITHER_ATTR_INTERFACES_TD
