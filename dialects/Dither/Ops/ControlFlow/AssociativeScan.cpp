//===- AssociativeScan.cpp - Scans by a region ----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/BlockSupport.h"
#include "mlir/IR/IRMapping.h"
#include <cmath>

using namespace mlir;
using namespace dither;

/// Of fewer elements, blocks are not worth it; of larger ones, a loop over
/// single elements has vectors already.
static constexpr int64_t kFewestElements = 32, kLargeElement = 256;

//===- Types --------------------------------------------------------------===//

LogicalResult AssociativeScanOp::inferReturnTypes(
    MLIRContext *, std::optional<Location>, ValueRange operands, DictionaryAttr,
    OpaqueProperties, RegionRange, SmallVectorImpl<Type> &types) {
  llvm::append_range(types, operands.getTypes());
  return success();
}

LogicalResult AssociativeScanOp::verify() {
  if (getXs().empty())
    return emitOpError("(C1) needs an operand");
  auto dim = int64_t(getDim());
  int64_t extent = -1;
  for (Type type : getXs().getTypes()) {
    auto tensor = cast<RankedTensorType>(type);
    if (dim < 0 || dim >= tensor.getRank())
      return emitOpError("(C1) has no dimension ") << dim << " in " << tensor;
    if (tensor.isDynamicDim(dim) ||
        llvm::any_of(tensor.getShape().drop_front(), ShapedType::isDynamic))
      return emitOpError("(C2) goes along a static dimension of tensors of "
                         "which at most the first one is dynamic, got ")
             << tensor;
    if (extent >= 0 && extent != tensor.getDimSize(dim))
      return emitOpError("(C2) needs equal extents along dimension ")
             << dim << ", got " << extent << " and " << tensor.getDimSize(dim);
    extent = tensor.getDimSize(dim);
  }
  return success();
}

/// The type without a dimension.
static RankedTensorType getElement(Type type, int64_t dim) {
  auto tensor = cast<RankedTensorType>(type);
  SmallVector<int64_t> shape(tensor.getShape());
  shape.erase(shape.begin() + dim);
  return RankedTensorType::get(shape, tensor.getElementType());
}

LogicalResult AssociativeScanOp::verifyRegions() {
  SmallVector<Type> elements, both;
  for (Type type : getXs().getTypes())
    elements.push_back(getElement(type, int64_t(getDim())));
  for (int side = 0; side < 2; ++side)
    llvm::append_range(both, elements);
  if (getCombine().getArgumentTypes() != TypeRange(both)) {
    auto diagnostic = emitOpError("(C3) has a region that takes ");
    llvm::interleaveComma(both, diagnostic);
    return diagnostic;
  }
  Operation *yield = getCombine().front().getTerminator();
  if (!isa<YieldOp>(yield) || yield->getOperandTypes() != TypeRange(elements)) {
    auto diagnostic = emitOpError("(C4) has a region that yields ");
    llvm::interleaveComma(elements, diagnostic);
    return diagnostic;
  }
  return success();
}

//===- Decomposition ------------------------------------------------------===//

namespace {
using Values = SmallVector<Value>;

/// Builds combinations of elements along a dimension.
class Combiner {
public:
  Combiner(ImplicitLocOpBuilder &b, AssociativeScanOp op)
      : b(b), body(op.getCombine().front()), dim(int64_t(op.getDim())) {}

  /// The region on elements.
  Values combine(ValueRange left, ValueRange right);
  /// The same on stacks of elements, all of one shape.
  Values combineStacks(ValueRange left, ValueRange right);
  /// Whether elements may be stacked, and are so small that this is faster.
  bool wantsStacks(int64_t extent);

  /// Goes on from elements over the rows of `xs`. Gives the last elements and
  /// all of them.
  std::pair<Values, Values> fold(ValueRange first, ValueRange xs);
  Values scanRows(ValueRange xs);
  /// In blocks, and element by element behind the last whole one.
  Values scanBlocks(ValueRange xs);
  Values scanWholeBlocks(ValueRange xs, int64_t steps);
  /// Element `i` of tensors.
  Values takeRow(ValueRange xs, int64_t i);
  Values takeRows(ValueRange xs, int64_t at, int64_t first, int64_t count);

private:
  ImplicitLocOpBuilder &b;
  Block &body;
  int64_t dim;
};
} // namespace

