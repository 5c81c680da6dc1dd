//===- WeightSource.cpp - Rows of a weight matrix, decoded ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/WeightSource.h"
#include "compiler/Codegen/CPU/Weights/PackedPanels.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/FormatVariadic.h"
#include <numeric>

using namespace mlir;
using namespace dither;

SmallVector<Value>
dither::emitEither(ImplicitLocOpBuilder &b, Value condition, TypeRange types,
                   function_ref<SmallVector<Value>()> body,
                   function_ref<SmallVector<Value>()> otherwise) {
  auto branch = scf::IfOp::create(b, types, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, body());
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, otherwise());
  return SmallVector<Value>(branch.getResults());
}

SmallVector<Value> dither::emitChoice(ImplicitLocOpBuilder &b, Value condition,
                                      ValueRange otherwise,
                                      function_ref<SmallVector<Value>()> body) {
  return emitEither(b, condition, otherwise.getTypes(), body,
                    [&] { return SmallVector<Value>(otherwise); });
}

/// Rows of a step, and columns of a tile that hold whole steps of a transpose:
/// beyond, the tiles of a staged product would not be in shared memory.
static constexpr int64_t mostStep = 128, mostColumns = 256;
/// What a tile's columns are a multiple of.
static constexpr int64_t columnUnit = 64;

std::string dither::explainNotDecoded(RankedTensorType dense,
                                      PatternAttrInterface pattern,
                                      FormatAttrInterface format,
                                      bool isTransposed) {
  if (isa_and_present<ListPatternAttrInterface, BlockPatternAttrInterface>(
          pattern))
    return "";
  int64_t step = getDecodeStep(dense, pattern, format);
  if (step > mostStep ||
      (isTransposed && std::lcm(step, columnUnit) > mostColumns))
    return llvm::formatv("{0} rows would be decoded at a time, which are more "
                         "than shared memory has room for",
                         step);
  return "";
}

/// Decoded elements that registers hold beside all else.
static constexpr int64_t mostDecoded = 64;

static int64_t chooseLanes(ContractOp op) {
  if (!op.getDense())
    return productLanes;
  int64_t step = getDecodeStep(
      cast<RankedTensorType>(*op.getDense()),
      dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr()),
      dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr()));
  int64_t lanes = productLanes;
  while (lanes > 1 && lanes * step > mostDecoded)
    lanes /= 2;
  return lanes;
}

WeightSource::WeightSource(ContractOp op) : WeightSource(op, chooseLanes(op)) {}

WeightSource::WeightSource(ContractOp op, int64_t lanes)
    : op(op), lanes(lanes) {
  KernelOptions options = productOptions;
  options.lanes = lanes;
  weights = op.getDense() ? makePackedPanels(op, options)
                          : makeWeightPanels(op, options);
  step = weights->getStep();
}

SmallVector<Value> WeightSource::emitRows(ImplicitLocOpBuilder &b, Value row,
                                          Value column, Value rows,
                                          Value columns) {
  auto floats = VectorType::get({lanes}, b.getF32Type());
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(floats));
  SmallVector<Value> zeros(step, zero);
  Value isInside = arith::AndIOp::create(b, emitLess(b, row, rows),
                                         emitLess(b, column, columns));
  int64_t left =
      op.getDense() ? cast<ShapedType>(*op.getDense()).getDimSize(0) % step : 0;
  return emitChoice(b, isInside, zeros, [&] {
    Panel panel = emitPanel(b, column, columns, lanes);
    if (left == 0)
      return emitSome(b, row, step, panel);
    // The last step has fewer rows.
    Value end = emitAdd(b, row, emitConstant(b, step - 1));
    return emitEither(
        b, emitLess(b, end, rows), ValueRange(zeros).getTypes(),
        [&] { return emitSome(b, row, step, panel); },
        [&] {
          SmallVector<Value> some = emitSome(b, row, left, panel);
          some.resize(step, zero);
          return some;
        });
  });
}

void WeightSource::emitTile(ImplicitLocOpBuilder &b, Value thread,
                            int64_t threads, int64_t depth, int64_t columns,
                            Value k, Value column, Value allDepth,
                            Value allColumns,
                            function_ref<void(Value, Value, Value)> store) {
  // Rows of a transposed matrix are columns of the result.
  if (op.getTransposeW()) {
    std::swap(depth, columns);
    std::swap(k, column);
    std::swap(allDepth, allColumns);
  }
  int64_t panels = columns / lanes;
  emitFor(b, thread, emitConstant(b, depth / step * panels), threads, {},
          [&](Value number, ValueRange) -> SmallVector<Value> {
            Value row =
                emitMul(b, emitDiv(b, number, panels), emitConstant(b, step));
            Value first =
                emitMul(b, emitRem(b, number, panels), emitConstant(b, lanes));
            SmallVector<Value> decoded =
                emitRows(b, emitAdd(b, k, row), emitAdd(b, column, first),
                         allDepth, allColumns);
            for (auto [i, values] : llvm::enumerate(decoded))
              store(emitAdd(b, row, emitConstant(b, i)), first, values);
            return {};
          });
}

SmallVector<Value> WeightSource::emitSome(ImplicitLocOpBuilder &b, Value row,
                                          int64_t count, Panel panel) {
  if (op.getDense())
    return weights->emitRows(b, row, count, panel);
  return {weights->emitStep(b, row, count, panel)[0].weights};
}
