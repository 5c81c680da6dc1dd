//===- IntegerPanels.h - Products of integers of 8 bits ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where activations have codes of 8 bits and the codes of the weights are
// integers, too, four of both are multiplied and summed by one instruction on
// 32-bit lanes. Sums over a group are exact, whatever their order. See
// docs/rationale/kernels.md.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_WEIGHTS_INTEGERPANELS_H
#define DITHER_CODEGEN_CPU_WEIGHTS_INTEGERPANELS_H

#include "compiler/Codegen/CPU/Weights/WeightPanels.h"

namespace dither {

/// The panels of an op whose x is codes.
std::unique_ptr<WeightPanels> makeIntegerPanels(ContractOp op,
                                                KernelOptions options);

/// Whether codes of whole bytes meet those of x as they are, without a pattern,
/// and one scale serves a column.
bool arePlainBytes(ContractOp op);

/// Elements along K of whole words of all fields; the pattern may be null.
int64_t getWordStep(GroupPatternAttrInterface pattern,
                    FormatAttrInterface format);

/// Why a packed matrix cannot be multiplied by codes of 8 bits; empty if it
/// can.
std::string explainNotInteger(mlir::RankedTensorType dense,
                              PatternAttrInterface pattern,
                              FormatAttrInterface format);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_WEIGHTS_INTEGERPANELS_H
