//===- RegisterProduct.cpp - Weights decoded in registers -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first operand of `wgmma` may be in registers: columns of the matrix, by
// steps of the contraction. A thread decodes panels of four columns along
// consecutive rows, and the fragments of the instruction give it two rows,
// eight apart, and pairs of steps, eight apart. Both orders are permutations of
// bits. So a thread keeps what it decodes, and rows of sums are written where
// they belong; along the contraction, x has the same order in shared memory,
// where copies put it by the layout of its tiles. Nothing is exchanged between
// threads.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/RegisterProduct.h"
#include "compiler/Codegen/CUDA/Kernels/GroupProduct.h"
#include "compiler/Codegen/CUDA/Kernels/GroupRing.h"
#include "compiler/Codegen/CUDA/Kernels/SparseWeights.h"
#include "compiler/Codegen/CUDA/Kernels/TensorProduct.h"
#include "compiler/Codegen/CUDA/Kernels/WeightSource.h"

using namespace mlir;
using namespace dither;

/// Columns of a panel, and threads that share them, along the contraction.
static constexpr int64_t panelColumns = 4, depthThreads = 4;
/// Columns that a group of warps has.
static constexpr int64_t groupColumns =
    panelColumns * groupWarps * warpThreads / depthThreads;
/// Rows that a thread decodes for a tile, at least and at most.
static constexpr int64_t leastSteps = 16, mostSteps = 32;

bool dither::isForRegisters(ContractOp op) {
  if (!op.getDense() || op.getTransposeW() || op.getTransposeX() ||
      !hasFewRows(op) || !isForTensorCores(op) || isForSparseTensorCores(op))
    return false;
  return getDecodeStep(
             cast<RankedTensorType>(*op.getDense()),
             dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr()),
             dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr())) <=
         mostSteps;
}

namespace {
/// Emits the kernel of one product, whose tiles are transposed: rows of the
/// sums are columns of the result.
class RegisterProduct {
public:
  RegisterProduct(ImplicitLocOpBuilder &b, ContractOp op)
      : b(b), op(op), weights(op, panelColumns),
        steps(std::max(leastSteps, weights.getStep())),
        tileDepth(steps * depthThreads),
        ring(b, {groupColumns, getFewRows(op), 1}, GroupRing::Producers::copy),
        element(getElementTypeOrSelf(op.getX().getType())),
        rows(emitDim(b, op.getInit(), 0)), columns(emitDim(b, op.getInit(), 1)),
        depth(emitDim(b, op.getX(), 1)) {
    setOrder();
  }

  void emit() {
    int64_t tileRows = ring.getPartition().columns;
    Launch launch(
        b, {emitParts(b, rows, tileRows), emitParts(b, columns, groupColumns)},
        ring.getThreads());
    thread = launch.thread;
    firstRow = emitMul(b, launch.block[0], emitConstant(b, tileRows));
    firstColumn = emitMul(b, launch.block[1], emitConstant(b, groupColumns));
    std::string reason;
    tile::LinearLayout plain = getLayout(tile::chooseTmaLayout(
        tileDepth, tileRows, 2, tile::Order::ColumnMajor, reason));
    x = ring.emitPlace(launch, tileDepth, tileRows, element,
                       tile::mapOutput(plain, tile::dim::row, order.depth));
    ring.emitRoles(launch, depth, tileDepth,
                   {0, [](Value, Value) {},
                    [&](Value k, Value stage) {
                      tile::CopyOp::create(b, op.getX(), k, firstRow, Value(),
                                           x, stage);
                    },
                    [&](Value k, Value stage, Value sums) {
                      return emitMultiply(k, stage, sums);
                    },
                    [&](Value sums) {
                      emitTileResults(b, op, sums, firstRow, firstColumn,
                                      /*isTransposed=*/true);
                    },
                    /*hasRegisters=*/true, order.rows});
  }

private:
  /// The instruction has, of each thread, rows g and g + 8 of 64 and the steps
  /// 2 t, 2 t + 1, 2 t + 8 and 2 t + 9 of 16, where g and t are the highest and
  /// the lowest bits of its lane. A thread has four consecutive rows, and
  /// `steps` consecutive steps.
  void setOrder() {
    constexpr uint64_t warpRows = panelColumns * warpThreads / depthThreads;
    order.rows = {4, 8, 16, 1, warpRows, 2 * warpRows, 2};
    order.depth = {1, uint64_t(steps), uint64_t(2 * steps), 2};
    for (uint64_t bit = 4; bit < uint64_t(steps); bit *= 2)
      order.depth.push_back(bit);
  }

  Value emitMultiply(Value k, Value stage, Value sums) {
    std::string reason;
    tile::LinearLayout plain = getLayout(
        tile::getGroupOperandLayout(groupColumns, tileDepth, 1, 1, 16, reason));
    tile::LinearLayout layout =
        tile::mapOutput(tile::mapOutput(plain, tile::dim::row, order.rows),
                        tile::dim::column, order.depth);
    Value held = emitDecoded(k, layout);
    Value a = tile::AssembleOp::create(
        b, getRegisters({groupColumns, tileDepth}, element, layout), held);
    return tile::GroupMmaRegistersOp::create(b, sums.getType(), a, x, stage,
                                             sums);
  }

  /// The panel of a thread, in the order of its registers.
  Value emitDecoded(Value k, const tile::LinearLayout &layout) {
    Value number = arith::SubIOp::create(
        b, thread, emitConstant(b, GroupRing::producerThreads));
    Value part = emitRem(b, number, depthThreads);
    Value panel = emitDiv(b, number, depthThreads);
    Value row = emitAdd(b, k, emitMul(b, part, emitConstant(b, steps)));
    Value column = emitAdd(b, firstColumn,
                           emitMul(b, panel, emitConstant(b, panelColumns)));
    SmallVector<Value> decoded;
    for (int64_t i = 0; i < steps; i += weights.getStep())
      decoded.append(weights.emitRows(b, emitAdd(b, row, emitConstant(b, i)),
                                      column, depth, columns));
    SmallVector<Value> elements;
    for (uint64_t i = 0; i < layout.getInputSize(tile::dim::reg); ++i) {
      auto at = [&](StringRef output) {
        uint64_t sum = 0;
        for (unsigned bit = 0; i >> bit; ++bit)
          if (i >> bit & 1)
            sum ^= layout.getBasis(tile::dim::reg, bit, output);
        return int64_t(sum);
      };
      elements.push_back(vector::ExtractOp::create(
          b, decoded[at(tile::dim::column)], at(tile::dim::row)));
    }
    auto floats = VectorType::get({int64_t(elements.size())}, b.getF32Type());
    Value all = vector::FromElementsOp::create(b, floats, elements);
    return arith::TruncFOp::create(b, floats.clone(element), all);
  }

  ImplicitLocOpBuilder &b;
  ContractOp op;
  WeightSource weights;
  int64_t steps, tileDepth;
  GroupRing ring;
  Type element;
  Value rows, columns, depth;
  tile::GroupOrder order;
  Value thread, firstRow, firstColumn, x;
};
} // namespace

void dither::emitRegisterProduct(ImplicitLocOpBuilder &b, ContractOp op) {
  RegisterProduct(b, op).emit();
}
