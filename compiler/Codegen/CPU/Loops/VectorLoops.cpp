//===- VectorLoops.cpp - linalg on buffers as loops over vectors ----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Loops/VectorLoops.h"
#include "Dither/IR/Dither.h"
#include "compiler/Codegen/CPU/Loops/VectorBody.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace dither;

/// Of fewer iterations, the overhead of a mask is not worth it.
static constexpr int64_t kFewestIterations = 8;
/// Of more elements that are reduced beside the innermost loop, such as columns
/// of a matrix, each pass would touch too many lines of memory.
static constexpr int64_t kMostReduced = 16;
/// Partial results of a reduction side by side: one alone would wait for each
/// of its operations to end.
static constexpr int64_t kPartials = 4;

//===- What can be done ---------------------------------------------------===//

/// How an operand follows the innermost loop.
enum class Follows { no, alongMemory, otherwise };

/// Whether an index is that of the loop and what does not depend on it.
static bool isUnitStride(AffineExpr index, unsigned loop) {
  if (auto dim = dyn_cast<AffineDimExpr>(index))
    return dim.getPosition() == loop;
  auto sum = dyn_cast<AffineBinaryOpExpr>(index);
  if (!sum || sum.getKind() != AffineExprKind::Add)
    return false;
  auto isRest = [&](AffineExpr expr) { return !expr.isFunctionOfDim(loop); };
  return (isUnitStride(sum.getLHS(), loop) && isRest(sum.getRHS())) ||
         (isUnitStride(sum.getRHS(), loop) && isRest(sum.getLHS()));
}

static Follows getFollows(linalg::LinalgOp op, OpOperand &operand) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  unsigned innermost = op.getNumLoops() - 1;
  if (!map.isFunctionOfDim(innermost))
    return Follows::no;
  auto type = cast<MemRefType>(operand.get().getType());
  bool isLast = isUnitStride(map.getResults().back(), innermost) &&
                type.isLastDimUnitStride();
  for (AffineExpr result : map.getResults().drop_back())
    isLast &= !result.isFunctionOfDim(innermost);
  return isLast ? Follows::alongMemory : Follows::otherwise;
}

static bool isVectorElement(Type type) {
  return type.isF32() || type.isF16() || type.isBF16() || type.isInteger(8) ||
         type.isInteger(16) || type.isInteger(32);
}

/// The op that combines a result with what came before, if it is a reduction
/// of registers.
static Operation *getCombiner(Block &body, unsigned result,
                              BlockArgument accumulator) {
  Value yielded = body.getTerminator()->getOperand(result);
  Operation *combiner = yielded.getDefiningOp();
  if (!combiner || combiner->getBlock() != &body || !accumulator.hasOneUse() ||
      *accumulator.user_begin() != combiner || !yielded.hasOneUse())
    return nullptr;
  bool isKnown =
      linalg::getCombinerOpKind(combiner) && arith::getNeutralElement(combiner);
  return isKnown ? combiner : nullptr;
}

/// The position in a loop around the innermost one is the same for all lanes.
static bool isOuterIndex(Operation &op, unsigned loops) {
  auto index = dyn_cast<linalg::IndexOp>(op);
  return index && index.getDim() + 1 < loops;
}

static bool isElementwise(Block &body, unsigned loops) {
  return llvm::all_of(body.without_terminator(), [&](Operation &op) {
    return isOuterIndex(op, loops) || dither::isElementwise(op);
  });
}

//===- Loops --------------------------------------------------------------===//

namespace {
class VectorLoops {
public:
  VectorLoops(RewriterBase &rewriter, linalg::LinalgOp op, int64_t lanes)
      : b(op.getLoc(), rewriter), op(op), lanes(lanes),
        body(op->getRegion(0).front()), position(op.getNumLoops()) {}

