//===- Epilogue.h - What follows a product in its kernel ------ -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_SCHEDULES_EPILOGUE_H
#define DITHER_CODEGEN_CPU_SCHEDULES_EPILOGUE_H

#include "compiler/Codegen/CPU/Weights/WeightPanels.h"

namespace dither {

/// Emits elements of the result of a product with an epilogue: of a row, in
/// the columns of a panel, from those of the product.
mlir::Value emitEpilogue(mlir::ImplicitLocOpBuilder &b, ContractOp op,
                         mlir::Value row, Panel panel, mlir::Value product);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_SCHEDULES_EPILOGUE_H
