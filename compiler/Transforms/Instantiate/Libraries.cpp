//===- Libraries.cpp - Files that models import ---------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "compiler/Transforms/Instantiate/Libraries.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace dither;

namespace path = llvm::sys::path;

/// The file that an op was read from, as it was named; empty if it was not.
static StringRef getFile(Operation *op) {
  auto location = op->getLoc()->findInstanceOf<FileLineColLoc>();
  return location ? location.getFilename().getValue() : StringRef();
}

/// One name for each file, whatever way leads to it.
static std::string getIdentity(StringRef file) {
  SmallString<128> real;
  return llvm::sys::fs::real_path(file, real) ? file.str() : real.str().str();
}

FailureOr<std::string> Libraries::find(ImportOp import) const {
  SmallVector<std::string> folders;
  if (path::is_absolute(import.getPath()))
    folders.push_back("");
  else {
    folders.push_back(path::parent_path(getFile(import)).str());
    llvm::append_range(folders, this->folders);
  }
  for (const std::string &folder : folders) {
    SmallString<128> file(folder);
    path::append(file, import.getPath());
    if (llvm::sys::fs::exists(file))
      return file.str().str();
  }
  auto diagnostic = import.emitOpError("(C2) finds no file \"")
                    << import.getPath() << "\"";
  if (!path::is_absolute(import.getPath())) {
    diagnostic << " in ";
    llvm::interleaveComma(folders, diagnostic, [&](const std::string &folder) {
      diagnostic << (folder.empty() ? "the current folder"
                                    : "'" + folder + "'");
    });
    diagnostic << "; correct the path, or name its folder with --import-path";
  }
  return diagnostic;
}

LogicalResult Libraries::checkNotActive(ImportOp import, StringRef file) {
  if (!llvm::is_contained(active, file))
    return success();
  auto diagnostic = import.emitOpError("(C3) closes a circle of imports: ");
  for (const std::string &each :
       llvm::make_range(llvm::find(active, file), active.end()))
    diagnostic << path::filename(each) << " -> ";
  return diagnostic << path::filename(file)
                    << "; move what both need to a file of its own";
}

FailureOr<ModuleOp> Libraries::parse(ImportOp import, StringRef file) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return import.emitOpError("(C2) cannot read '")
           << file << "': " << buffer.getError().message();
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(*buffer), llvm::SMLoc());
  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(sources, import.getContext());
  if (!module)
    return import.emitOpError("(C2) takes '")
           << file << "', which has an error of its own: see there";
  ModuleOp result = *module;
  modules[getIdentity(file)] = std::move(module);
  return result;
}

LogicalResult Libraries::readImport(ImportOp import) {
  FailureOr<std::string> file = find(import);
  if (failed(file))
    return failure();
  std::string identity = getIdentity(*file);
  if (failed(checkNotActive(import, identity)))
    return failure();
  if (auto known = modules.find(identity); known != modules.end()) {
    imported[import] = *known->second;
    return success();
  }
  FailureOr<ModuleOp> module = parse(import, *file);
  if (failed(module))
    return failure();
  imported[import] = *module;
  active.push_back(identity);
  LogicalResult result = readImports(*module);
  active.pop_back();
  return result;
}

LogicalResult Libraries::readImports(ModuleOp module) {
  WalkResult result = module.walk(
      [&](ImportOp import) { return WalkResult(readImport(import)); });
  return failure(result.wasInterrupted());
}

LogicalResult Libraries::read(ModuleOp module) {
  active = {getIdentity(getFile(module))};
  return readImports(module);
}
