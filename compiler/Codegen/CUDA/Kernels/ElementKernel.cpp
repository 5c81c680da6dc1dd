//===- ElementKernel.cpp - Kernels of linalg ops --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/ElementKernel.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace dither;

/// Results from which on a thread each keeps a device busy.
static constexpr int64_t manyResults = 16384;
/// Elements from which on a warp reduces them faster than a thread.
static constexpr int64_t manyElements = 64;
/// Results below which warps leave a device idle, and elements that a block of
/// threads has work with.
static constexpr int64_t fewResults = 1024, blockElements = 2048;

namespace {
/// Emits the kernel of one op.
class ElementKernel {
public:
  ElementKernel(ImplicitLocOpBuilder &b, linalg::GenericOp op) : b(b), op(op) {
    for (auto [d, type] : llvm::enumerate(op.getIteratorTypesArray())) {
      bool isParallel = type == utils::IteratorType::parallel && isAlone(d);
      (isParallel ? parallel : reduced).push_back(d);
    }
  }

  ElementKernelKind emit() {
    for (unsigned d = 0; d < op.getNumLoops(); ++d)
      extents.push_back(emitExtent(d));
    ElementKernelKind kind = chooseKind();
    width = kind == ElementKernelKind::threads ? 1
            : kind == ElementKernelKind::warps ? warpThreads
                                               : blockThreads;
    Value count = emitConstant(b, 1);
    for (unsigned d : parallel)
      count = emitMul(b, count, extents[d]);
    APInt known;
    bool isOne = matchPattern(count, m_ConstantInt(&known)) && known == 1;
    int64_t threads = isOne ? width : blockThreads;
    Launch launch(b, emitParts(b, count, threads / width), threads);
    if (kind == ElementKernelKind::blocks)
      for (Operation *combiner : combiners)
        shared.push_back(launch.addShared({blockThreads / warpThreads},
                                          combiner->getResult(0).getType()));
    Value first = emitMul(b, launch.block[0], emitConstant(b, threads / width));
    Value lane = emitRem(b, launch.thread, width);
    Value number = emitAdd(b, first, emitDiv(b, launch.thread, width));
    emitIf(b, emitLess(b, number, count), [&] {
      position.assign(op.getNumLoops(), Value());
      emitPosition(number);
      width == 1 ? emitThread() : emitTogether(lane);
    });
    return kind;
  }

private:
  /// Whether results of different iterations of a loop are different elements,
  /// whatever other loops do: some dimension of each counts it alone. Of
  /// windows that overlap, loops over windows write to the same elements.
  bool isAlone(unsigned d) {
    AffineExpr dim = getAffineDimExpr(d, op.getContext());
    return llvm::all_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
      return llvm::is_contained(op.getMatchingIndexingMap(&init).getResults(),
                                dim);
    });
  }

  /// How many iterations a loop has, from an operand that it walks along.
  Value emitExtent(unsigned d) {
    int64_t known = op.getStaticLoopRanges()[d];
    if (!ShapedType::isDynamic(known))
      return emitConstant(b, known);
    for (OpOperand &operand : op->getOpOperands())
      for (auto [i, result] :
           llvm::enumerate(op.getMatchingIndexingMap(&operand).getResults()))
        if (result == getAffineDimExpr(d, op.getContext()))
          return memref::DimOp::create(b, operand.get(), i);
    llvm_unreachable("each loop walks along an operand");
  }

  /// Few results of many elements, whose combination is one op on 32 bits, are
  /// made by many threads each.
  ElementKernelKind chooseKind() {
    if (reduced.empty() || movesResults())
      return ElementKernelKind::threads;
    int64_t results = 1, elements = 1;
    SmallVector<int64_t> ranges = op.getStaticLoopRanges();
    for (unsigned d : parallel)
      results *= ShapedType::isDynamic(ranges[d]) ? 64 : ranges[d];
    for (unsigned d : reduced)
      elements *= ShapedType::isDynamic(ranges[d]) ? 64 : ranges[d];
    if (results >= manyResults || elements < manyElements)
      return ElementKernelKind::threads;
    for (unsigned i = 0; i < op.getNumDpsInits(); ++i) {
      SmallVector<Operation *> found;
      if (!matchReduction(op.getRegionOutputArgs(), i, found) ||
          found.size() != 1 || !arith::getNeutralElement(found[0]) ||
          found[0]->getResult(0).getType().getIntOrFloatBitWidth() != 32)
        return ElementKernelKind::threads;
      combiners.push_back(found[0]);
    }
    return results < fewResults && elements >= blockElements
               ? ElementKernelKind::blocks
               : ElementKernelKind::warps;
  }

  /// The places of parallel loops, of which `number` counts the iterations.
  void emitPosition(Value number) {
    for (unsigned d : llvm::reverse(parallel)) {
      if (d == parallel.front()) {
        position[d] = number;
        break;
      }
      position[d] = b.createOrFold<arith::RemUIOp>(number, extents[d]);
      number = b.createOrFold<arith::DivUIOp>(number, extents[d]);
    }
  }

  SmallVector<Value> emitPlace(AffineMap map) {
    SmallVector<Value> place;
    for (AffineExpr result : map.getResults()) {
      if (auto dim = dyn_cast<AffineDimExpr>(result))
        place.push_back(position[dim.getPosition()]);
      else
        place.push_back(affine::AffineApplyOp::create(
            b, AffineMap::get(map.getNumDims(), 0, result),
            getKnownPosition()));
    }
    return place;
  }

  /// Reduced loops have no place as long as none is entered; then nothing asks
  /// for it.
  SmallVector<Value> getKnownPosition() {
    SmallVector<Value> known = position;
    for (Value &place : known)
      if (!place)
        place = emitConstant(b, 0);
    return known;
  }

  Value emitLoad(OpOperand &operand) {
    if (!isa<MemRefType>(operand.get().getType()))
      return operand.get();
    return memref::LoadOp::create(
        b, operand.get(), emitPlace(op.getMatchingIndexingMap(&operand)));
  }

  /// What the body yields at the present place.
  SmallVector<Value> emitBody(ValueRange results) {
    Block &body = *op.getBody();
    IRMapping mapping;
    for (OpOperand *input : op.getDpsInputOperands()) {
      BlockArgument argument = op.getMatchingBlockArgument(input);
      if (!argument.use_empty())
        mapping.map(argument, emitLoad(*input));
    }
    mapping.map(op.getRegionOutputArgs(), results);
    for (Operation &inner : body.without_terminator()) {
      if (auto index = dyn_cast<linalg::IndexOp>(inner))
        mapping.map(index.getResult(), position[index.getDim()]);
      else
        b.clone(inner, mapping);
    }
    return llvm::map_to_vector(
        body.getTerminator()->getOperands(),
        [&](Value value) { return mapping.lookupOrDefault(value); });
  }

  /// Whether a result's place depends on reduced loops, as where gradients of
  /// windows that overlap are summed.
  bool movesResults() {
    return llvm::any_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
      AffineMap map = op.getMatchingIndexingMap(&init);
      return llvm::any_of(reduced,
                          [&](unsigned d) { return map.isFunctionOfDim(d); });
    });
  }

  /// The loops over reduced elements from the `depth`-th on, with results in
  /// memory.
  void emitMoving(unsigned depth) {
    if (depth == reduced.size())
      return emitStores(emitBody(emitOldResults()));
    emitFor(b, emitConstant(b, 0), extents[reduced[depth]], 1, {},
            [&](Value i, ValueRange) -> SmallVector<Value> {
              position[reduced[depth]] = i;
              emitMoving(depth + 1);
              return {};
            });
  }

  /// The body over the reduced loops from the `depth`-th on.
  SmallVector<Value> emitReduced(unsigned depth, ValueRange results) {
    if (depth == reduced.size())
      return emitBody(results);
    return emitFor(b, emitConstant(b, 0), extents[reduced[depth]], 1, results,
                   [&](Value i, ValueRange carried) {
                     position[reduced[depth]] = i;
                     return emitReduced(depth + 1, carried);
                   });
  }

  SmallVector<Value> emitOldResults() {
    SmallVector<Value> results;
    for (OpOperand &init : op.getDpsInitsMutable()) {
      bool isRead = !op.getMatchingBlockArgument(&init).use_empty();
      auto type = cast<MemRefType>(init.get().getType());
      if (isRead || !reduced.empty())
        results.push_back(emitLoad(init));
      else
        results.push_back(
            arith::ConstantOp::create(b, b.getZeroAttr(type.getElementType())));
    }
    return results;
  }

  void emitStores(ValueRange results) {
    for (auto [init, result] :
         llvm::zip_equal(op.getDpsInitsMutable(), results))
      memref::StoreOp::create(b, result, init.get(),
                              emitPlace(op.getMatchingIndexingMap(&init)));
  }

  void emitThread() {
    if (movesResults())
      return emitMoving(0);
    emitStores(emitReduced(0, emitOldResults()));
  }

  /// Threads share the reduced elements, counted over all reduced loops: those
  /// side by side in memory are of threads side by side.
  void emitTogether(Value lane) {
    SmallVector<Value> neutral;
    for (Operation *combiner : combiners)
      neutral.push_back(
          arith::ConstantOp::create(b, *arith::getNeutralElement(combiner)));
    Value count = emitConstant(b, 1);
    for (unsigned d : reduced)
      count = emitMul(b, count, extents[d]);
    SmallVector<Value> sums = emitFor(
        b, lane, count, width, neutral, [&](Value number, ValueRange carried) {
          for (unsigned d : llvm::reverse(reduced)) {
            position[d] =
                d == reduced.front()
                    ? number
                    : Value(b.createOrFold<arith::RemUIOp>(number, extents[d]));
            number = b.createOrFold<arith::DivUIOp>(number, extents[d]);
          }
          return emitBody(carried);
        });
    for (unsigned i = 0; i < sums.size(); ++i)
      for (int32_t offset = warpThreads / 2; offset > 0; offset /= 2)
        sums[i] = emitCombined(i, sums[i],
                               gpu::ShuffleOp::create(b, sums[i], offset,
                                                      int32_t(warpThreads),
                                                      gpu::ShuffleMode::XOR)
                                   .getShuffleResult());
    if (!shared.empty())
      emitShared(lane, sums);
    emitIf(b, isFirst(lane), [&] {
      SmallVector<Value> results = emitOldResults();
      for (unsigned i = 0; i < shared.size(); ++i)
        for (int64_t warp = 1; warp < blockThreads / warpThreads; ++warp)
          sums[i] = emitCombined(
              i, sums[i],
              memref::LoadOp::create(b, shared[i], emitConstant(b, warp)));
      for (unsigned i = 0; i < sums.size(); ++i)
        results[i] = emitCombined(i, results[i], sums[i]);
      emitStores(results);
    });
  }

  Value isFirst(Value lane) {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, lane,
                                 emitConstant(b, 0));
  }

  /// The sums of the warps go where the first thread reads them.
  void emitShared(Value lane, ArrayRef<Value> sums) {
    emitIf(b, isFirst(emitRem(b, lane, warpThreads)), [&] {
      for (auto [sum, memory] : llvm::zip_equal(sums, shared))
        memref::StoreOp::create(b, sum, memory, emitDiv(b, lane, warpThreads));
    });
    gpu::BarrierOp::create(b);
  }

  Value emitCombined(unsigned i, Value x, Value y) {
    Operation *combined = b.clone(*combiners[i]);
    combined->setOperands({x, y});
    return combined->getResult(0);
  }

  ImplicitLocOpBuilder &b;
  linalg::GenericOp op;
  SmallVector<unsigned> parallel, reduced;
  SmallVector<Value> extents, position, shared;
  SmallVector<Operation *> combiners;
  /// Threads of a result.
  int64_t width = 1;
};
} // namespace

ElementKernelKind dither::emitElementKernel(ImplicitLocOpBuilder &b,
                                            linalg::GenericOp op) {
  return ElementKernel(b, op).emit();
}