  bool isPossible();
  void emit(bool parallel);

private:
  bool isReduction() {
    return op.getIteratorTypesArray().back() == utils::IteratorType::reduction;
  }
  Value emitIndex(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  VectorType getVector(Type element) {
    return VectorType::get({lanes}, element);
  }
  SmallVector<Value> getPosition(OpOperand &operand, Value innermost);
  void findInnerReductions();
  bool isInner(unsigned loop) { return llvm::is_contained(inner, loop); }
  /// Whether an operand is the same in the innermost loop, for all lanes.
  bool isInvariant(OpOperand &operand);
  void emitNest(unsigned loop, bool parallel);
  void emitInnermost();
  /// Iterations [k, k + lanes); those under no mask do not exist. Takes and
  /// gives the partial results of a reduction.
  SmallVector<Value> emitLanes(Value k, Value mask, ValueRange partial);
  /// The same of an op with inner reductions, whose results stay in registers
  /// over them.
  void emitReduced(Value k, Value mask);
  /// One element of each of the inner reductions from `number` on after the
  /// other.
  void emitInner(unsigned number, Value k, Value mask,
                 SmallVectorImpl<Value> &results);
  void emitStores(Value k, Value mask, ValueRange results);
  Value emitSplat(OpOperand &operand, Value k);
  Value emitLoad(OpOperand &operand, Value k, Value mask);
  SmallVector<Value> emitBody(IRMapping &mapping);

  ImplicitLocOpBuilder b;
  linalg::LinalgOp op;
  int64_t lanes;
  Block &body;
  SmallVector<Range> ranges;
  SmallVector<Value> position;
  /// Elements that stay the same in the innermost loop, for all lanes.
  DenseMap<unsigned, Value> invariants;
  SmallVector<Operation *> combiners;
  /// Short reductions around an innermost loop that reduces nothing: of groups,
  /// say, along another dimension. They are unrolled inside of it.
  SmallVector<unsigned> inner;
};
} // namespace

bool VectorLoops::isPossible() {
  if (op.getNumLoops() == 0 || !isElementwise(body, op.getNumLoops()))
    return false;
  int64_t extent = op.getStaticLoopRanges().back();
  if (!ShapedType::isDynamic(extent) && extent < kFewestIterations)
    return false;
  bool reduces = isReduction();
  for (OpOperand &operand : op->getOpOperands()) {
    auto type = dyn_cast<MemRefType>(operand.get().getType());
    if (!type)
      continue; // A scalar, such as that of linalg.fill.
    if (!isVectorElement(type.getElementType()))
      return false;
    Follows follows = getFollows(op, operand);
    if (follows == Follows::otherwise)
      return false;
    if (op.isDpsInit(&operand) && (follows == Follows::alongMemory) == reduces)
      return false;
  }
  if (!reduces)
    return true;
  for (auto [i, argument] : llvm::enumerate(op.getRegionOutputArgs())) {
    Operation *combiner = getCombiner(body, i, argument);
    if (!combiner)
      return false;
    combiners.push_back(combiner);
  }
  return true;
}

void VectorLoops::findInnerReductions() {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  int64_t count = 1;
  for (unsigned loop = 0; loop + 1 < op.getNumLoops(); ++loop) {
    if (iterators[loop] != utils::IteratorType::reduction)
      continue;
    bool isKnown = !ShapedType::isDynamic(extents[loop]);
    count *= isKnown ? extents[loop] : kMostReduced + 1;
    inner.push_back(loop);
  }
  // A scan writes along its reduction, too.
  bool isKept = llvm::all_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
    AffineMap map = op.getMatchingIndexingMap(&init);
    return llvm::none_of(
        inner, [&](unsigned loop) { return map.isFunctionOfDim(loop); });
  });
  if (isReduction() || !isKept || count > kMostReduced || count <= 1)
    inner.clear();
}

void VectorLoops::emit(bool parallel) {
  ranges = op.createLoopRanges(b, op.getLoc());
  findInnerReductions();
  emitNest(0, parallel);
}

bool VectorLoops::isInvariant(OpOperand &operand) {
  if (op.isDpsInit(&operand))
    return false;
  if (!isa<MemRefType>(operand.get().getType()))
    return true;
  AffineMap map = op.getMatchingIndexingMap(&operand);
  return getFollows(op, operand) == Follows::no &&
         llvm::none_of(
             inner, [&](unsigned loop) { return map.isFunctionOfDim(loop); });
}

void VectorLoops::emitNest(unsigned loop, bool parallel) {
  if (loop + 1 == op.getNumLoops())
    return emitInnermost();
  if (isInner(loop))
    return emitNest(loop + 1, parallel);
  auto get = [&](OpFoldResult value) {
    return getValueOrCreateConstantIndexOp(b, op.getLoc(), value);
  };
  Value from = get(ranges[loop].offset), to = get(ranges[loop].size);
  Value step = get(ranges[loop].stride);
  OpBuilder::InsertionGuard guard(b);
  if (parallel) {
    auto nest = scf::ParallelOp::create(b, from, to, step);
    b.setInsertionPointToStart(nest.getBody());
    position[loop] = nest.getInductionVars()[0];
  } else {
    auto nest = scf::ForOp::create(b, from, to, step);
    b.setInsertionPointToStart(nest.getBody());
    position[loop] = nest.getInductionVar();
  }
  emitNest(loop + 1, /*parallel=*/false);
}

