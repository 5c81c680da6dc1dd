//===- Tile.h - The tile dialect --------------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TILE_IR_TILE_H
#define DITHER_TILE_IR_TILE_H

#include "Tile/Layout/LinearLayout.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "Tile/Dialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "Tile/Attrs.h.inc"

#define GET_TYPEDEF_CLASSES
#include "Tile/Types.h.inc"

#define GET_OP_CLASSES
#include "Tile/Ops.h.inc"

namespace dither::tile {

/// Whether TMA reads a matrix: elements of a row are side by side, and all rows
/// are known to begin at multiples of 16 bytes of its buffer.
bool isForTma(mlir::MemRefType matrix);

} // namespace dither::tile

#endif // DITHER_TILE_IR_TILE_H
