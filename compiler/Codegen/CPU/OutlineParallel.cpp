//===- OutlineParallel.cpp - Parallel loops to the host's parallel_for ----===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Transforms/RegionUtils.h"

namespace dither {
#define GEN_PASS_DEF_OUTLINEPARALLEL
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// Memory on the stack is taken once for each call, not for each iteration.
static void hoistStack(FunctionOpInterface function) {
  Block &entry = function.getFunctionBody().front();
  function.walk([&](memref::AllocaOp stack) {
    if (stack->getNumOperands() == 0)
      stack->moveBefore(&entry, entry.begin());
  });
}

namespace {
/// Outlines the parallel loops of one function.
class Outliner {
public:
  Outliner(func::FuncOp function, LLVMTypeConverter &converter)
      : function(function), converter(converter),
        b(function.getLoc(), function.getContext()) {
    pointer = LLVM::LLVMPointerType::get(function.getContext());
  }

  void outline(scf::ParallelOp loop, unsigned number) {
    SmallVector<Value> captures = findCaptures(loop);
    SmallVector<Type> fields;
    for (Value capture : captures)
      fields.push_back(converter.convertType(capture.getType()));
    auto environment =
        LLVM::LLVMStructType::getLiteral(function.getContext(), fields);
    LLVM::LLVMFuncOp body = createBody(loop, captures, environment, number);
    createCall(loop, captures, environment, body);
    loop.erase();
  }

private:
  /// What the loop uses from outside, but for constants, which are cloned in.
  SmallVector<Value> findCaptures(scf::ParallelOp loop) {
    llvm::SetVector<Value> values;
    getUsedValuesDefinedAbove(loop.getRegion(), values);
    for (OperandRange range :
         {loop.getLowerBound(), loop.getUpperBound(), loop.getStep()})
      values.insert(range.begin(), range.end());
    values.remove_if([](Value v) {
      return isa_and_present<arith::ConstantOp>(v.getDefiningOp());
    });
    return llvm::to_vector(values);
  }

  Value cast(Type type, Value value) {
    if (value.getType() == type)
      return value;
    return UnrealizedConversionCastOp::create(b, type, value).getResult(0);
  }

  /// The range [begin, end) of iterations as a function.
  LLVM::LLVMFuncOp createBody(scf::ParallelOp loop, ArrayRef<Value> captures,
                              LLVM::LLVMStructType environment,
                              unsigned number) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(function);
    Type i64 = b.getI64Type();
    auto type = LLVM::LLVMFunctionType::get(
        LLVM::LLVMVoidType::get(b.getContext()), {pointer, i64, i64});
    std::string name =
        (function.getName() + ".parallel_" + Twine(number)).str();
    auto body =
        LLVM::LLVMFuncOp::create(b, name, type, LLVM::Linkage::Internal);
    Block *block = body.addEntryBlock(b);
    b.setInsertionPointToStart(block);
    IRMapping mapping;
    Value packed = LLVM::LoadOp::create(b, environment, block->getArgument(0));
    for (auto [i, capture] : llvm::enumerate(captures)) {
      Value field = LLVM::ExtractValueOp::create(b, packed, i);
      mapping.map(capture, cast(capture.getType(), field));
    }
    cloneConstants(loop, mapping);
    Value begin = cast(b.getIndexType(), block->getArgument(1));
    Value end = cast(b.getIndexType(), block->getArgument(2));
    Value one = arith::ConstantIndexOp::create(b, 1);
    auto emitIterations = [&] {
      auto outer = scf::ForOp::create(b, begin, end, one);
      OpBuilder::InsertionGuard inside(b);
      b.setInsertionPointToStart(outer.getBody());
      emitIteration(loop, mapping, outer.getInductionVar());
    };
    if (scf::ForOp common = findCommonLoop(loop)) {
      auto at = [&](Value value) { return mapping.lookupOrDefault(value); };
      auto around =
          scf::ForOp::create(b, at(common.getLowerBound()),
                             at(common.getUpperBound()), at(common.getStep()));
      OpBuilder::InsertionGuard inside(b);
      b.setInsertionPointToStart(around.getBody());
      mapping.map(common.getInductionVar(), around.getInductionVar());
      emitIterations();
    } else {
      emitIterations();
    }
    LLVM::ReturnOp::create(b, ValueRange());
    hoistStack(body);
    return body;
  }

  /// The loop that all iterations of a parallel one end with, which a thread
  /// takes around those that it has; null unless that is asked for.
  static scf::ForOp findCommonLoop(scf::ParallelOp loop) {
    if (!loop->hasAttr("dither.common_loop") || loop.getNumLoops() != 1)
      return {};
    auto last = dyn_cast_if_present<scf::ForOp>(
        loop.getBody()->getTerminator()->getPrevNode());
    if (!last || last->getNumResults() > 0)
      return {};
    bool isCommon =
        llvm::all_of(
            last->getOperands(),
            [&](Value bound) { return loop.isDefinedOutsideOfLoop(bound); }) &&
        llvm::all_of(loop.getBody()->without_terminator(),
                     [&](Operation &op) { return &op == last || isPure(&op); });
    return isCommon ? last : scf::ForOp();
  }

