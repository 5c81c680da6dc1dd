//===- Libraries.h - Files that models import -------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DITHER_COMPILER_TRANSFORMS_INSTANTIATE_LIBRARIES_H
#define DITHER_COMPILER_TRANSFORMS_INSTANTIATE_LIBRARIES_H

#include "Dither/IR/Dither.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringMap.h"

namespace dither {

/// The files that a module imports, and those that they import. Each is read
/// once.
class Libraries {
public:
  explicit Libraries(llvm::ArrayRef<std::string> folders) : folders(folders) {}

  /// Reads what is imported, or fails with diagnostics.
  llvm::LogicalResult read(mlir::ModuleOp module);

  /// The contents of a file that was read.
  mlir::ModuleOp get(ImportOp import) const { return imported.lookup(import); }

private:
  llvm::LogicalResult readImports(mlir::ModuleOp module);
  llvm::LogicalResult readImport(ImportOp import);
  llvm::FailureOr<std::string> find(ImportOp import) const;
  llvm::LogicalResult checkNotActive(ImportOp import, llvm::StringRef path);
  llvm::FailureOr<mlir::ModuleOp> parse(ImportOp import, llvm::StringRef path);

  llvm::ArrayRef<std::string> folders;
  llvm::StringMap<mlir::OwningOpRef<mlir::ModuleOp>> modules;
  llvm::DenseMap<mlir::Operation *, mlir::ModuleOp> imported;
  /// The files whose imports are being read, each imported by the one before.
  llvm::SmallVector<std::string> active;
};

} // namespace dither

#endif // DITHER_COMPILER_TRANSFORMS_INSTANTIATE_LIBRARIES_H
