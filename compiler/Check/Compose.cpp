//===- Compose.cpp - Random programs of case functions --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Check/Compose.h"
#include "compiler/Check/Variants.h"
#include "compiler/Transforms/Specialize/Specialize.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Verifier.h"
#include <map>

using namespace mlir;
using namespace dither;

/// Extents beside registers and tiles, and degenerate ones.
static constexpr int64_t extents[] = {0, 1, 2, 3, 4, 7, 8, 13, 16, 17, 31, 33};

namespace {
/// Not a distribution of the library's, which differ from one to the other.
class Random {
public:
  Random(uint64_t seed, int64_t number)
      : engine(seed * 0x9E3779B97F4A7C15u + uint64_t(number)) {}
  size_t below(size_t count) { return (engine() >> 11) % count; }
  bool chance(double p) { return double(engine() >> 11) * 0x1p-53 < p; }
  int64_t extent() { return extents[below(std::size(extents))]; }

private:
  std::mt19937_64 engine;
};

/// One program while it grows.
class Program {
public:
  Program(MLIRContext *context, Random &random, int64_t number);
  /// Adds the body of a function, or nothing where it does not fit.
  bool add(func::FuncOp piece, bool isLoose);
  void addInput();
  bool hasResult() const { return numPieces > 0; }
  /// Returns what nothing uses.
  OwningOpRef<func::FuncOp> finish();

private:
  Value pick(Type type, bool isLoose);
  Value getOperand(func::FuncOp piece, unsigned argument, bool isLoose);
  Value addArgument(Type type);
  Value clamp(Value value, ArrayAttr range);
  LogicalResult cloneBody(func::FuncOp piece, IRMapping &mapping);
  bool isValidForAnyBatch();
  void undo(unsigned numOps, unsigned numArguments);

  MLIRContext *context;
  Random &random;
  OwningOpRef<func::FuncOp> function;
  std::vector<Value> values;
  int64_t numPieces = 0;
};
} // namespace

Program::Program(MLIRContext *context, Random &random, int64_t number)
    : context(context), random(random) {
  OpBuilder b(context);
  function = func::FuncOp::create(UnknownLoc::get(context),
                                  "p" + std::to_string(number),
                                  b.getFunctionType({}, {}));
  function->addEntryBlock();
}

Value Program::addArgument(Type type) {
  return function->getBody().front().addArgument(type, function->getLoc());
}

void Program::addInput() {
  SmallVector<int64_t> shape(1 + random.below(3));
  for (int64_t &extent : shape)
    extent = random.extent();
  if (random.chance(0.5))
    shape[0] = ShapedType::kDynamic;
  Type element = Float32Type::get(context);
  if (random.chance(0.2))
    element = IntegerType::get(context, 32);
  values.push_back(addArgument(RankedTensorType::get(shape, element)));
}

/// A value of a type; where that is meant loosely, of its element type.
Value Program::pick(Type type, bool isLoose) {
  std::vector<Value> found;
  for (Value value : values)
    if (isLoose ? getElementTypeOrSelf(value) == getElementTypeOrSelf(type)
                : value.getType() == type)
      found.push_back(value);
  return found.empty() ? Value() : found[random.below(found.size())];
}

/// The value where it lies in a range, else the nearer end.
Value Program::clamp(Value value, ArrayAttr range) {
  ImplicitLocOpBuilder b(function->getLoc(), context);
  b.setInsertionPointToEnd(&function->getBody().front());
  auto type = RankedTensorType::get({}, getElementTypeOrSelf(value));
  auto getBound = [&](Attribute bound) -> Value {
    if (auto number = dyn_cast<FloatAttr>(bound))
      return buildScalarLike(b, number.getValueAsDouble(), value);
    return ConstantOp::create(
        b, DenseElementsAttr::get(
               type,
               Attribute(b.getIntegerAttr(type.getElementType(),
                                          cast<IntegerAttr>(bound).getInt()))));
  };
  value = MaxOp::create(b, value, getBound(range[0]));
  return MinOp::create(b, value, getBound(range[1]));
}

Value Program::getOperand(func::FuncOp piece, unsigned argument, bool isLoose) {
  Type type = piece.getArgumentTypes()[argument];
  auto range = piece.getArgAttrOfType<ArrayAttr>(argument, "dither.range");
  Value value = random.chance(0.8) ? pick(type, isLoose) : Value();
  if (!value)
    value = values.emplace_back(addArgument(type));
  bool isBool = getElementTypeOrSelf(type).isInteger(1);
  return range && !isBool ? clamp(value, range) : value;
}

