//===- Reference.h - What the reference says of a name ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pages of docs/reference on ops and attributes are part of the compiler,
// so that an editor shows them without a file beside it.
//
//===----------------------------------------------------------------------===//
#ifndef DITHER_COMPILER_EDITOR_REFERENCE_H
#define DITHER_COMPILER_EDITOR_REFERENCE_H

#include "llvm/ADT/StringRef.h"
#include <map>
#include <string>

namespace dither {

struct ReferenceEntry {
  std::string summary;
  /// Markdown: syntax, meaning, examples, constraints.
  std::string text;
};

/// Entries by name: "dither.linear" is an op, "#dither.nm" an attribute.
using Reference = std::map<std::string, ReferenceEntry, std::less<>>;

const Reference &getReference();

/// Adds the entries of a page in the layout of mlir-tblgen.
void addReferencePage(llvm::StringRef page, Reference &reference);

} // namespace dither

#endif // DITHER_COMPILER_EDITOR_REFERENCE_H
