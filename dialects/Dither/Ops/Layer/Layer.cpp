//===- Layer.cpp - Layers that models share -------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What can be said without reading a file; `dither-instantiate` says the rest.
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

LogicalResult ImportOp::verify() {
  if (getPath().trim().empty())
    return emitOpError("(C1) names no file; a path such as \"layers.mlir\" is "
                       "needed");
  return success();
}

Operation *dither::lookupOutwards(Operation *from, StringAttr name) {
  for (Operation *table = from; table; table = table->getParentOp())
    if (table->hasTrait<OpTrait::SymbolTable>())
      if (Operation *found = SymbolTable::lookupSymbolIn(table, name))
        return found;
  return nullptr;
}

LogicalResult InstanceOp::verifySymbolUses(SymbolTableCollection &) {
  SymbolRefAttr layer = getLayer();
  Operation *root =
      lookupOutwards((*this)->getParentOp(), layer.getRootReference());
  if (!root)
    return emitOpError("(C1) finds no layer ")
           << layer << "; declare @" << layer.getRootReference().getValue()
           << " with dither.model, or with dither.import if it is a library";
  bool isNested = !layer.getNestedReferences().empty();
  if (isa<ImportOp>(root)) {
    if (layer.getNestedReferences().size() != 1)
      return emitOpError("(C1) is of ")
             << layer << ", which is a library; name a layer of it, such as "
             << SymbolRefAttr::get(
                    layer.getRootReference(),
                    {FlatSymbolRefAttr::get(getContext(), "layer")});
    return success();
  }
  if (isNested || !isa<ModelOp>(root)) {
    auto diagnostic = emitOpError("(C1) is of ")
                      << layer
                      << ", which is no layer: a layer is a dither.model";
    diagnostic.attachNote(root->getLoc()) << "this is what the name stands for";
    return diagnostic;
  }
  return success();
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &) {
  SymbolRefAttr callee = getCallee();
  if (callee.getNestedReferences().size() != 1)
    return emitOpError("(C1) calls ")
           << callee
           << ", which is not @instance::@function or @import::@function; "
              "func.call calls functions of the model itself";
  auto model = (*this)->getParentOfType<ModelOp>();
  if (!model)
    return emitOpError("(C1) stands outside of a model; instances and imports "
                       "belong to the dither.model around the function");
  Operation *root =
      SymbolTable::lookupSymbolIn(model, callee.getRootReference());
  if (isa_and_present<InstanceOp, ImportOp>(root))
    return success();
  auto diagnostic = emitOpError("(C1) calls ")
                    << callee << ", but the model has no instance or import @"
                    << callee.getRootReference().getValue()
                    << "; declare it with dither.instance or dither.import";
  if (root)
    diagnostic.attachNote(root->getLoc()) << "the name stands for this";
  return diagnostic;
}
