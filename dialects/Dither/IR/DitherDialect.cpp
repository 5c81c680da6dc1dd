//===- DitherDialect.cpp - The Dither dialect -----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Formats/Support/Scales.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace dither;

#include "Dither/Dialect.cpp.inc"

#include "Dither/AttrInterfaces.cpp.inc"
#include "Dither/Enums.cpp.inc"
#include "Dither/OpEnums.cpp.inc"
#include "Dither/OpInterfaces.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "Dither/Attrs.cpp.inc"

#define GET_OP_CLASSES
#include "Dither/Ops.cpp.inc"

namespace {
/// Loss functions call forward functions: everything may be inlined.
struct DitherInlinerInterface : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final {
    return true;
  }
};
} // namespace

void DitherDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "Dither/Attrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "Dither/Ops.cpp.inc"
      >();
  addInterfaces<DitherInlinerInterface>();
}

Operation *DitherDialect::materializeConstant(OpBuilder &b, Attribute value,
                                              Type type, Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getShapedType() != type)
    return nullptr;
  return ConstantOp::create(b, loc, elements);
}
