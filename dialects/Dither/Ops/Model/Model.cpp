//===- Model.cpp - Models, parameters and training declarations -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

/// Asks the estimator whether it serves the op that a read of the parameter
/// becomes in training.
static LogicalResult verifyServes(ParamOp param) {
  EstimatorAttrInterface estimator = param.getEstimatorInterface();
  if (!estimator || !param.isRepresented())
    return success();
  OpBuilder b(param.getContext());
  auto makeValue = [&](Type type) {
    return UnrealizedConversionCastOp::create(b, param.getLoc(), type,
                                              ValueRange());
  };
  RankedTensorType type = param.getTensorType();
  UnrealizedConversionCastOp weight = makeValue(type), mask;
  if (param.getPatternAttr())
    mask = makeValue(type.clone(b.getI1Type()));
  auto represent = RepresentOp::create(
      b, param.getLoc(), type, weight.getResult(0),
      mask ? mask.getResult(0) : Value(), param.getFormatAttr(), Attribute());
  LogicalResult result = estimator.verifyOn(represent);
  for (Operation *op : {represent.getOperation(), weight.getOperation(),
                        mask ? mask.getOperation() : nullptr})
    if (op)
      op->erase();
  return result;
}

LogicalResult ParamOp::verify() {
  RankedTensorType type = getTensorType();
  if (!type.hasStaticShape())
    return emitOpError("(C1) needs a static shape, got ") << type;
  bool isFloat = isa<FloatType>(type.getElementType());
  if (!isFloat && (isRepresented() || !getFrozen()))
    return emitOpError("(C6) with integer elements must be frozen and without "
                       "pattern or format");
  if (!isa<InitializerAttrInterface>(getInit()))
    return emitOpError() << getInit()
                         << " is not an initializer such as #dither.fill<0.0>";
  if (getPatternAttr()) {
    if (!getPatternInterface())
      return emitOpError() << getPatternAttr()
                           << " is not a pattern such as #dither.nm<2 : 4>";
    if (failed(getPatternInterface().verifyType(
            [&]() { return emitOpError("(C2) "); }, type)))
      return failure();
  }
  if (getFormatAttr()) {
    if (!getFormatInterface())
      return emitOpError() << getFormatAttr()
                           << " is not a format such as #dither.int<bits = 4>";
    if (failed(getFormatInterface().verifyType(
            [&]() { return emitOpError("(C3) "); }, type)) ||
        failed(verifyComposition([&]() { return emitOpError("(C3) "); },
                                 getPatternInterface(), getFormatInterface())))
      return failure();
  }
  if (getRecipeAttr() && !getRecipeInterface())
    return emitOpError() << getRecipeAttr()
                         << " is not a recipe such as #dither.asp<start = 100>";
  if (getRecipeAttr() && !getPatternAttr())
    return emitOpError("(C4) has a recipe but no pattern for it to change; add "
                       "one such as #dither.nm<2 : 4>, or drop the recipe");
  if (getEstimatorAttr() && !getEstimatorInterface())
    return emitOpError()
           << getEstimatorAttr()
           << " is not an estimator such as #dither.straight_through";
  if (isTrainedPacked() && getFormatAttr())
    return emitOpError("(C8) is trained as packed values by ")
           << getRecipeAttr() << ", which leaves no place for "
           << getFormatAttr() << "; drop the format, or take another recipe";
  if (isRepresented() && !getFrozen() && !getEstimatorAttr() &&
      !isTrainedPacked())
    return emitOpError("(C5) is trained through a pattern or a format, which "
                       "has no derivative; add an estimator such as "
                       "#dither.straight_through, or freeze it");
  return verifyServes(*this);
}

LogicalResult ReadOp::verifySymbolUses(SymbolTableCollection &tables) {
  auto model = (*this)->getParentOfType<ModelOp>();
  if (!model)
    return emitOpError("(C1) stands outside of a model; parameters belong to "
                       "the dither.model around the function");
  auto param = tables.lookupNearestSymbolFrom<ParamOp>(model, getParamAttr());
  if (!param)
    return emitOpError("(C1) finds no parameter ")
           << getParamAttr() << "; declare it with dither.param";
  if (param.getTensorType() != getValue().getType())
    return emitOpError("(C2) has type ")
           << getValue().getType() << ", but the parameter is "
           << param.getTensorType();
  return success();
}

LogicalResult TrainOp::verify() {
  if (!isa<OptimizerAttrInterface>(getOptimizer()))
    return emitOpError()
           << getOptimizer()
           << " is not an optimizer such as #dither.adamw<rate = 0.001>";
  if (getSchedule() && !isa<ScheduleAttrInterface>(*getSchedule()))
    return emitOpError()
           << *getSchedule()
           << " is not a schedule such as #dither.linear_decay<to = 0.0>";
  if (int64_t(getBatch()) <= 0 || int64_t(getEpochs()) <= 0)
    return emitOpError("(C4) needs positive batch and epochs, got ")
           << int64_t(getBatch()) << " and " << int64_t(getEpochs());
  return success();
}

/// The types of the inputs; arguments of other kinds come with bindings.
static SmallVector<Type> getInputTypes(func::FuncOp function) {
  SmallVector<Type> types;
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
    auto kind = function.getArgAttrOfType<StringAttr>(i, "dither.kind");
    if (!kind || kind == "input")
      types.push_back(type);
  }
  return types;
}

LogicalResult TrainOp::verifySymbolUses(SymbolTableCollection &tables) {
  auto find = [&](FlatSymbolRefAttr name) {
    return tables.lookupNearestSymbolFrom<func::FuncOp>(
        (*this)->getParentOfType<ModelOp>(), name);
  };
  func::FuncOp loss = find(getLossAttr());
  if (!loss)
    return emitOpError("(C1) finds no function ")
           << getLossAttr() << " in the model";
  FunctionType type = loss.getFunctionType();
  auto result = type.getNumResults() == 1
                    ? dyn_cast<RankedTensorType>(type.getResult(0))
                    : RankedTensorType();
  if (!result || result.getRank() != 0 ||
      !isa<FloatType>(result.getElementType()))
    return emitOpError("(C2) needs a loss with one result tensor<f32>, got ")
           << type;
  SmallVector<Type> inputs = getInputTypes(loss);
  for (Type input : inputs) {
    auto tensor = dyn_cast<RankedTensorType>(input);
    if (!tensor || tensor.getRank() == 0)
      return emitOpError("(C5) needs a batch dimension first in every input, "
                         "got ")
             << input;
  }
  if (!getMetricAttr())
    return success();
  func::FuncOp metric = find(getMetricAttr());
  if (!metric)
    return emitOpError("(C1) finds no function ")
           << getMetricAttr() << " in the model";
  if (getInputTypes(metric) != inputs)
    return emitOpError("(C3) needs a metric with the inputs of the loss, ")
           << type.getInputs() << ", got " << metric.getFunctionType();
  auto isPerSample = [](Type result) {
    auto tensor = dyn_cast<RankedTensorType>(result);
    return tensor && tensor.getRank() == 1 && tensor.getElementType().isF32();
  };
  if (metric.getNumResults() != 1 ||
      !isPerSample(metric.getFunctionType().getResult(0)))
    return emitOpError("(C6) needs a metric with one result tensor<?xf32>, a "
                       "number for each sample, got ")
           << metric.getFunctionType();
  return success();
}
