//===- Categorical.cpp - The number of a category -------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Noise.h"

using namespace mlir;
using namespace dither;

SmallVector<StringRef> CategoricalAttr::getParameterNames() const {
  return {"logits"};
}

LogicalResult
CategoricalAttr::verifyTypes(function_ref<InFlightDiagnostic()> emitError,
                             ArrayRef<RankedTensorType> parameters,
                             RankedTensorType sample) const {
  RankedTensorType logits = parameters[0];
  if (logits.getRank() == 0 || logits.getShape().back() == 0 ||
      sample.getShape() != logits.getShape().drop_back() ||
      !sample.getElementType().isInteger(32))
    return emitError() << "cannot make " << sample << " of logits of " << logits
                       << ": the last of their dimensions is that of the "
                          "categories, and the numbers are i32";
  return success();
}

bool CategoricalAttr::isReparameterized() const { return false; }

Value CategoricalAttr::buildSample(ImplicitLocOpBuilder &b,
                                   RankedTensorType type, ValueRange parameters,
                                   Value rng, int64_t stream) const {
  auto logits = cast<RankedTensorType>(parameters[0].getType());
  Value noise = buildNoise<GumbelOp>(b, logits, findRows(logits, parameters),
                                     rng, stream);
  Value noisy = AddOp::create(b, parameters[0], noise);
  return ArgmaxOp::create(b, type, noisy);
}

Value CategoricalAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                       ValueRange parameters) const {
  auto logits = cast<RankedTensorType>(parameters[0].getType());
  int64_t last = logits.getRank() - 1;
  SmallVector<int64_t> shape(logits.getRank(), 1);
  shape[last] = logits.getDimSize(last);
  Value numbers =
      IotaOp::create(b, RankedTensorType::get(shape, b.getI32Type()),
                     b.getI64IntegerAttr(last));
  SmallVector<int64_t> places(
      cast<RankedTensorType>(sample.getType()).getShape());
  places.push_back(1);
  Value isDrawn = CompareOp::create(b, Predicate::eq, numbers,
                                    buildReshape(b, sample, places));
  Value chosen = SelectOp::create(b, isDrawn, parameters[0],
                                  buildScalarLike(b, 0, parameters[0]));
  auto dims = b.getDenseI64ArrayAttr({last});
  return SubOp::create(b, ReduceOp::create(b, ReduceKind::sum, chosen, dims),
                       LogSumExpOp::create(b, parameters[0], dims));
}

int64_t
CategoricalAttr::getSupportSize(ArrayRef<RankedTensorType> parameters) const {
  return parameters[0].getShape().back();
}

Value CategoricalAttr::buildSupport(ImplicitLocOpBuilder &b, Value index,
                                    Type element) const {
  return buildCast(b, index, element);
}
