//===- Variants.cpp - Functions with other extents ------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Check/Variants.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include <set>

using namespace mlir;
using namespace dither;

LogicalResult dither::inferResults(Operation *op,
                                   function_ref<Type(Value)> otherwise) {
  SmallVector<Type> types;
  if (auto infer = dyn_cast<InferTypeOpInterface>(op)) {
    if (failed(infer.inferReturnTypes(
            op->getContext(), op->getLoc(), op->getOperands(),
            op->getDiscardableAttrDictionary(), op->getPropertiesStorage(),
            op->getRegions(), types)))
      return failure();
  } else {
    for (Value result : op->getResults())
      types.push_back(otherwise(result));
  }
  for (auto [result, type] : llvm::zip_equal(op->getResults(), types))
    result.setType(type);
  return success();
}

void dither::updateType(func::FuncOp function) {
  Block &body = function.getBody().front();
  function.setFunctionType(FunctionType::get(
      function.getContext(), TypeRange(body.getArgumentTypes()),
      TypeRange(body.getTerminator()->getOperandTypes())));
}

Type dither::replaceExtents(Type type, function_ref<int64_t(int64_t)> replace) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return type;
  SmallVector<int64_t> shape(tensor.getShape());
  for (int64_t &extent : shape)
    if (!ShapedType::isDynamic(extent))
      extent = replace(extent);
  return tensor.clone(shape);
}

std::vector<int64_t> dither::getExtents(func::FuncOp function) {
  std::set<int64_t> extents;
  for (Type type : function.getArgumentTypes())
    for (int64_t extent : cast<RankedTensorType>(type).getShape())
      if (!ShapedType::isDynamic(extent))
        extents.insert(extent);
  return {extents.begin(), extents.end()};
}

/// Constants of one value are stretched; others have the shape that they have.
static LogicalResult resizeOp(Operation *op, function_ref<Type(Type)> replace) {
  if (auto constant = dyn_cast<ConstantOp>(op)) {
    auto splat = dyn_cast<SplatElementsAttr>(constant.getValue());
    auto type = cast<RankedTensorType>(replace(constant.getType()));
    if (type == constant.getType())
      return success();
    if (!splat)
      return failure();
    constant.setValueAttr(
        SplatElementsAttr::get(type, splat.getSplatValue<Attribute>()));
    constant.getResult().setType(type);
    return success();
  }
  for (NamedAttribute attr : op->getAttrs())
    if (auto type = dyn_cast<TypeAttr>(attr.getValue()))
      op->setAttr(attr.getName(), TypeAttr::get(replace(type.getValue())));
  return inferResults(op,
                      [&](Value result) { return replace(result.getType()); });
}

OwningOpRef<func::FuncOp>
dither::resize(func::FuncOp function, function_ref<int64_t(int64_t)> extent) {
  auto replace = [&](Type type) { return replaceExtents(type, extent); };
  OwningOpRef<func::FuncOp> clone = function.clone();
  ScopedDiagnosticHandler silence(function.getContext(),
                                  [](Diagnostic &) { return success(); });
  for (BlockArgument argument : clone->getArguments())
    argument.setType(replace(argument.getType()));
  for (Operation &op : clone->getBody().front().without_terminator())
    if (failed(resizeOp(&op, replace)))
      return {};
  updateType(*clone);
  if (failed(verify(*clone)))
    return {};
  return clone;
}

std::vector<OwningOpRef<func::FuncOp>>
dither::makeVariants(func::FuncOp function) {
  std::vector<OwningOpRef<func::FuncOp>> variants;
  variants.push_back(function.clone());
  auto add = [&](function_ref<int64_t(int64_t)> replace) {
    if (auto variant = resize(function, replace))
      variants.push_back(std::move(variant));
  };
  // Extents of 1 stretch: they are no numbers.
  std::vector<int64_t> own = getExtents(function);
  llvm::erase(own, 1);
  for (int64_t to : {0, 1, 11})
    for (int64_t from : own)
      if (from != to)
        add([&](int64_t extent) { return extent == from ? to : extent; });
  if (own.size() > 1)
    for (int64_t to : {0, 1})
      add([&](int64_t extent) { return extent == 1 ? extent : to; });
  return variants;
}
