//===- Products.h - The products of a model, alone --------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_PRODUCTS_H
#define DITHER_TOOLS_DITHER_PRODUCTS_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Whether a core op is a product, which becomes a kernel.
bool isProduct(mlir::Operation *op);

/// Whether a product takes places of listed elements or blocks. Those must
/// exist: they cannot be random.
bool hasPlaces(mlir::Operation *op);

/// A model of which each function is one product, to be timed alone.
class ProductModel {
public:
  explicit ProductModel(mlir::MLIRContext *context);
  /// Adds a function that does what an op does, and gives its name.
  std::string add(mlir::Operation *op);
  mlir::ModuleOp getModule() { return *module; }

private:
  mlir::OwningOpRef<mlir::ModuleOp> module;
  ModelOp model;
  int64_t count = 0;
};

} // namespace dither

#endif // DITHER_TOOLS_DITHER_PRODUCTS_H
