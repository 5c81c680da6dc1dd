//===- Kernel.cpp - Ops that become kernels -------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

void ContractOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  for (OpOperand &operand : getOperation()->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    bool isScratch = operand.get() == getScratch();
    if (isScratch || operand.get() == getInit())
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
    if (isScratch || operand.get() != getInit())
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
  }
}
