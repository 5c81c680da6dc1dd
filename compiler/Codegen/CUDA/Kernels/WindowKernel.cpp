//===- WindowKernel.cpp - Sums whose places are sums of loops -------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/WindowKernel.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace dither;

namespace {
/// A loop, and what an iteration of it adds to a dimension of the result.
struct Term {
  unsigned loop;
  int64_t step;
  /// The most that the terms behind it add.
  int64_t rest = 0;
};

class WindowKernel {
public:
  WindowKernel(ImplicitLocOpBuilder &b, linalg::GenericOp op)
      : b(b), op(op), body(b, op) {}

  bool match() {
    if (op.getNumDpsInits() != 1)
      return false;
    init = &op.getDpsInitsMutable()[0];
    llvm::SmallBitVector isUsed(op.getNumLoops());
    for (AffineExpr result : op.getMatchingIndexingMap(init).getResults()) {
      SmallVector<Term> terms;
      if (!matchTerms(result, 1, terms))
        return false;
      llvm::sort(terms,
                 [](const Term &x, const Term &y) { return x.loop < y.loop; });
      for (const Term &term : terms) {
        if (isUsed.test(term.loop))
          return false;
        isUsed.set(term.loop);
      }
      if (terms.size() > 1 && !findRests(terms))
        return false;
      isWindow |= terms.size() > 1;
      dims.push_back(terms);
    }
    return isWindow;
  }

  void emit() {
    body.emitExtents();
    SmallVector<Value> extents;
    Value count = emitConstant(b, 1);
    for (int64_t d = 0; d < int64_t(dims.size()); ++d) {
      extents.push_back(emitDim(b, init->get(), d));
      count = emitMul(b, count, extents.back());
    }
    Launch launch(b, emitParts(b, count, blockThreads));
    Value number =
        emitAdd(b, emitMul(b, launch.block[0], emitConstant(b, blockThreads)),
                launch.thread);
    emitIf(b, emitLess(b, number, count), [&] {
      setPlace(number, extents);
      left.resize(op.getNumLoops());
      Value result = memref::LoadOp::create(b, init->get(), place);
      result = emitLoops(0, result);
      memref::StoreOp::create(b, result, init->get(), place);
    });
  }

private:
  /// The terms of a sum of multiples of loops.
  static bool matchTerms(AffineExpr sum, int64_t step,
                         SmallVectorImpl<Term> &terms) {
    if (auto dim = dyn_cast<AffineDimExpr>(sum)) {
      terms.push_back({dim.getPosition(), step});
      return step > 0;
    }
    auto both = dyn_cast<AffineBinaryOpExpr>(sum);
    if (!both)
      return false;
    if (both.getKind() == AffineExprKind::Add)
      return matchTerms(both.getLHS(), step, terms) &&
             matchTerms(both.getRHS(), step, terms);
    auto factor = dyn_cast<AffineConstantExpr>(both.getRHS());
    return both.getKind() == AffineExprKind::Mul && factor &&
           matchTerms(both.getLHS(), step * factor.getValue(), terms);
  }

  bool findRests(MutableArrayRef<Term> terms) {
    SmallVector<int64_t> ranges = op.getStaticLoopRanges();
    int64_t rest = 0;
    for (Term &term : llvm::reverse(terms)) {
      int64_t extent = ranges[term.loop];
      if (ShapedType::isDynamic(extent) || extent == 0)
        return false;
      term.rest = rest;
      rest += term.step * (extent - 1);
    }
    return true;
  }

  /// Where the element is, and the loops that know it from that.
  void setPlace(Value number, ArrayRef<Value> extents) {
    place.resize(dims.size());
    for (int64_t d = dims.size() - 1; d >= 0; --d) {
      place[d] =
          d == 0 ? number : b.createOrFold<arith::RemUIOp>(number, extents[d]);
      number = b.createOrFold<arith::DivUIOp>(number, extents[d]);
      if (dims[d].size() == 1 && dims[d][0].step == 1)
        body.position[dims[d][0].loop] = place[d];
    }
  }

  /// The term of a loop, and the one before it in its sum.
  std::pair<int64_t, int64_t> findTerm(unsigned loop) {
    for (auto [d, terms] : llvm::enumerate(dims))
      for (auto [i, term] : llvm::enumerate(terms))
        if (term.loop == loop)
          return {d, i};
    return {-1, -1};
  }

  /// The loops from one on.
  Value emitLoops(unsigned loop, Value result) {
    if (loop == op.getNumLoops())
      return body.emitYield(result)[0];
    if (body.position[loop])
      return emitLoops(loop + 1, result);
    auto [d, i] = findTerm(loop);
    if (d < 0)
      return emitLoop(loop, emitConstant(b, 0), body.extents[loop], result,
                      [] {});
    const Term &term = dims[d][i];
    Value sum = i == 0 ? place[d] : left[dims[d][i - 1].loop];
    if (i + 1 == int64_t(dims[d].size()))
      return emitLast(term, sum, result);
    return emitTerm(term, sum, result);
  }

  Value emitLoop(unsigned loop, Value from, Value to, Value result,
                 function_ref<void()> enter) {
    Value last = emitFor(b, from, to, 1, result,
                         [&](Value i, ValueRange before) -> SmallVector<Value> {
                           body.position[loop] = i;
                           enter();
                           return {emitLoops(loop + 1, before[0])};
                         })[0];
    body.position[loop] = Value();
    return last;
  }

  /// Iterations that leave no less than nothing and no more than the terms
  /// behind can add.
  Value emitTerm(const Term &term, Value sum, Value result) {
    Value rest = emitConstant(b, term.rest);
    Value more = b.createOrFold<arith::SubIOp>(
        b.createOrFold<arith::MaxUIOp>(sum, rest), rest);
    Value from = emitParts(b, more, term.step);
    Value to = emitAdd(b, emitDiv(b, sum, term.step), emitConstant(b, 1));
    to = b.createOrFold<arith::MinUIOp>(to, body.extents[term.loop]);
    return emitLoop(term.loop, from, to, result, [&] {
      Value taken =
          emitMul(b, body.position[term.loop], emitConstant(b, term.step));
      left[term.loop] = b.createOrFold<arith::SubIOp>(sum, taken);
    });
  }

  /// The one iteration, if any, that takes all that is left.
  Value emitLast(const Term &term, Value sum, Value result) {
    Value i = emitDiv(b, sum, term.step);
    Value exists = emitLess(b, i, body.extents[term.loop]);
    if (term.step > 1) {
      Value isWhole =
          arith::CmpIOp::create(b, arith::CmpIPredicate::eq,
                                emitRem(b, sum, term.step), emitConstant(b, 0));
      exists = arith::AndIOp::create(b, exists, isWhole);
    }
    auto branch = scf::IfOp::create(b, result.getType(), exists,
                                    /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    body.position[term.loop] = i;
    scf::YieldOp::create(b, emitLoops(term.loop + 1, result));
    body.position[term.loop] = Value();
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, result);
    return branch.getResult(0);
  }

  ImplicitLocOpBuilder &b;
  linalg::GenericOp op;
  GenericBody body;
  OpOperand *init = nullptr;
  /// Of each dimension of the result.
  SmallVector<SmallVector<Term>> dims;
  bool isWindow = false;
  SmallVector<Value> place;
  /// What a term leaves of its sum.
  SmallVector<Value> left;
};
} // namespace

bool dither::emitWindowKernel(ImplicitLocOpBuilder &b, linalg::GenericOp op) {
  WindowKernel kernel(b, op);
  if (!kernel.match())
    return false;
  kernel.emit();
  return true;
}
