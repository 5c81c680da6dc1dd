//===- ScanKernel.cpp - Reductions that store what they have on the way ---===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/ScanKernel.h"
#include "compiler/Codegen/CUDA/Kernels/BlockScan.h"
#include "compiler/Codegen/CUDA/Kernels/CarriedState.h"
#include "compiler/Codegen/CUDA/Kernels/GenericBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace dither;

/// Rows from which on a thread each keeps a device busy.
static constexpr int64_t manyRows = 16384;
/// Elements from which on a warp has a row, and from which on a block has one.
static constexpr int64_t warpElements = 33, blockElements = 1024;
/// Elements side by side that a thread of a block takes at once.
static constexpr int64_t threadElements = 4;

namespace {
class ScanKernel {
public:
  ScanKernel(ImplicitLocOpBuilder &b, linalg::GenericOp op)
      : b(b), op(op), body(b, op) {}

  bool match() {
    SmallVector<unsigned> reduced;
    for (auto [d, type] : llvm::enumerate(op.getIteratorTypesArray())) {
      bool isParallel = type == utils::IteratorType::parallel;
      // As of a vector that is a matrix of one row, too.
      bool isSingle = op.getStaticLoopRanges()[d] == 1;
      (isSingle ? single : isParallel ? rows : reduced).push_back(d);
    }
    if (reduced.size() != 1)
      return false;
    scanned = reduced[0];
    for (OpOperand &init : op.getDpsInitsMutable()) {
      if (llvm::any_of(rows,
                       [&](unsigned d) { return !body.isAlone(d, init); }))
        return false;
      bool isOnTheWay = body.isAlone(scanned, init);
      (isOnTheWay ? stored : carried).push_back(&init);
      if (!isOnTheWay &&
          op.getMatchingIndexingMap(&init).isFunctionOfDim(scanned))
        return false;
      if (isOnTheWay)
        continue;
      if (std::optional<CarriedState> state = CarriedState::match(op, init))
        states.push_back(*state);
    }
    return !stored.empty() && !carried.empty();
  }

  ElementKernelKind emit() {
    body.emitExtents();
    int64_t elements = body.estimateCount(scanned);
    // What cannot be combined a thread makes, one after the other.
    if (states.size() < carried.size() ||
        body.estimateCount(rows) >= manyRows || elements < warpElements) {
      emitThreads();
      return ElementKernelKind::threads;
    }
    if (elements < blockElements) {
      emitWarps();
      return ElementKernelKind::warps;
    }
    emitBlocks();
    return ElementKernelKind::blocks;
  }

private:
  /// Parts of all states, one after the other.
  ScanOperator getOperator() {
    ScanOperator result;
    for (const CarriedState &state : states)
      llvm::append_range(result.neutral, state.emitNeutral(b));
    result.combine = [this](ValueRange x, ValueRange y) {
      SmallVector<Value> combined;
      for (const CarriedState &state : states) {
        size_t from = combined.size(), count = state.getElement().size();
        llvm::append_range(combined, state.emitCombined(b, x.slice(from, count),
                                                        y.slice(from, count)));
      }
      return combined;
    };
    return result;
  }

  /// The states behind parts that begin a row.
  SmallVector<Value> getStates(ValueRange parts) {
    SmallVector<Value> found;
    size_t end = 0;
    for (const CarriedState &state : states)
      found.push_back(parts[(end += state.getElement().size()) - 1]);
    return found;
  }

  /// Parts with other states behind them.
  SmallVector<Value> setStates(ValueRange parts, ValueRange values) {
    SmallVector<Value> changed(parts);
    size_t end = 0;
    for (auto [state, value] : llvm::zip_equal(states, values))
      changed[(end += state.getElement().size()) - 1] = value;
    return changed;
  }

  void setRow(Value number) {
    body.setPosition(rows, number);
    for (unsigned loop : single)
      body.position[loop] = emitConstant(b, 0);
  }

  /// What the present element adds.
  SmallVector<Value> emitAdded() {
    SmallVector<Value> added;
    for (const CarriedState &state : states)
      llvm::append_range(added, state.getElement());
    return body.emitValues(emitResults({}), added);
  }

  /// All results ahead of the present element, in their order.
  SmallVector<Value> emitResults(ValueRange before) {
    SmallVector<Value> results;
    size_t number = 0;
    for (OpOperand &init : op.getDpsInitsMutable()) {
      bool isCarried = llvm::is_contained(carried, &init);
      Type type = getElementTypeOrSelf(init.get().getType());
      bool isRead = !op.getMatchingBlockArgument(&init).use_empty();
      if (isCarried && !before.empty())
        results.push_back(before[number++]);
      else if (!isCarried && isRead && !before.empty())
        results.push_back(body.emitLoad(init));
      else
        results.push_back(arith::ConstantOp::create(b, b.getZeroAttr(type)));
    }
    return results;
  }

  /// Makes the present element, stores it, and gives what is carried on.
  SmallVector<Value> emitElement(ValueRange before) {
    SmallVector<Value> results = body.emitYield(emitResults(before)), next;
    for (auto [init, result] :
         llvm::zip_equal(op.getDpsInitsMutable(), results))
      if (llvm::is_contained(carried, &init))
        next.push_back(result);
      else
        body.emitStore(init, result);
    return next;
  }

  SmallVector<Value> emitStart() {
    return llvm::map_to_vector(
        carried, [&](OpOperand *init) { return body.emitLoad(*init); });
  }

