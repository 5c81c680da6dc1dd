//===- ElementKernel.cpp - Kernels of linalg ops --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/ElementKernel.h"
#include "compiler/Codegen/CUDA/Kernels/BlockScan.h"
#include "compiler/Codegen/CUDA/Kernels/Combiner.h"
#include "compiler/Codegen/CUDA/Kernels/GenericBody.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "compiler/Codegen/CUDA/Kernels/ScanKernel.h"
#include "compiler/Codegen/CUDA/Kernels/WindowKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

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
  ElementKernel(ImplicitLocOpBuilder &b, linalg::GenericOp op)
      : b(b), op(op), body(b, op) {
    for (auto [d, type] : llvm::enumerate(op.getIteratorTypesArray())) {
      bool isParallel = type == utils::IteratorType::parallel && isAlone(d);
      (isParallel ? parallel : reduced).push_back(d);
    }
  }

  ElementKernelKind emit() {
    body.emitExtents();
    ElementKernelKind kind = chooseKind();
    width = kind == ElementKernelKind::threads ? 1
            : kind == ElementKernelKind::warps ? warpThreads
                                               : blockThreads;
    Value count = body.emitCount(parallel);
    APInt known;
    bool isOne = matchPattern(count, m_ConstantInt(&known)) && known == 1;
    int64_t threads = isOne ? width : blockThreads;
    Launch launch(b, emitParts(b, count, threads / width), threads);
    if (kind == ElementKernelKind::blocks)
      for (Type type : combination->getTypes())
        shared.push_back(launch.addShared({blockThreads / warpThreads}, type));
    Value first = emitMul(b, launch.block[0], emitConstant(b, threads / width));
    Value lane = emitRem(b, launch.thread, width);
    Value number = emitAdd(b, first, emitDiv(b, launch.thread, width));
    emitIf(b, emitLess(b, number, count), [&] {
      body.setPosition(parallel, number);
      width == 1 ? emitThread() : emitTogether(lane);
    });
    return kind;
  }

private:
  /// Whether iterations of a loop write to different elements, whatever other
  /// loops do.
  bool isAlone(unsigned loop) {
    return llvm::all_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
      return body.isAlone(loop, init);
    });
  }

  /// Few results of many elements are made by many threads each.
  ElementKernelKind chooseKind() {
    if (reduced.empty() || movesResults())
      return ElementKernelKind::threads;
    int64_t results = body.estimateCount(parallel);
    int64_t elements = body.estimateCount(reduced);
    if (results >= manyResults || elements < manyElements)
      return ElementKernelKind::threads;
    combination = Combiner::match(op, reduced);
    if (!combination)
      return ElementKernelKind::threads;
    return results < fewResults && elements >= blockElements
               ? ElementKernelKind::blocks
               : ElementKernelKind::warps;
  }

  /// Whether a result's place depends on reduced loops.
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
      return emitStores(body.emitYield(emitOldResults()));
    emitFor(b, emitConstant(b, 0), body.extents[reduced[depth]], 1, {},
            [&](Value i, ValueRange) -> SmallVector<Value> {
              body.position[reduced[depth]] = i;
              emitMoving(depth + 1);
              return {};
            });
  }

  /// The body over the reduced loops from the `depth`-th on.
  SmallVector<Value> emitReduced(unsigned depth, ValueRange results) {
    if (depth == reduced.size())
      return body.emitYield(results);
    return emitFor(b, emitConstant(b, 0), body.extents[reduced[depth]], 1,
                   results, [&](Value i, ValueRange carried) {
                     body.position[reduced[depth]] = i;
                     return emitReduced(depth + 1, carried);
                   });
  }

  SmallVector<Value> emitOldResults() {
    SmallVector<Value> results;
    for (OpOperand &init : op.getDpsInitsMutable()) {
      bool isRead = !op.getMatchingBlockArgument(&init).use_empty();
      auto type = cast<MemRefType>(init.get().getType());
      if (isRead || !reduced.empty())
        results.push_back(body.emitLoad(init));
      else
        results.push_back(
            arith::ConstantOp::create(b, b.getZeroAttr(type.getElementType())));
    }
    return results;
  }

  void emitStores(ValueRange results) {
    for (auto [init, result] :
         llvm::zip_equal(op.getDpsInitsMutable(), results))
      body.emitStore(init, result);
  }

  void emitThread() {
    if (movesResults())
      return emitMoving(0);
    emitStores(emitReduced(0, emitOldResults()));
  }

  /// Threads share the reduced elements, counted over all reduced loops: those
  /// side by side in memory are of threads side by side.
  void emitTogether(Value lane) {
    SmallVector<Value> sums = emitFor(b, lane, body.emitCount(reduced), width,
                                      combination->emitStart(b, body),
                                      [&](Value number, ValueRange carried) {
                                        body.setPosition(reduced, number);
                                        return body.emitYield(carried);
                                      });
    for (int32_t offset = warpThreads / 2; offset > 0; offset /= 2) {
      SmallVector<Value> others = llvm::map_to_vector(sums, [&](Value sum) {
        return emitShuffle(b, sum, offset, gpu::ShuffleMode::XOR);
      });
      sums = combination->emit(b, sums, others);
    }
    if (!shared.empty())
      emitShared(lane, sums);
    emitIf(b, isFirst(lane), [&] {
      for (int64_t warp = 1;
           !shared.empty() && warp < blockThreads / warpThreads; ++warp) {
        SmallVector<Value> others =
            llvm::map_to_vector(shared, [&](Value memory) -> Value {
              return memref::LoadOp::create(b, memory, emitConstant(b, warp));
            });
        sums = combination->emit(b, sums, others);
      }
      emitStores(combination->emit(b, emitOldResults(), sums));
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

  ImplicitLocOpBuilder &b;
  linalg::GenericOp op;
  GenericBody body;
  SmallVector<unsigned> parallel, reduced;
  SmallVector<Value> shared;
  std::optional<Combiner> combination;
  /// Threads of a result.
  int64_t width = 1;
};
} // namespace

ElementKernelKind dither::emitElementKernel(ImplicitLocOpBuilder &b,
                                            linalg::GenericOp op) {
  if (std::optional<ElementKernelKind> kind = emitScanKernel(b, op))
    return *kind;
  if (emitWindowKernel(b, op))
    return ElementKernelKind::threads;
  return ElementKernel(b, op).emit();
}
