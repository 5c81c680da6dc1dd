//===- LayoutText.cpp - Layouts as text -----------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/Layout/LayoutGrammar.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace dither::tile;

void LinearLayout::print(raw_ostream &os) const {
  auto printBasis = [&](ArrayRef<uint64_t> coordinates) {
    // A single output needs no brackets.
    if (coordinates.size() == 1) {
      os << coordinates.front();
      return;
    }
    os << '[';
    interleaveComma(coordinates, os);
    os << ']';
  };
  if (inputs.empty())
    os << "()";
  interleaveComma(inputs, os, [&](const Dim &input) {
    os << input.name << " = [";
    interleaveComma(seq(input.getBits()), os, [&](unsigned bit) {
      printBasis(getBasis(input.name, bit));
    });
    os << ']';
  });
  os << " -> ";
  if (outputs.empty())
    os << "()";
  interleaveComma(outputs, os, [&](const Dim &output) {
    os << output.name << ": " << output.size;
  });
}

std::string LinearLayout::str() const {
  std::string text;
  raw_string_ostream os(text);
  print(os);
  return text;
}

namespace {
/// The methods of MLIR's AsmParser that the grammar calls, over a string.
class TextParser {
public:
  TextParser(StringRef text, std::string &reason)
      : text(text), rest(text), reason(reason) {}

  LogicalResult parseArrow() { return expect("->"); }
  LogicalResult parseColon() { return expect(":"); }
  LogicalResult parseEqual() { return expect("="); }
  LogicalResult parseRParen() { return expect(")"); }
  LogicalResult parseLSquare() { return expect("["); }
  LogicalResult parseRSquare() { return expect("]"); }
  LogicalResult parseOptionalComma() { return accept(","); }
  LogicalResult parseOptionalLParen() { return accept("("); }
  LogicalResult parseOptionalLSquare() { return accept("["); }
  LogicalResult parseOptionalRSquare() { return accept("]"); }

  LogicalResult parseKeyword(StringRef *keyword) {
    rest = rest.ltrim();
    *keyword = rest.take_while([](char c) { return isAlnum(c) || c == '_'; });
    if (keyword->empty() || isDigit(keyword->front()))
      return fail("a name");
    rest = rest.drop_front(keyword->size());
    return success();
  }

  LogicalResult parseInteger(uint64_t &value) {
    rest = rest.ltrim();
    return rest.consumeInteger(10, value) ? fail("a number") : success();
  }

  LogicalResult parseEnd() {
    return rest.trim().empty() ? success() : fail("the end");
  }

private:
  LogicalResult accept(StringRef token) {
    rest = rest.ltrim();
    return success(rest.consume_front(token));
  }
  LogicalResult expect(StringRef token) {
    return succeeded(accept(token)) ? success() : fail("'" + token.str() + "'");
  }
  LogicalResult fail(const std::string &expected) {
    reason = "expected " + expected + " at character " +
             std::to_string(text.size() - rest.size() + 1);
    return failure();
  }

  StringRef text, rest;
  std::string &reason;
};
} // namespace

FailureOr<LinearLayout> LinearLayout::parse(StringRef text,
                                            std::string &reason) {
  SmallVector<Bases> inputs;
  SmallVector<Dim> outputs;
  TextParser parser(text, reason);
  if (failed(LayoutGrammar<TextParser>(parser).parse(inputs, outputs)) ||
      failed(parser.parseEnd()))
    return failure();
  return fromBases(inputs, outputs, reason);
}