/// Calls `build` for each of two lists at once.
static Values pairUp(ValueRange x, ValueRange y,
                     function_ref<Value(Value, Value)> build) {
  Values result;
  for (auto [a, b] : llvm::zip_equal(x, y))
    result.push_back(build(a, b));
  return result;
}

static Value permute(ImplicitLocOpBuilder &b, Value x, int64_t from,
                     int64_t to) {
  if (from == to)
    return x;
  auto order =
      llvm::to_vector(llvm::seq<int64_t>(0, int64_t(getExtents(x).size())));
  order.erase(order.begin() + from);
  order.insert(order.begin() + to, from);
  return TransposeOp::create(b, x, b.getDenseI64ArrayAttr(order));
}

Values Combiner::combine(ValueRange left, ValueRange right) {
  IRMapping map;
  Values arguments(left);
  llvm::append_range(arguments, right);
  map.map(body.getArguments(), arguments);
  for (Operation &op : body.without_terminator())
    b.clone(op, map);
  return llvm::map_to_vector(
      body.getTerminator()->getOperands(),
      [&](Value value) { return map.lookupOrDefault(value); });
}

Values Combiner::combineStacks(ValueRange left, ValueRange right) {
  IRMapping map;
  Values arguments(left);
  llvm::append_range(arguments, right);
  map.map(body.getArguments(), arguments);
  for (Operation &op : body.without_terminator()) {
    Operation *clone = b.clone(op, map);
    SmallVector<Type> types;
    // It has been verified on elements.
    if (auto inferred = dyn_cast<InferTypeOpInterface>(clone);
        inferred &&
        succeeded(inferred.inferReturnTypes(
            b.getContext(), clone->getLoc(), clone->getOperands(),
            clone->getAttrDictionary(), clone->getPropertiesStorage(),
            clone->getRegions(), types)))
      for (auto [result, type] : llvm::zip_equal(clone->getResults(), types))
        result.setType(type);
  }
  return pairUp(body.getTerminator()->getOperands(), right,
                [&](Value value, Value like) -> Value {
                  value = map.lookupOrDefault(value);
                  if (value.getType() == like.getType())
                    return value;
                  return BroadcastOp::create(b, value, like);
                });
}

bool Combiner::wantsStacks(int64_t extent) {
  if (extent < kFewestElements)
    return false;
  auto getType = [](Value value) {
    return cast<RankedTensorType>(value.getType());
  };
  int64_t rank = getType(body.getArgument(0)).getRank();
  // Shapes are aligned from the back: all elements need the same rank.
  if (llvm::any_of(body.getArguments(), [&](Value argument) {
        RankedTensorType type = getType(argument);
        return type.getRank() != rank || !type.hasStaticShape() ||
               type.getNumElements() >= kLargeElement;
      }))
    return false;
  return llvm::all_of(body.without_terminator(), [&](Operation &op) {
    bool isElementwise =
        isa<ElementwiseOpInterface, ActivationOpInterface>(op) &&
        isa<InferTypeOpInterface>(op);
    return isa<ConstantOp>(op) ||
           (isElementwise && llvm::all_of(op.getOperands(), [&](Value operand) {
              return getType(operand).getRank() <= rank;
            }));
  });
}

Values Combiner::takeRows(ValueRange xs, int64_t at, int64_t first,
                          int64_t count) {
  return llvm::map_to_vector(
      xs, [&](Value x) { return buildRows(b, x, at, first, count); });
}

Values Combiner::takeRow(ValueRange xs, int64_t i) {
  return llvm::map_to_vector(xs, [&](Value x) {
    return buildReshape(b, buildRows(b, x, dim, i, 1),
                        getElement(x.getType(), dim).getShape());
  });
}

