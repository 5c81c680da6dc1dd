//===- Operations.cpp - How much an op computes ---------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Transforms/Rematerialize/Operations.h"
#include "Dither/IR/Dither.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

using namespace mlir;
using namespace dither;

/// Roundly what a vector of exp or tanh takes, in additions.
static constexpr int64_t kFunction = 10;

static int64_t countElements(ArrayRef<int64_t> shape, int64_t batch) {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= ShapedType::isDynamic(extent) ? batch : extent;
  return count;
}

static int64_t countElements(Type type, int64_t batch) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped && shaped.hasRank() ? countElements(shaped.getShape(), batch)
                                    : 1;
}

int64_t dither::countBytes(Type type, int64_t batch) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return 0;
  return countElements(tensor.getShape(), batch) *
         HostTensor::elementBytes(tensor.getElementType());
}

/// What the ops of a block do to one element each.
static int64_t countScalar(Block &block) {
  int64_t count = 0;
  for (Operation &op : block.without_terminator())
    if (!op.hasTrait<OpTrait::ConstantLike>())
      count += isa<math::MathDialect>(op.getDialect()) ? kFunction : 1;
  return count;
}

static int64_t countStructured(linalg::LinalgOp op, int64_t batch) {
  int64_t runs = countElements(op.getStaticLoopRanges(), batch);
  return runs * std::max<int64_t>(countScalar(*op.getBlock()), 1);
}

static int64_t countContraction(ContractOp op, int64_t batch) {
  int64_t elements = countElements(op.getInit().getType(), batch);
  int64_t depth = op.getDepth();
  int64_t sums = 2 * elements * (ShapedType::isDynamic(depth) ? batch : depth);
  return op.getEpilogue().empty()
             ? sums
             : sums + elements * countScalar(op.getEpilogue().front());
}

static int64_t countProduct(MatmulOp op, int64_t batch) {
  auto x = cast<RankedTensorType>(op.getX().getType());
  // Rows of `x` are counted by all of its dimensions but the last.
  ArrayRef<int64_t> summed =
      op.getTransposeX() ? x.getShape().drop_back() : x.getShape().take_back();
  return 2 * countElements(op.getZ().getType(), batch) *
         countElements(summed, batch);
}

/// How often the regions of an op are run, as far as that is known.
static int64_t countRuns(Operation *op, int64_t batch) {
  if (auto loop = dyn_cast<ForOp>(op)) {
    int64_t trips = loop.getNumTrips();
    return ShapedType::isDynamic(trips) ? batch : trips;
  }
  auto loop = dyn_cast<LoopLikeOpInterface>(op);
  if (!loop)
    return 1;
  auto trips = loop.getStaticTripCount();
  return trips ? trips->getSExtValue() : batch;
}

static int64_t countRegions(Operation *op, int64_t batch) {
  int64_t count = 0;
  for (Region &region : op->getRegions())
    for (Block &block : region)
      for (Operation &inner : block.without_terminator())
        count += countOperations(&inner, batch);
  return count * countRuns(op, batch);
}

int64_t dither::countAllRuns(Operation *op, int64_t batch) {
  int64_t count = countOperations(op, batch);
  while ((op = op->getParentOp()))
    count *= countRuns(op, batch);
  return count;
}

/// Each element of the largest tensor that an op sees is touched once.
static int64_t countTouched(Operation *op, int64_t batch) {
  int64_t most = 0;
  for (Type type : op->getResultTypes())
    most = std::max(most, countElements(type, batch));
  for (Type type : op->getOperandTypes())
    most = std::max(most, countElements(type, batch));
  return most;
}

int64_t dither::countOperations(Operation *op, int64_t batch) {
  if (op->hasTrait<OpTrait::ConstantLike>() ||
      op->hasTrait<OpTrait::IsTerminator>() ||
      isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp,
          tensor::ExtractSliceOp, tensor::EmptyOp, tensor::DimOp>(op))
    return 0;
  if (auto structured = dyn_cast<linalg::LinalgOp>(op))
    return countStructured(structured, batch);
  if (auto contract = dyn_cast<ContractOp>(op))
    return countContraction(contract, batch);
  if (auto product = dyn_cast<MatmulOp>(op))
    return countProduct(product, batch);
  if (op->getNumRegions() > 0)
    return countRegions(op, batch);
  return countTouched(op, batch);
}