  void emitEnd(ValueRange last) {
    for (auto [init, value] : llvm::zip_equal(carried, last))
      body.emitStore(*init, value);
  }

  void emitThreads() {
    Value count = body.emitCount(rows);
    Launch launch(b, emitParts(b, count, blockThreads));
    Value row =
        emitAdd(b, emitMul(b, launch.block[0], emitConstant(b, blockThreads)),
                launch.thread);
    emitIf(b, emitLess(b, row, count), [&] {
      setRow(row);
      emitEnd(emitFor(b, emitConstant(b, 0), body.extents[scanned], 1,
                      emitStart(), [&](Value i, ValueRange before) {
                        body.position[scanned] = i;
                        return emitElement(before);
                      }));
    });
  }

  /// Emits the loop over pieces of `size` elements: `scan` has what a thread's
  /// elements add, of which there are `each`.
  SmallVector<Value> emitPieces(Value thread, int64_t size, int64_t each,
                                const ScanOperator &combiner, ValueRange start,
                                function_ref<Scanned(ValueRange)> scan) {
    return emitFor(
        b, emitConstant(b, 0), body.extents[scanned], size, start,
        [&](Value from, ValueRange before) {
          Value first =
              emitAdd(b, from, emitMul(b, thread, emitConstant(b, each)));
          SmallVector<Value> sums = combiner.neutral;
          for (int64_t i = 0; i < each; ++i) {
            SmallVector<Value> added =
                emitAt(first, i, combiner.neutral, [&] { return emitAdded(); });
            sums = i == 0 ? added : combiner.combine(sums, added);
          }
          Scanned found = scan(sums);
          SmallVector<Value> running = combiner.combine(before, found.before);
          for (int64_t i = 0; i < each; ++i)
            running = emitAt(first, i, running, [&] {
              return setStates(running, emitElement(getStates(running)));
            });
          return combiner.combine(before, found.all);
        });
  }

  /// Emits what is done with the `i`-th of a thread's elements if it exists.
  SmallVector<Value> emitAt(Value first, int64_t i, ValueRange otherwise,
                            function_ref<SmallVector<Value>()> element) {
    Value place = emitAdd(b, first, emitConstant(b, i));
    auto branch = scf::IfOp::create(b, otherwise.getTypes(),
                                    emitLess(b, place, body.extents[scanned]),
                                    /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    body.position[scanned] = place;
    scf::YieldOp::create(b, element());
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, otherwise);
    return SmallVector<Value>(branch.getResults());
  }

  /// No lane but the first one reads what that will overwrite.
  SmallVector<Value> emitLaneStart(Value lane, const ScanOperator &combiner) {
    auto branch = scf::IfOp::create(b, ValueRange(combiner.neutral).getTypes(),
                                    emitLess(b, lane, emitConstant(b, 1)),
                                    /*withElseRegion=*/true);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(branch.thenBlock());
      scf::YieldOp::create(b, setStates(combiner.neutral, emitStart()));
      b.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(b, combiner.neutral);
    }
    return llvm::map_to_vector(branch.getResults(), [&](Value value) {
      return emitShuffle(b, value, 0, gpu::ShuffleMode::IDX);
    });
  }

  void emitWarps() {
    Value count = body.emitCount(rows);
    constexpr int64_t warps = blockThreads / warpThreads;
    Launch launch(b, emitParts(b, count, warps));
    Value row = emitAdd(b, emitMul(b, launch.block[0], emitConstant(b, warps)),
                        emitDiv(b, launch.thread, warpThreads));
    Value lane = emitRem(b, launch.thread, warpThreads);
    ScanOperator combiner = getOperator();
    emitIf(b, emitLess(b, row, count), [&] {
      setRow(row);
      SmallVector<Value> last =
          emitPieces(lane, warpThreads, 1, combiner,
                     emitLaneStart(lane, combiner), [&](ValueRange values) {
                       return emitWarpScan(b, lane, values, combiner);
                     });
      emitIf(b, emitLess(b, lane, emitConstant(b, 1)),
             [&] { emitEnd(getStates(last)); });
    });
  }

  void emitBlocks() {
    Launch launch(b, body.emitCount(rows));
    setRow(launch.block[0]);
    ScanOperator combiner = getOperator();
    BlockScan scan(b, launch, combiner);
    SmallVector<Value> last =
        emitPieces(launch.thread, blockThreads * threadElements, threadElements,
                   combiner, setStates(combiner.neutral, emitStart()),
                   [&](ValueRange values) { return scan.emit(values); });
    // A row has a piece, whose scan has barriers: all have read their start.
    emitIf(b, emitLess(b, launch.thread, emitConstant(b, 1)),
           [&] { emitEnd(getStates(last)); });
  }

  ImplicitLocOpBuilder &b;
  linalg::GenericOp op;
  GenericBody body;
  /// Loops over rows, and loops of one iteration.
  SmallVector<unsigned> rows, single;
  unsigned scanned = 0;
  SmallVector<OpOperand *> carried, stored;
  /// Of what is carried, where parts of rows can be combined.
  SmallVector<CarriedState> states;
};
} // namespace

std::optional<ElementKernelKind> dither::emitScanKernel(ImplicitLocOpBuilder &b,
                                                        linalg::GenericOp op) {
  ScanKernel kernel(b, op);
  if (!kernel.match())
    return std::nullopt;
  return kernel.emit();
}