std::pair<Values, Values> Combiner::fold(ValueRange first, ValueRange xs) {
  Values values =
      buildFor(b, first, xs, [&](Value, ValueRange left, ValueRange right) {
        Values next = combine(left, right), all(next);
        llvm::append_range(all, next);
        return all;
      });
  Values stacks(ArrayRef(values).drop_front(first.size()));
  values.truncate(first.size());
  return {values, stacks};
}

Values Combiner::scanRows(ValueRange xs) {
  int64_t extent = getExtents(xs[0])[dim];
  if (extent < 2)
    return Values(xs);
  Values moved =
      llvm::map_to_vector(xs, [&](Value x) { return permute(b, x, dim, 0); });
  Values later = fold(takeRow(xs, 0), takeRows(moved, 0, 1, extent - 1)).second;
  return pairUp(takeRows(moved, 0, 0, 1), later, [&](Value first, Value rest) {
    return permute(b, buildJoinedRows(b, first, rest), 0, dim);
  });
}

Values Combiner::scanBlocks(ValueRange xs) {
  int64_t extent = getExtents(xs[0])[dim], at = dim;
  auto steps = int64_t(std::sqrt(double(extent)));
  int64_t whole = extent / steps * steps;
  Values moved =
      llvm::map_to_vector(xs, [&](Value x) { return permute(b, x, dim, 0); });
  dim = 0;
  Values all = scanWholeBlocks(takeRows(moved, 0, 0, whole), steps);
  if (whole < extent) {
    Values rest = takeRows(moved, 0, whole, extent - whole);
    rest = fold(takeRow(all, whole - 1), rest).second;
    all = pairUp(all, rest, [&](Value front, Value back) {
      return buildJoinedRows(b, front, back);
    });
  }
  return llvm::map_to_vector(
      all, [&](Value value) { return permute(b, value, 0, at); });
}

/// Blocks lie side by side: `[steps, blocks, ...]`.
Values Combiner::scanWholeBlocks(ValueRange xs, int64_t steps) {
  int64_t blocks = getExtents(xs[0])[0] / steps;
  Values rows = llvm::map_to_vector(xs, [&](Value x) {
    return permute(b, buildBlocks(b, x, blocks, steps), 1, 0);
  });
  Values stacked =
      buildFor(b, takeRow(rows, 0), takeRows(rows, 0, 1, steps - 1),
               [&](Value, ValueRange left, ValueRange right) {
                 Values next = combineStacks(left, right), twice(next);
                 llvm::append_range(twice, next);
                 return twice;
               });
  ArrayRef<Value> results = stacked;
  Values totals(results.take_front(xs.size()));
  Values local = pairUp(
      takeRows(rows, 0, 0, 1), results.drop_front(xs.size()),
      [&](Value first, Value rest) { return buildJoinedRows(b, first, rest); });
  // What all blocks ahead of each but the first combine to.
  Values ahead = scanRows(takeRows(totals, 0, 0, blocks - 1));
  Values later = takeRows(local, 1, 1, blocks - 1);
  Values before = pairUp(ahead, later, [&](Value x, Value like) -> Value {
    return BroadcastOp::create(b, x, like);
  });
  later = combineStacks(before, later);
  return pairUp(takeRows(local, 1, 0, 1), later, [&](Value first, Value rest) {
    Value all = ConcatOp::create(b, ValueRange{first, rest}, 1);
    return buildMergedBlocks(b, permute(b, all, 0, 1));
  });
}

SmallVector<Value> AssociativeScanOp::decompose(ImplicitLocOpBuilder &b) {
  auto at = int64_t(getDim());
  int64_t extent = getExtents(getXs()[0])[at];
  auto turn = [&](ValueRange values) {
    return llvm::map_to_vector(values, [&](Value value) -> Value {
      if (!getReverse())
        return value;
      return ReverseOp::create(b, value, b.getDenseI64ArrayAttr({at}));
    });
  };
  Values xs = turn(getXs());
  Combiner combiner(b, *this);
  return turn(combiner.wantsStacks(extent) ? combiner.scanBlocks(xs)
                                           : combiner.scanRows(xs));
}