  void cloneConstants(scf::ParallelOp loop, IRMapping &mapping) {
    llvm::SetVector<Value> values;
    getUsedValuesDefinedAbove(loop.getRegion(), values);
    values.insert(loop.operand_begin(), loop.operand_end());
    for (Value value : values)
      if (auto constant =
              dyn_cast_if_present<arith::ConstantOp>(value.getDefiningOp()))
        b.clone(*constant, mapping);
  }

  /// The first dimension by number of iteration, the others as loops.
  void emitIteration(scf::ParallelOp loop, IRMapping &mapping, Value number) {
    auto at = [&](OperandRange range, unsigned d) {
      return mapping.lookupOrDefault(range[d]);
    };
    Value step = at(loop.getStep(), 0);
    Value scaled = arith::MulIOp::create(b, number, step);
    Value first = arith::AddIOp::create(b, at(loop.getLowerBound(), 0), scaled);
    mapping.map(loop.getInductionVars()[0], first);
    for (unsigned d = 1; d < loop.getNumLoops(); ++d) {
      auto inner = scf::ForOp::create(b, at(loop.getLowerBound(), d),
                                      at(loop.getUpperBound(), d),
                                      at(loop.getStep(), d));
      mapping.map(loop.getInductionVars()[d], inner.getInductionVar());
      b.setInsertionPointToStart(inner.getBody());
    }
    scf::ForOp common = findCommonLoop(loop);
    for (Operation &op : loop.getBody()->without_terminator()) {
      if (&op != common)
        b.clone(op, mapping);
    }
    if (common)
      for (Operation &op : common.getBody()->without_terminator())
        b.clone(op, mapping);
  }

  /// Memory on the stack, once for each call of the function.
  Value createSlot(LLVM::LLVMStructType environment) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&function.getBody().front());
    Value one =
        LLVM::ConstantOp::create(b, b.getI64Type(), b.getI64IntegerAttr(1));
    return LLVM::AllocaOp::create(b, pointer, environment, one);
  }

  void createCall(scf::ParallelOp loop, ArrayRef<Value> captures,
                  LLVM::LLVMStructType environment, LLVM::LLVMFuncOp body) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(loop);
    Type i64 = b.getI64Type();
    Value slot = createSlot(environment);
    Value packed = LLVM::PoisonOp::create(b, environment);
    for (auto [i, capture] : llvm::enumerate(captures))
      packed = LLVM::InsertValueOp::create(
          b, packed, cast(environment.getBody()[i], capture), i);
    LLVM::StoreOp::create(b, packed, slot);
    Value range = arith::SubIOp::create(b, loop.getUpperBound()[0],
                                        loop.getLowerBound()[0]);
    Value count = arith::CeilDivUIOp::create(b, range, loop.getStep()[0]);
    Value extent = cast(i64, count);
    Value context = function.getArgument(0);
    // parallel_for is the first field of DitherContext.
    Value callee = LLVM::LoadOp::create(b, pointer, context);
    Value address = LLVM::AddressOfOp::create(b, body);
    auto type =
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()),
                                    {pointer, pointer, pointer, i64});
    LLVM::CallOp::create(b, type,
                         ValueRange{callee, context, address, slot, extent});
  }

  func::FuncOp function;
  LLVMTypeConverter &converter;
  ImplicitLocOpBuilder b;
  LLVM::LLVMPointerType pointer;
};

struct OutlineParallel : dither::impl::OutlineParallelBase<OutlineParallel> {
  void runOnOperation() override {
    LLVMTypeConverter converter(&getContext());
    auto pointer = LLVM::LLVMPointerType::get(&getContext());
    Builder b(&getContext());
    auto kind = b.getDictionaryAttr(
        {b.getNamedAttr("dither.kind", b.getStringAttr("context"))});
    for (auto function :
         llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      if (function.isExternal())
        continue;
      (void)function.insertArgument(0, pointer, kind, function.getLoc());
      // Outermost loops alone: threads do not nest.
      SmallVector<scf::ParallelOp> loops;
      function.walk<WalkOrder::PreOrder>([&](scf::ParallelOp loop) {
        loops.push_back(loop);
        return WalkResult::skip();
      });
      Outliner outliner(function, converter);
      for (auto [i, loop] : llvm::enumerate(loops))
        outliner.outline(loop, i);
      hoistStack(function);
      reportCounts(*this, function, {{"outlined", loops.size()}});
    }
  }
};
} // namespace
