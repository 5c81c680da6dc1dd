//===- Dither.h - The Dither dialect ----------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_IR_DITHER_H
#define DITHER_IR_DITHER_H

#include "Dither/Interfaces/EstimatorContext.h"
#include "Dither/Interfaces/Expectation.h"
#include "Dither/Interfaces/HostTensor.h"
#include "Dither/Interfaces/IntegerCodes.h"
#include "Dither/Interfaces/Regions.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "Dither/AttrInterfaces.h.inc"
#include "Dither/OpInterfaces.h.inc"

#include "Dither/Dialect.h.inc"

#include "Dither/Enums.h.inc"
#include "Dither/OpEnums.h.inc"

namespace dither {
class ScaleGroups; // Dither/Formats/Support/Scales.h
} // namespace dither

#define GET_ATTRDEF_CLASSES
#include "Dither/Attrs.h.inc"

#include "Dither/IR/OpSupport.h"

#define GET_OP_CLASSES
#include "Dither/Ops.h.inc"

namespace dither {
/// What a name stands for in the innermost symbol table around or at `from`
/// that has it: a layer sees those that stand beside it. Null if none has.
mlir::Operation *lookupOutwards(mlir::Operation *from, mlir::StringAttr name);

/// The adaptor for type inference. While an op is parsed, its attributes are in
/// the dictionary and not yet in the properties: both are looked at.
template <typename Op>
typename Op::Adaptor makeInferenceAdaptor(mlir::ValueRange operands,
                                          mlir::DictionaryAttr attributes,
                                          mlir::OpaqueProperties properties,
                                          mlir::RegionRange regions) {
  typename Op::Properties merged;
  if (properties)
    merged = *properties.as<typename Op::Properties *>();
  if (attributes)
    for (mlir::NamedAttribute attribute : attributes)
      Op::setInherentAttr(merged, attribute.getName(), attribute.getValue());
  return typename Op::Adaptor(operands, attributes, merged, regions);
}

/// Fails where an attribute that the op needs is missing: types are inferred
/// before the op itself is verified.
template <typename Adaptor>
llvm::LogicalResult verifyAttributes(Adaptor &adaptor,
                                     std::optional<mlir::Location> location) {
  if (adaptor.getOperands().empty())
    return llvm::success();
  mlir::MLIRContext *context = adaptor.getOperands().front().getContext();
  return adaptor.verify(
      location.value_or(mlir::Location(mlir::UnknownLoc::get(context))));
}
} // namespace dither

#endif // DITHER_IR_DITHER_H
