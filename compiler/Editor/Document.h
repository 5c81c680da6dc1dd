//===- Document.h - What an editor asks about a model -----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DITHER_COMPILER_EDITOR_DOCUMENT_H
#define DITHER_COMPILER_EDITOR_DOCUMENT_H

#include "compiler/Explain/Explain.h"

namespace dither {

/// An error or a warning of a pass. Lines and columns count from 1.
struct Finding {
  bool isError = true;
  SourcePlace place;
  /// Of the name at the place.
  size_t length = 1;
  std::string message;
  std::vector<std::pair<SourcePlace, std::string>> notes;
};

/// What can be typed next.
struct Completion {
  std::string name, summary, text;
  /// Whether it is what the place asks for, such as a pattern after `pattern
  /// =`.
  bool isExpected = false;
};

/// The text of a file as an editor has it.
class Document {
public:
  Document(mlir::MLIRContext *context, std::string file, std::string text,
           std::vector<std::string> importFolders)
      : context(context), file(std::move(file)), text(std::move(text)),
        importFolders(std::move(importFolders)) {}

  /// What is wrong with a model that can be parsed: its imports, its
  /// derivatives, whatever stands in the way of compiling it. Nothing of a file
  /// that cannot be, or is no model: a library, or a test.
  std::vector<Finding> check();

  /// Markdown about the op or the attribute at a place: what it means, the
  /// shapes of this one, what the compiler makes of it. Empty if there is none.
  std::string describe(unsigned line, unsigned column);

  /// Ops after `dither.`, attributes after `#dither.`, without these prefixes.
  std::vector<Completion> complete(unsigned line, unsigned column);

private:
  llvm::StringRef getLine(unsigned line) const;
  llvm::StringRef getWord(unsigned line, unsigned column) const;
  std::string describeOp(unsigned line, unsigned column);
  std::string explain(mlir::Operation *op);
  const ModelReport *getReport();

  mlir::MLIRContext *context;
  std::string file, text;
  std::vector<std::string> importFolders;
  /// Made when it is first asked for.
  std::optional<llvm::FailureOr<ModelReport>> report;
};

} // namespace dither

#endif // DITHER_COMPILER_EDITOR_DOCUMENT_H
