//===- Products.cpp - The products of a model, alone ----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Products.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace dither;

bool dither::isProduct(Operation *op) {
  return isa<MatmulOp, PackedMatmulOp, SampledMatmulOp>(op);
}

bool dither::hasPlaces(Operation *op) {
  auto packed = dyn_cast<PackedMatmulOp>(op);
  return isa<SampledMatmulOp>(op) ||
         (packed &&
          isa_and_present<ListPatternAttrInterface, BlockPatternAttrInterface>(
              packed.getPatternAttr()));
}

ProductModel::ProductModel(MLIRContext *context) {
  OpBuilder b(context);
  module = ModuleOp::create(b.getUnknownLoc());
  b.setInsertionPointToStart(module->getBody());
  model = ModelOp::create(b, b.getUnknownLoc(), "products");
  model.getBody().emplaceBlock();
}

std::string ProductModel::add(Operation *op) {
  std::string name = "product" + std::to_string(count++);
  OpBuilder b = OpBuilder::atBlockEnd(&model.getBody().front());
  auto type = b.getFunctionType(op->getOperandTypes(), op->getResultTypes());
  auto function = func::FuncOp::create(b, op->getLoc(), name, type);
  b.setInsertionPointToStart(function.addEntryBlock());
  IRMapping mapping;
  for (auto [operand, argument] :
       llvm::zip_equal(op->getOperands(), function.getArguments()))
    mapping.map(operand, argument);
  func::ReturnOp::create(b, op->getLoc(), b.clone(*op, mapping)->getResults());
  return name;
}