SmallVector<Value> VectorLoops::getPosition(OpOperand &operand,
                                            Value innermost) {
  SmallVector<Value> all(position);
  all.back() = innermost;
  SmallVector<Value> indices;
  for (AffineExpr result : op.getMatchingIndexingMap(&operand).getResults()) {
    if (auto dim = dyn_cast<AffineDimExpr>(result))
      indices.push_back(all[dim.getPosition()]);
    else if (auto constant = dyn_cast<AffineConstantExpr>(result))
      indices.push_back(emitIndex(constant.getValue()));
    else
      indices.push_back(affine::makeComposedAffineApply(
          b, op.getLoc(), AffineMap::get(all.size(), 0, result),
          getAsOpFoldResult(all)));
  }
  return indices;
}

void VectorLoops::emitInnermost() {
  Value zero = emitIndex(0);
  Value extent =
      getValueOrCreateConstantIndexOp(b, op.getLoc(), ranges.back().size);
  invariants.clear();
  for (OpOperand &operand : op->getOpOperands())
    if (isInvariant(operand))
      invariants[operand.getOperandNumber()] = emitSplat(operand, zero);
  std::optional<int64_t> known = getConstantIntValue(extent);
  bool isLong = !combiners.empty() && (!known || *known >= 2 * lanes);
  int64_t sets = isLong ? kPartials : 1;
  SmallVector<Value> partial;
  for (int64_t set = 0; set < sets; ++set)
    for (Operation *combiner : combiners)
      partial.push_back(arith::ConstantOp::create(
          b, DenseElementsAttr::get(
                 getVector(combiner->getResult(0).getType()),
                 Attribute(*arith::getNeutralElement(combiner)))));
  auto getFloor = [&](int64_t step) -> Value {
    if (known)
      return emitIndex(*known / step * step);
    Value count = arith::DivUIOp::create(b, extent, emitIndex(step));
    return arith::MulIOp::create(b, count, emitIndex(step));
  };
  // Takes the lanes of `count` iterations together, each for a set of its own.
  auto emitLoop = [&](Value from, Value to, int64_t count, bool masked) {
    auto loop =
        scf::ForOp::create(b, from, to, emitIndex(count * lanes), partial);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> next(loop.getRegionIterArgs());
    for (int64_t set = 0; set < count; ++set) {
      Value k = loop.getInductionVar(), mask;
      if (set > 0)
        k = arith::AddIOp::create(b, k, emitIndex(set * lanes));
      if (masked)
        mask = vector::CreateMaskOp::create(
            b, getVector(b.getI1Type()),
            arith::SubIOp::create(b, extent, k).getResult());
      auto place =
          MutableArrayRef(next).slice(set * combiners.size(), combiners.size());
      llvm::copy(emitLanes(k, mask, ValueRange(place)), place.begin());
    }
    if (!next.empty())
      scf::YieldOp::create(b, next);
    partial.assign(loop.getResults().begin(), loop.getResults().end());
  };
  Value done = zero, full = getFloor(lanes);
  if (sets > 1 && (!known || *known >= sets * lanes)) {
    done = getFloor(sets * lanes);
    emitLoop(zero, done, sets, /*masked=*/false);
  }
  if (!known || *known >= lanes)
    emitLoop(done, full, 1, /*masked=*/false);
  if (!known || *known % lanes != 0)
    emitLoop(full, extent, 1, /*masked=*/true);

  for (; sets > 1; sets /= 2) {
    size_t half = partial.size() / 2;
    for (size_t i = 0; i < half; ++i)
      partial[i] = vector::makeArithReduction(
          b, op.getLoc(),
          *linalg::getCombinerOpKind(combiners[i % combiners.size()]),
          partial[i], partial[i + half]);
    partial.truncate(half);
  }
  for (auto [i, value] : llvm::enumerate(partial)) {
    OpOperand &init = *op.getDpsInitOperand(int64_t(i));
    SmallVector<Value> at = getPosition(init, zero);
    Value before = memref::LoadOp::create(b, init.get(), at);
    vector::CombiningKind kind = *linalg::getCombinerOpKind(combiners[i]);
    Value all = vector::ReductionOp::create(b, kind, value,
                                            arith::FastMathFlags::reassoc);
    Value combined =
        vector::makeArithReduction(b, op.getLoc(), kind, before, all);
    memref::StoreOp::create(b, combined, init.get(), at);
  }
}

