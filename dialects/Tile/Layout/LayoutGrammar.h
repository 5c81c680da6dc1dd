//===- LayoutGrammar.h - The text of layouts --------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One grammar for plain text and for attributes: `Parser` is MLIR's AsmParser,
// or a class with those of its methods that are called here.
//
//   layout  ::= inputs `->` outputs
//   inputs  ::= `(` `)` | input (`,` input)*
//   input   ::= name `=` `[` (basis (`,` basis)*)? `]`
//   basis   ::= integer | `[` (integer (`,` integer)*)? `]`
//   outputs ::= `(` `)` | name `:` integer (`,` name `:` integer)*
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TILE_LAYOUT_LAYOUTGRAMMAR_H
#define DITHER_TILE_LAYOUT_LAYOUTGRAMMAR_H

#include "Tile/Layout/LinearLayout.h"

namespace dither::tile {

template <typename Parser> class LayoutGrammar {
public:
  explicit LayoutGrammar(Parser &parser) : parser(parser) {}

  /// What stands there. Whether it is a layout, LinearLayout::fromBases says.
  llvm::LogicalResult parse(llvm::SmallVectorImpl<LinearLayout::Bases> &inputs,
                            llvm::SmallVectorImpl<Dim> &outputs) {
    return llvm::success(succeeded(parseInputs(inputs)) &&
                         succeeded(parser.parseArrow()) &&
                         succeeded(parseOutputs(outputs)));
  }

private:
  /// True after `()`.
  llvm::FailureOr<bool> parseNothing() {
    if (failed(parser.parseOptionalLParen()))
      return false;
    if (failed(parser.parseRParen()))
      return llvm::failure();
    return true;
  }

  template <typename Element> llvm::LogicalResult parseList(Element element) {
    do
      if (failed(element()))
        return llvm::failure();
    while (succeeded(parser.parseOptionalComma()));
    return llvm::success();
  }

  template <typename Element>
  llvm::LogicalResult parseRestOfSquares(Element element) {
    if (succeeded(parser.parseOptionalRSquare()))
      return llvm::success();
    return llvm::success(succeeded(parseList(element)) &&
                         succeeded(parser.parseRSquare()));
  }

  llvm::LogicalResult parseName(std::string &name) {
    llvm::StringRef keyword;
    if (failed(parser.parseKeyword(&keyword)))
      return llvm::failure();
    name = keyword.str();
    return llvm::success();
  }

  llvm::LogicalResult parseBasis(llvm::SmallVectorImpl<uint64_t> &coordinates) {
    auto parseCoordinate = [&]() -> llvm::LogicalResult {
      return parser.parseInteger(coordinates.emplace_back());
    };
    if (failed(parser.parseOptionalLSquare()))
      return parseCoordinate();
    return parseRestOfSquares(parseCoordinate);
  }

  llvm::LogicalResult
  parseInputs(llvm::SmallVectorImpl<LinearLayout::Bases> &inputs) {
    auto nothing = parseNothing();
    if (failed(nothing) || *nothing)
      return nothing;
    return parseList([&]() -> llvm::LogicalResult {
      LinearLayout::Bases &input = inputs.emplace_back();
      if (failed(parseName(input.input)) || failed(parser.parseEqual()) ||
          failed(parser.parseLSquare()))
        return llvm::failure();
      return parseRestOfSquares(
          [&] { return parseBasis(input.coordinates.emplace_back()); });
    });
  }

  llvm::LogicalResult parseOutputs(llvm::SmallVectorImpl<Dim> &outputs) {
    auto nothing = parseNothing();
    if (failed(nothing) || *nothing)
      return nothing;
    return parseList([&]() -> llvm::LogicalResult {
      Dim &output = outputs.emplace_back();
      return llvm::success(succeeded(parseName(output.name)) &&
                           succeeded(parser.parseColon()) &&
                           succeeded(parser.parseInteger(output.size)));
    });
  }

  Parser &parser;
};

} // namespace dither::tile

#endif // DITHER_TILE_LAYOUT_LAYOUTGRAMMAR_H