LogicalResult Program::cloneBody(func::FuncOp piece, IRMapping &mapping) {
  OpBuilder b = OpBuilder::atBlockEnd(&function->getBody().front());
  for (Operation &op : piece.getBody().front().without_terminator()) {
    Operation *clone = b.clone(op, mapping);
    // What is not inferred is often the type of an operand.
    auto guess = [&](Value result) {
      for (auto [before, after] :
           llvm::zip_equal(op.getOperands(), clone->getOperands()))
        if (before.getType() == result.getType())
          return after.getType();
      return result.getType();
    };
    if (failed(inferResults(clone, guess)) || failed(verify(clone)))
      return failure();
  }
  return success();
}

/// A dynamic extent agrees with every other one, also where a batch does not.
bool Program::isValidForAnyBatch() {
  OpBuilder b = OpBuilder::atBlockEnd(&function->getBody().front());
  auto end = func::ReturnOp::create(b, function->getLoc());
  updateType(*function);
  bool isValid = true;
  for (int64_t batch : {0, 1, 5}) {
    OwningOpRef<func::FuncOp> clone = function->clone();
    isValid &= succeeded(specialize(*clone, batch));
  }
  end.erase();
  return isValid;
}

void Program::undo(unsigned numOps, unsigned numArguments) {
  Block &body = function->getBody().front();
  while (body.getOperations().size() > numOps)
    body.back().erase();
  while (body.getNumArguments() > numArguments)
    body.eraseArgument(body.getNumArguments() - 1);
}

bool Program::add(func::FuncOp piece, bool isLoose) {
  ScopedDiagnosticHandler silence(context,
                                  [](Diagnostic &) { return success(); });
  Block &body = function->getBody().front();
  unsigned numOps = body.getOperations().size();
  unsigned numArguments = body.getNumArguments();
  size_t numValues = values.size();
  IRMapping mapping;
  for (BlockArgument argument : piece.getArguments())
    mapping.map(argument, getOperand(piece, argument.getArgNumber(), isLoose));
  if (failed(cloneBody(piece, mapping)) || !isValidForAnyBatch()) {
    values.resize(numValues);
    undo(numOps, numArguments);
    return false;
  }
  for (Value result : piece.getBody().front().getTerminator()->getOperands())
    values.push_back(mapping.lookup(result));
  ++numPieces;
  return true;
}

OwningOpRef<func::FuncOp> Program::finish() {
  Block &body = function->getBody().front();
  SmallVector<Value> results;
  for (Value value : values)
    if (value.getDefiningOp() && value.use_empty() &&
        !llvm::is_contained(results, value))
      results.push_back(value);
  OpBuilder b = OpBuilder::atBlockEnd(&body);
  func::ReturnOp::create(b, function->getLoc(), results);
  updateType(*function);
  return std::move(function);
}

//===- Composer -----------------------------------------------------------===//

Composer::Composer(ArrayRef<CheckCase> cases) {
  std::map<std::string, size_t> index;
  for (const CheckCase &c : cases) {
    std::string op = c.getOp()->getName().getStringRef().str();
    auto [it, isNew] = index.try_emplace(op, groups.size());
    if (isNew)
      groups.emplace_back();
    groups[it->second].push_back(c.getFunction().clone());
    narrowToSingle(*groups[it->second].back());
  }
}

/// The function with some of its extents changed, in case it is valid then.
static OwningOpRef<func::FuncOp> vary(func::FuncOp piece, Random &random) {
  OwningOpRef<func::FuncOp> varied;
  if (random.chance(0.7)) {
    std::map<int64_t, int64_t> changes;
    for (int64_t extent : getExtents(piece))
      changes[extent] = random.chance(0.5) ? random.extent() : extent;
    varied = resize(piece, [&](int64_t extent) {
      auto found = changes.find(extent);
      return found == changes.end() ? extent : found->second;
    });
  }
  if (!varied)
    varied = piece.clone();
  if (!random.chance(0.2) || !hasBatch(*varied))
    return varied;
  ScopedDiagnosticHandler silence(piece.getContext(),
                                  [](Diagnostic &) { return success(); });
  if (failed(specialize(*varied, random.extent())))
    return piece.clone();
  return varied;
}

OwningOpRef<func::FuncOp> Composer::compose(uint64_t seed, int64_t number) {
  Random random(seed, number);
  Program program(groups.front().front()->getContext(), random, number);
  program.addInput();
  size_t steps = 1 + random.below(8);
  for (size_t step = 0; step < steps || !program.hasResult(); ++step) {
    auto &group = groups[random.below(groups.size())];
    func::FuncOp piece = *group[random.below(group.size())];
    // Whatever values there are, then those of its types, then new ones.
    if (random.chance(0.6) && program.add(piece, /*isLoose=*/true))
      continue;
    program.add(*vary(piece, random), /*isLoose=*/false);
  }
  return program.finish();
}