Value VectorLoops::emitLoad(OpOperand &operand, Value k, Value mask) {
  auto memory = cast<MemRefType>(operand.get().getType());
  VectorType type = getVector(memory.getElementType());
  SmallVector<Value> at = getPosition(operand, k);
  if (!mask)
    return vector::LoadOp::create(b, type, operand.get(), at);
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
  return vector::MaskedLoadOp::create(b, type, operand.get(), at, mask, zero);
}

Value VectorLoops::emitSplat(OpOperand &operand, Value k) {
  Value element = operand.get();
  if (isa<MemRefType>(element.getType()))
    element = memref::LoadOp::create(b, element, getPosition(operand, k));
  return vector::BroadcastOp::create(b, getVector(element.getType()), element);
}

void VectorLoops::emitReduced(Value k, Value mask) {
  SmallVector<Value> results;
  for (OpOperand &init : op.getDpsInitsMutable())
    results.push_back(emitLoad(init, k, mask));
  emitInner(0, k, mask, results);
  emitStores(k, mask, results);
}

void VectorLoops::emitInner(unsigned number, Value k, Value mask,
                            SmallVectorImpl<Value> &results) {
  if (number < inner.size()) {
    int64_t extent = op.getStaticLoopRanges()[inner[number]];
    for (int64_t i = 0; i < extent; ++i) {
      position[inner[number]] = emitIndex(i);
      emitInner(number + 1, k, mask, results);
    }
    return;
  }
  IRMapping mapping;
  for (OpOperand *operand : op.getDpsInputOperands()) {
    BlockArgument argument = op.getMatchingBlockArgument(operand);
    if (argument.use_empty())
      continue;
    Value element = invariants.lookup(operand->getOperandNumber());
    if (!element)
      element = getFollows(op, *operand) == Follows::no
                    ? emitSplat(*operand, k)
                    : emitLoad(*operand, k, mask);
    mapping.map(argument, element);
  }
  for (auto [argument, value] : llvm::zip(op.getRegionOutputArgs(), results))
    mapping.map(argument, value);
  results = emitBody(mapping);
}

SmallVector<Value> VectorLoops::emitLanes(Value k, Value mask,
                                          ValueRange partial) {
  if (!inner.empty()) {
    emitReduced(k, mask);
    return {};
  }
  IRMapping mapping;
  for (OpOperand &operand : op->getOpOperands()) {
    BlockArgument argument = op.getMatchingBlockArgument(&operand);
    Value known = invariants.lookup(operand.getOperandNumber());
    if (known)
      mapping.map(argument, known);
    else if (!isReduction() || !op.isDpsInit(&operand)) {
      if (!argument.use_empty())
        mapping.map(argument, emitLoad(operand, k, mask));
    }
  }
  for (auto [argument, value] : llvm::zip(op.getRegionOutputArgs(), partial))
    mapping.map(argument, value);
  SmallVector<Value> results = emitBody(mapping);
  if (isReduction()) {
    if (mask)
      for (auto [result, before] : llvm::zip_equal(results, partial))
        result = arith::SelectOp::create(b, mask, result, before);
    return results;
  }
  emitStores(k, mask, results);
  return {};
}

void VectorLoops::emitStores(Value k, Value mask, ValueRange results) {
  for (auto [i, result] : llvm::enumerate(results)) {
    OpOperand &init = *op.getDpsInitOperand(int64_t(i));
    SmallVector<Value> at = getPosition(init, k);
    if (mask)
      vector::MaskedStoreOp::create(b, init.get(), at, mask, result);
    else
      vector::StoreOp::create(b, result, init.get(), at);
  }
}

SmallVector<Value> VectorLoops::emitBody(IRMapping &mapping) {
  for (auto index : body.getOps<linalg::IndexOp>())
    mapping.map(index.getResult(), position[index.getDim()]);
  return emitVectorBody(b, body, lanes, mapping);
}

LogicalResult dither::lowerToVectorLoops(RewriterBase &rewriter,
                                         linalg::LinalgOp op, int64_t lanes,
                                         bool parallel) {
  VectorLoops loops(rewriter, op, lanes);
  // Threads share the outermost loop, vectors take the innermost one.
  if (!loops.isPossible() || (parallel && op.getNumLoops() == 1))
    return failure();
  loops.emit(parallel);
  return success();
}
