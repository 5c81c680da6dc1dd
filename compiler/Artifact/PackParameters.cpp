//===- PackParameters.cpp - Parameters as the artifact stores them --------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Artifact/Artifact.h"
#include "compiler/Interpreter/Interpreter.h"
#include <cmath>

using namespace mlir;
using namespace dither;

/// A function that packs a parameter, built beside the model.
static func::FuncOp buildPacker(OpBuilder &builder, ParamOp param) {
  RankedTensorType type = param.getTensorType();
  SmallVector<Type> results;
  for (const PackedPart &part : getPackedParts(
           type, param.getPatternInterface(), param.getFormatInterface()))
    results.push_back(part.second);
  auto function =
      func::FuncOp::create(builder, param.getLoc(), "pack",
                           builder.getFunctionType({type}, results));
  Block *block = function.addEntryBlock();
  ImplicitLocOpBuilder b(param.getLoc(), builder.getContext());
  b.setInsertionPointToStart(block);
  Value weight = block->getArgument(0), mask;
  if (param.getPatternAttr())
    mask = PatternMaskOp::create(b, param.getPatternAttr(),
                                 AbsOp::create(b, weight));
  auto pack = PackOp::create(b, results, weight, mask, param.getPatternAttr(),
                             param.getFormatAttr());
  func::ReturnOp::create(b, pack.getResults());
  return function;
}

static LogicalResult packOne(ParamOp param, const HostTensor &value,
                             const Evaluator &evaluate,
                             ConstantMap &constants) {
  std::string name = param.getSymName().str();
  if (!param.isRepresented()) {
    constants[name] = value;
    return success();
  }
  for (int64_t i = 0; i < value.getNumElements(); ++i)
    if (!std::isfinite(value.getDouble(i)))
      return param.emitOpError("has a value that is not finite, element ")
             << i << ", which its representation cannot hold; train again "
             << "with a lower rate";
  OwningOpRef<ModuleOp> scratch = ModuleOp::create(param.getLoc());
  OpBuilder builder(scratch->getBodyRegion());
  func::FuncOp packer = buildPacker(builder, param);
  auto parts = evaluate(packer, value);
  if (failed(parts))
    return failure();
  auto names =
      getPackedParts(param.getTensorType(), param.getPatternInterface(),
                     param.getFormatInterface());
  for (auto [part, tensor] : llvm::zip_equal(names, *parts))
    constants[name + "." + part.first] = tensor;
  return success();
}

/// Whether all elements are in [0, end); in ascending order, if asked for.
/// Those of 8 and 16 bits are unsigned.
static bool areInside(const HostTensor &tensor, int64_t end, bool ascending) {
  unsigned bits = tensor.getElementType().getIntOrFloatBitWidth();
  int64_t least = 0;
  for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
    int64_t value = tensor.getInt(i);
    if (bits < 32)
      value &= (int64_t(1) << bits) - 1;
    if (value < least || value >= end)
      return false;
    if (ascending)
      least = value;
  }
  return true;
}

/// Kernels take it for granted that metadata tell of elements that exist: that
/// of a file may tell anything. What lies in groups cannot leave them.
static LogicalResult verifyPlaces(ParamOp param, const ConstantMap &parts) {
  PatternAttrInterface pattern = param.getPatternInterface();
  RankedTensorType type = param.getTensorType();
  auto get = [&](StringRef suffix) -> const HostTensor & {
    return parts.at((param.getSymName() + "." + suffix).str());
  };
  bool areRight = true;
  if (isa_and_present<ListPatternAttrInterface>(pattern))
    areRight =
        areInside(get("rows"), type.getDimSize(0), /*ascending=*/false) &&
        areInside(get("offsets"), get("rows").getNumElements() + 1,
                  /*ascending=*/true);
  else if (auto blocks =
               dyn_cast_if_present<BlockPatternAttrInterface>(pattern))
    areRight =
        areInside(get("blocks"), type.getDimSize(0) / blocks.getBlockRows(),
                  /*ascending=*/false);
  if (areRight)
    return success();
  return param.emitOpError("has parts that tell of elements outside of ")
         << type << "; the checkpoint is corrupt";
}

/// The parts of a parameter that training keeps packed, as they are.
static LogicalResult takeParts(ParamOp param,
                               const llvm::StringMap<HostTensor> &values,
                               ConstantMap &constants) {
  for (auto &[suffix, type] :
       getPackedParts(param.getTensorType(), param.getPatternInterface(),
                      param.getFormatInterface())) {
    std::string name = (param.getSymName() + "." + suffix).str();
    auto found = values.find(name);
    if (found == values.end())
      return param.emitOpError("has no part '")
             << name << "' among the parameters given; the checkpoint must "
             << "hold all parts of a parameter that training keeps packed";
    if (found->second.getShape() != type.getShape() ||
        found->second.getElementType() != type.getElementType())
      return param.emitOpError("has a part '")
             << name << "' that is not " << type
             << "; the checkpoint is of another model";
    constants[name] = found->second;
  }
  return verifyPlaces(param, constants);
}

/// A parameter as it is stored: packed where it is represented, or where
/// `isTraining` only if it is a state of packed parts.
static LogicalResult storeOne(ParamOp param,
                              const llvm::StringMap<HostTensor> &values,
                              bool isTraining, const Evaluator &evaluate,
                              ConstantMap &constants) {
  auto found = values.find(param.getSymName());
  if (found == values.end() && param.isPackedInTraining())
    return takeParts(param, values, constants);
  if (found == values.end())
    return param.emitOpError("has no value among the parameters given; the "
                             "checkpoint must hold a tensor of this name");
  const HostTensor &value = found->second;
  RankedTensorType type = param.getTensorType();
  if (value.getShape() != type.getShape() ||
      value.getElementType() != type.getElementType()) {
    auto diagnostic = param.emitOpError("is ")
                      << type << ", but its value is a tensor of ";
    llvm::interleave(value.getShape(), diagnostic, "x");
    return diagnostic << " elements of " << value.getElementType()
                      << "; the checkpoint is of another model";
  }
  if (!isTraining || param.isPackedInTraining())
    return packOne(param, value, evaluate, constants);
  constants[param.getSymName().str()] = value;
  return success();
}

FailureOr<ConstantMap>
dither::packParameters(ModelOp model, const llvm::StringMap<HostTensor> &values,
                       const Evaluator &evaluate) {
  ConstantMap constants;
  for (ParamOp param : model.getOps<ParamOp>())
    if (failed(
            storeOne(param, values, /*isTraining=*/false, evaluate, constants)))
      return failure();
  return constants;
}

FailureOr<ConstantMap>
dither::packStates(ModelOp model, const llvm::StringMap<HostTensor> &values,
                   const Evaluator &evaluate) {
  ConstantMap states;
  for (ParamOp param : model.getOps<ParamOp>())
    if (failed(storeOne(param, values, /*isTraining=*/true, evaluate, states)))
      return failure();
  return states;
}
