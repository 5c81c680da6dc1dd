//===- Reference.cpp - What the reference says of a name ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "compiler/Editor/Reference.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include <tuple>

using namespace dither;
using llvm::StringRef;

namespace {
struct Page {
  const char *folder, *text;
};
} // namespace

/// By compiler/CMakeLists.txt.
static constexpr Page pages[] = {
#include "compiler/Editor/Pages.inc"
};

/// "dither.abs" of "`dither.abs` (::dither::AbsOp)"; of an attribute, whose
/// heading is a class of C++, "#dither.nm", of the line that begins its syntax.
static std::string findName(StringRef heading, StringRef body) {
  if (heading.consume_front("`"))
    return heading.split('`').first.str();
  size_t syntax = body.find("\n#dither.");
  if (syntax == StringRef::npos)
    return "";
  return body.drop_front(syntax + 1)
      .take_while([](char c) {
        return llvm::isAlnum(c) || c == '#' || c == '.' || c == '_';
      })
      .str();
}

/// Up to the tables of traits, operands and parameters, which repeat the
/// syntax.
static StringRef dropTables(StringRef body) {
  for (StringRef end :
       {"\nTraits: ", "\nInterfaces: ", "\nEffects: ", "\n#### "})
    body = body.take_front(body.find(end));
  return body.trim();
}

/// Descriptions whose first line is not indented keep the indentation of the
/// others, which would be code.
static std::string unindent(StringRef text) {
  if (!text.contains("\n    ```"))
    return text.str();
  std::string result;
  llvm::SmallVector<StringRef> lines;
  text.split(lines, '\n');
  for (StringRef line : lines) {
    line.consume_front("    ");
    result += (line + "\n").str();
  }
  return result;
}

void dither::addReferencePage(StringRef page, Reference &reference) {
  llvm::SmallVector<StringRef> sections;
  page.split(sections, "\n### ");
  for (StringRef section : llvm::drop_begin(sections)) {
    auto [heading, body] = section.split('\n');
    std::string name = findName(heading, body);
    if (name.empty())
      continue;
    ReferenceEntry entry;
    body = dropTables(body);
    if (body.consume_front("_")) {
      StringRef summary;
      std::tie(summary, body) = body.split("_\n");
      entry.summary = summary.str();
    }
    entry.text = unindent(body.trim());
    reference[name] = std::move(entry);
  }
}

const Reference &dither::getReference() {
  static const Reference reference = [] {
    Reference result;
    for (const Page &page : pages)
      addReferencePage(page.text, result);
    return result;
  }();
  return reference;
}
