//===- Tile.cpp - The tile dialect ----------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/IR/Tile.h"
#include "Tile/Layout/LayoutGrammar.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace dither::tile;

#include "Tile/Dialect.cpp.inc"

/// `16x8xf32`.
static ParseResult parseTileShape(AsmParser &parser,
                                  SmallVectorImpl<int64_t> &shape,
                                  Type &element) {
  return failure(parser.parseDimensionList(shape, /*allowDynamic=*/false) ||
                 parser.parseType(element));
}
static void printTileShape(AsmPrinter &printer, ArrayRef<int64_t> shape,
                           Type element) {
  printer.printDimensionList(shape);
  printer << 'x' << element;
}

#define GET_ATTRDEF_CLASSES
#include "Tile/Attrs.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "Tile/Types.cpp.inc"

#define GET_OP_CLASSES
#include "Tile/Ops.cpp.inc"

void TileDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "Tile/Types.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "Tile/Ops.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "Tile/Attrs.cpp.inc"
      >();
}

Attribute LinearAttr::parse(AsmParser &parser, Type) {
  SMLoc loc = parser.getCurrentLocation();
  SmallVector<LinearLayout::Bases> inputs;
  SmallVector<Dim> outputs;
  if (parser.parseLess() ||
      failed(LayoutGrammar<AsmParser>(parser).parse(inputs, outputs)) ||
      parser.parseGreater())
    return {};
  // No layout breaks a constraint, so there is nothing left to verify.
  std::string reason;
  FailureOr<LinearLayout> layout =
      LinearLayout::fromBases(inputs, outputs, reason);
  if (succeeded(layout))
    return LinearAttr::get(parser.getContext(), *layout);
  parser.emitError(loc, reason);
  return {};
}

void LinearAttr::print(AsmPrinter &printer) const {
  printer << '<' << getLayout().str() << '>';
}
