//===- Arguments.cpp - What an argument is --------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Transforms/BindParameters/Arguments.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace dither;

static DictionaryAttr describe(Builder b, StringRef kind, StringRef name) {
  SmallVector<NamedAttribute> attrs = {
      b.getNamedAttr(kindAttr, b.getStringAttr(kind))};
  if (!name.empty())
    attrs.push_back(b.getNamedAttr(nameAttr, b.getStringAttr(name)));
  return b.getDictionaryAttr(attrs);
}

static std::string chooseName(BlockArgument argument) {
  if (auto named = dyn_cast<NameLoc>(argument.getLoc()))
    return named.getName().str();
  return "arg" + std::to_string(argument.getArgNumber());
}

void dither::nameInputs(func::FuncOp function) {
  Builder b(function.getContext());
  for (BlockArgument argument : function.getArguments()) {
    unsigned i = argument.getArgNumber();
    if (function.getArgAttr(i, kindAttr))
      continue;
    function.setArgAttr(i, kindAttr, b.getStringAttr(inputKind));
    if (!function.getArgAttr(i, nameAttr))
      function.setArgAttr(i, nameAttr, b.getStringAttr(chooseName(argument)));
  }
}

void dither::nameResults(func::FuncOp function) {
  Builder b(function.getContext());
  for (unsigned i = 0; i < function.getNumResults(); ++i)
    if (!function.getResultAttr(i, nameAttr) &&
        !function.getResultAttr(i, updatesAttr))
      function.setResultAttr(i, nameAttr, b.getStringAttr(std::to_string(i)));
}

static BlockArgument insertArgument(func::FuncOp function, unsigned index,
                                    Type type, StringRef kind, StringRef name,
                                    Location loc) {
  [[maybe_unused]] LogicalResult inserted = function.insertArgument(
      index, type, describe(Builder(function.getContext()), kind, name), loc);
  assert(succeeded(inserted) && "functions take any argument");
  return function.getArgument(index);
}

BlockArgument dither::findRng(func::FuncOp function) {
  for (BlockArgument argument : function.getArguments()) {
    auto kind = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(),
                                                      kindAttr);
    if (kind && kind == rngKind)
      return argument;
  }
  return {};
}

BlockArgument dither::addArgument(func::FuncOp function, Type type,
                                  StringRef kind, StringRef name,
                                  Location loc) {
  BlockArgument rng = findRng(function);
  unsigned index = rng ? rng.getArgNumber() : function.getNumArguments();
  Location named =
      NameLoc::get(StringAttr::get(function.getContext(), name), loc);
  return insertArgument(function, index, type, kind, name, named);
}

BlockArgument dither::getOrAddRng(func::FuncOp function) {
  if (BlockArgument rng = findRng(function))
    return rng;
  auto type =
      RankedTensorType::get({2}, IntegerType::get(function.getContext(), 64));
  return insertArgument(function, function.getNumArguments(), type, rngKind, "",
                        function.getLoc());
}

Value dither::buildStep(ImplicitLocOpBuilder &b, Value rng) {
  Value step =
      SliceOp::create(b, rng, b.getDenseI64ArrayAttr({1}),
                      b.getDenseI64ArrayAttr({1}), b.getDenseI64ArrayAttr({1}));
  return buildReshape(b, step, {});
}

LogicalResult dither::checkNames(func::FuncOp function) {
  llvm::StringMap<unsigned> seen;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    auto name = function.getArgAttrOfType<StringAttr>(i, nameAttr);
    if (!name)
      continue;
    auto [entry, isNew] = seen.try_emplace(name, i);
    if (!isNew)
      return function.emitError("has the name ")
             << name << " for its arguments " << entry->second << " and " << i
             << "; give the input another dither.name";
  }
  return success();
}
