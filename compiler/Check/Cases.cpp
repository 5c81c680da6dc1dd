//===- Cases.cpp - Examples of ops, to check them -------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Check/Cases.h"
#include "compiler/Transforms/Specialize/Specialize.h"
#include "mlir/Parser/Parser.h"
#include "runtime/rng/Philox.h"
#include <cmath>
#include <set>

using namespace mlir;
using namespace dither;

static constexpr StringLiteral rangeAttr = "dither.range";
static constexpr StringLiteral firstOrderAttr = "dither.first_order";
static constexpr StringLiteral noSlopeAttr = "dither.no_slope";

namespace {
struct CaseFile {
  const char *group, *text;
};
} // namespace

/// The files of the groups, by compiler/CMakeLists.txt.
static constexpr CaseFile caseFiles[] = {
#include "compiler/Check/Files.inc"
};

//===- Cases --------------------------------------------------------------===//

static bool isF64(Type type) { return getElementTypeOrSelf(type).isF64(); }

Operation *CheckCase::getOp() const {
  return getFunction()
      .getBody()
      .front()
      .getTerminator()
      ->getOperand(0)
      .getDefiningOp();
}

bool CheckCase::hasFirstOrder() const {
  func::FuncOp f = getFunction();
  return isDifferentiable(*getOp()->getName().getRegisteredInfo()) &&
         llvm::any_of(f.getArgumentTypes(), isF64) && !f->hasAttr(noSlopeAttr);
}

bool CheckCase::hasSecondOrder() const {
  return hasFirstOrder() && !getFunction()->hasAttr(firstOrderAttr);
}

bool dither::isDifferentiable(RegisteredOperationName op) {
  return op.hasInterface<DifferentiableOpInterface>() ||
         op.hasInterface<StructuredOpInterface>() ||
         op.hasTrait<DifferentiatedByParts>();
}

bool dither::needsCase(RegisteredOperationName op) {
  return op.hasInterface<ReferenceOpInterface>() ||
         op.hasInterface<StructuredOpInterface>() ||
         op.hasInterface<DecomposableOpInterface>();
}

/// Fails where a range is none.
static LogicalResult verifyRange(func::FuncOp function, unsigned argument) {
  auto range = function.getArgAttrOfType<ArrayAttr>(argument, rangeAttr);
  bool isInteger = !isa<FloatType>(
      getElementTypeOrSelf(function.getArgument(argument).getType()));
  auto isBound = [&](Attribute bound) {
    return isInteger ? isa<IntegerAttr>(bound) : isa<FloatAttr>(bound);
  };
  if (range && range.size() == 2 && llvm::all_of(range, isBound))
    return success();
  return function.emitError("has an argument ")
         << argument << " whose " << rangeAttr
         << " is not [low, high] in its element type";
}

/// Fails where a case says something that nobody reads.
static LogicalResult verifyCase(func::FuncOp function) {
  Operation *end = function.getBody().front().getTerminator();
  if (end->getNumOperands() == 0 || !end->getOperand(0).getDefiningOp())
    return function.emitError("is a case of no op: it returns no result of "
                              "one");
  for (NamedAttribute attr : function->getDiscardableAttrDictionary())
    if (attr.getName() != firstOrderAttr && attr.getName() != noSlopeAttr)
      return function.emitError("has an attribute that no case has: ")
             << attr.getName();
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    for (NamedAttribute attr :
         mlir::function_interface_impl::getArgAttrs(function, i)) {
      if (attr.getName() != rangeAttr)
        return function.emitError("has an argument with an attribute that no "
                                  "case has: ")
               << attr.getName();
      if (failed(verifyRange(function, i)))
        return failure();
    }
  return success();
}

