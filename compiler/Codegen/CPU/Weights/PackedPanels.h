//===- PackedPanels.h - Decoded panels of a packed matrix -------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_WEIGHTS_PACKEDPANELS_H
#define DITHER_CODEGEN_CPU_WEIGHTS_PACKEDPANELS_H

#include "compiler/Codegen/CPU/Weights/WeightPanels.h"

namespace dither {

/// The panels of a matrix with a pattern, a format or both, which meets x in
/// floats.
std::unique_ptr<WeightPanels> makePackedPanels(ContractOp op,
                                               KernelOptions options);

/// Operations of registers of so many lanes that decode codes.
int64_t countDecodeOps(FormatAttrInterface format, int64_t lanes);

/// Elements along K that a full step of a packed matrix covers. It has a
/// pattern or a format.
int64_t getDecodeStep(mlir::RankedTensorType dense,
                      PatternAttrInterface pattern, FormatAttrInterface format);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_WEIGHTS_PACKEDPANELS_H
