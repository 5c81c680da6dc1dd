//===- VectorBody.cpp - Elementwise arithmetic on vectors -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Loops/VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace dither;

SmallVector<Value> dither::emitVectorBody(ImplicitLocOpBuilder &b, Block &body,
                                          int64_t lanes, IRMapping &mapping) {
  auto get = [&](Value value) {
    Value mapped = mapping.lookupOrDefault(value);
    if (!isa<VectorType>(mapped.getType())) {
      mapped = vector::BroadcastOp::create(
          b, VectorType::get({lanes}, mapped.getType()), mapped);
      mapping.map(value, mapped);
    }
    return mapped;
  };
  for (Operation &scalar : body.without_terminator()) {
    if (mapping.contains(scalar.getResult(0)))
      continue;
    if (isa<arith::ConstantOp>(scalar)) {
      b.clone(scalar, mapping);
      continue;
    }
    for (Value operand : scalar.getOperands())
      get(operand);
    Operation *wide = b.clone(scalar, mapping);
    for (Value result : wide->getResults())
      result.setType(VectorType::get({lanes}, result.getType()));
  }
  return llvm::map_to_vector(body.getTerminator()->getOperands(), get);
}