LogicalResult CheckCases::add(MLIRContext *context, StringRef group,
                              StringRef text) {
  std::string file = (group + "/Checks.mlir").str();
  modules.push_back(
      parseSourceString<ModuleOp>(text, ParserConfig(context), file));
  if (!modules.back())
    return failure();
  WalkResult result = modules.back()->walk([&](func::FuncOp function) {
    cases.emplace_back((group + "/" + function.getName()).str(), function);
    return failed(verifyCase(function)) ? WalkResult::interrupt()
                                        : WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

FailureOr<CheckCases> CheckCases::parse(MLIRContext *context, StringRef group,
                                        StringRef text) {
  CheckCases all;
  if (failed(all.add(context, group, text)))
    return failure();
  return all;
}

FailureOr<CheckCases> CheckCases::load(MLIRContext *context) {
  CheckCases all;
  for (const CaseFile &file : caseFiles)
    if (failed(all.add(context, file.group, file.text)))
      return failure();
  return all;
}

std::vector<std::string>
dither::findMissingCases(MLIRContext *context, ArrayRef<CheckCase> cases,
                         function_ref<bool(StringRef)> isAsked) {
  std::set<StringRef> seen, differentiated;
  for (const CheckCase &c : cases) {
    StringRef name = c.getOp()->getName().getStringRef();
    seen.insert(name);
    if (c.hasFirstOrder() || c.getFunction()->hasAttr(noSlopeAttr))
      differentiated.insert(name);
  }
  std::vector<std::string> missing;
  // Not getRegisteredOperationsByDialect, which finds none in LLVM 22.
  for (RegisteredOperationName op : context->getRegisteredOperations()) {
    StringRef name = op.getStringRef();
    if (!isa<DitherDialect>(op.getDialect()) || !needsCase(op) ||
        !isAsked(name))
      continue;
    if (!seen.count(name))
      missing.push_back((name + " has no case").str());
    else if (isDifferentiable(op) && !differentiated.count(name))
      missing.push_back((name + " has gradients and no case in f64").str());
  }
  return missing;
}

//===- Element types ------------------------------------------------------===//

static Type narrow(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && isF64(tensor)
             ? tensor.clone(Float32Type::get(type.getContext()))
             : type;
}

static Attribute narrow(Attribute attribute) {
  if (auto elements = dyn_cast<DenseFPElementsAttr>(attribute);
      elements && isF64(elements.getType()))
    return elements.mapValues(
        Float32Type::get(attribute.getContext()), [](const APFloat &value) {
          return APFloat(float(value.convertToDouble())).bitcastToAPInt();
        });
  if (auto type = dyn_cast<TypeAttr>(attribute))
    return TypeAttr::get(narrow(type.getValue()));
  return attribute;
}

void dither::narrowToSingle(func::FuncOp function) {
  auto narrowType = [](Type type) { return narrow(type); };
  function.walk([&](Block *block) {
    for (BlockArgument argument : block->getArguments())
      argument.setType(narrow(argument.getType()));
    for (Operation &op : *block) {
      for (Value result : op.getResults())
        result.setType(narrow(result.getType()));
      for (NamedAttribute attr : op.getAttrs())
        op.setAttr(attr.getName(), narrow(attr.getValue()));
    }
  });
  FunctionType type = function.getFunctionType();
  function.setFunctionType(FunctionType::get(
      function.getContext(), llvm::map_to_vector(type.getInputs(), narrowType),
      llvm::map_to_vector(type.getResults(), narrowType)));
}

//===- Arguments ----------------------------------------------------------===//

bool dither::hasBatch(func::FuncOp function) {
  return llvm::any_of(function.getArgumentTypes(), [](Type type) {
    return !cast<RankedTensorType>(type).hasStaticShape();
  });
}

HostTensor dither::drawTensor(RankedTensorType type, double low, double high,
                              uint64_t seed, uint32_t stream) {
  HostTensor tensor(type.getElementType(), type.getShape());
  bool isFloat = isa<FloatType>(type.getElementType());
  for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
    double unit = runtime::Philox::bits(seed, 0, stream, uint32_t(i)) * 0x1p-32;
    tensor.set(i, isFloat ? Scalar::of(low + (high - low) * unit)
                          : Scalar::ofInt(int64_t(
                                std::floor(low + (high - low + 1) * unit))));
  }
  return tensor;
}

static double getBound(Attribute bound) {
  if (auto number = dyn_cast<FloatAttr>(bound))
    return number.getValueAsDouble();
  return double(cast<IntegerAttr>(bound).getInt());
}

/// What elements of an argument are drawn from.
static std::pair<double, double> getRange(func::FuncOp function,
                                          unsigned argument) {
  if (auto range = function.getArgAttrOfType<ArrayAttr>(argument, rangeAttr))
    return {getBound(range[0]), getBound(range[1])};
  Type element = getElementTypeOrSelf(function.getArgument(argument).getType());
  if (element.isInteger(1))
    return {0, 1};
  if (isa<IntegerType>(element))
    return {-1, 3};
  return {-2, 2};
}

std::vector<HostTensor> dither::drawArguments(func::FuncOp function,
                                              int64_t batch, uint64_t seed) {
  std::vector<HostTensor> arguments;
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
    auto [low, high] = getRange(function, i);
    // Another batch draws other numbers.
    auto stream = uint32_t(1000 * batch + i);
    arguments.push_back(
        drawTensor(cast<RankedTensorType>(specializeType(type, batch)), low,
                   high, seed, stream));
  }
  return arguments;
}
