//===- PackingTest.cpp - Packed tensors are what they stand for -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include "mlir/AsmParser/AsmParser.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace dither;
using namespace dither::test;

static const std::vector<std::string> patterns = {
    "",
    "#dither.nm<2 : 4>",
    "#dither.nm<1 : 8>",
    "#dither.nm<4 : 4>",
    "#dither.nm<3 : 8, dim = 1>",
    "#dither.unstructured<sparsity = 0.7>",
    "#dither.block<4 x 8, sparsity = 0.5>",
    "#dither.block<8 x 3, sparsity = 0.6>"};
static const std::vector<std::string> formats = {
    "",
    "#dither.int<bits = 8>",
    "#dither.int<bits = 3, group = 8>",
    "#dither.int<bits = 4, group = 16, scale = f16, affine = true>",
    "#dither.int<bits = 2, group = -1, scale = e8m0>",
    "#dither.minifloat<e2m1, group = 32, scale = e8m0>",
    "#dither.minifloat<e4m3>",
    "#dither.minifloat<e3m2, group = 8, scale = f16>",
    "#dither.ternary<group = 0>",
    "#dither.sign<group = 8, scale = f16>",
    "#dither.shift<bits = 3>",
    "#dither.float16<bf16>",
    "#dither.float16<f16>",
    "#dither.onebit<scale = f16>"};
/// Those that are not composed with patterns.
static const std::vector<std::string> vectorFormats = {
    "#dither.codebook<books = 1, index_bits = 8>",
    "#dither.codebook<books = 1, index_bits = 16, scale = f16>",
    "#dither.codebook<books = 2, index_bits = 8>"};

namespace {
struct Representation {
  std::string pattern, format;
};
/// For the messages of the test framework.
void PrintTo(const Representation &r, std::ostream *os) {
  *os << r.pattern << " " << r.format;
}
} // namespace

/// @packed packs and unpacks, @meaning is dither.represent.
static void build(Program &program, const Representation &r,
                  ArrayRef<int64_t> shape) {
  MLIRContext *context = program.getContext();
  ImplicitLocOpBuilder b(UnknownLoc::get(context), context);
  auto type = RankedTensorType::get(shape, b.getF32Type());
  auto parse = [&](const std::string &text) {
    return text.empty() ? Attribute() : parseAttribute(text, context);
  };
  Attribute pattern = parse(r.pattern), format = parse(r.format);
  for (StringRef name : {"packed", "meaning"}) {
    b.setInsertionPointToEnd(program.getModule().getBody());
    auto function =
        func::FuncOp::create(b, name, b.getFunctionType({type}, {type}));
    b.setInsertionPointToStart(function.addEntryBlock());
    Value x = function.getArgument(0), mask;
    if (pattern)
      mask = PatternMaskOp::create(b, pattern, AbsOp::create(b, x));
    Value y;
    if (name == "meaning") {
      y = RepresentOp::create(b, type, x, mask, format, Attribute());
    } else {
      SmallVector<Type> parts;
      for (auto &part : getPackedParts(
               type, dyn_cast_if_present<PatternAttrInterface>(pattern),
               dyn_cast_if_present<FormatAttrInterface>(format)))
        parts.push_back(part.second);
      auto pack = PackOp::create(b, parts, x, mask, pattern, format);
      y = UnpackOp::create(b, type, pack.getParts(), pattern, format);
    }
    func::ReturnOp::create(b, y);
  }
}

class Packing : public testing::TestWithParam<Representation> {};

static void giveBack(const Representation &r, int64_t rows, int64_t columns) {
  Program program("");
  build(program, r, {rows, columns});
  Type type = program.get("packed").getArgumentTypes()[0];
  HostTensor x = makeRandom(type, -3, 3, 1);
  // An all-zero column, and ties.
  for (int64_t i = 0; i < rows; ++i)
    x.set(columns * i, Scalar::of(0));
  x.set(1, x.get(columns + 1));
  Tensors packed = program.run("packed", {x});
  Tensors meaning = program.run("meaning", {x});
  ASSERT_FALSE(packed.empty() || meaning.empty()) << program.diagnostics;
  EXPECT_EQ(toDoubles(packed[0]), toDoubles(meaning[0]));
}

TEST_P(Packing, GivesBackTheRepresentation) { giveBack(GetParam(), 32, 24); }

/// Both extents are padded in memory, the rows to 320, the columns to 32.
TEST_P(Packing, GivesBackWhatIsPadded) { giveBack(GetParam(), 288, 24); }

static std::vector<Representation> getRepresentations() {
  std::vector<Representation> list;
  for (const std::string &pattern : patterns)
    for (const std::string &format : formats)
      if (!pattern.empty() || !format.empty())
        list.push_back({pattern, format});
  for (const std::string &format : vectorFormats)
    list.push_back({"", format});
  return list;
}

INSTANTIATE_TEST_SUITE_P(
    All, Packing, testing::ValuesIn(getRepresentations()),
    [](const testing::TestParamInfo<Representation> &info) {
      std::string name;
      for (char c : info.param.pattern + "_" + info.param.format)
        name += isalnum(c) ? std::string(1, c) : (c == '-' ? "minus" : "_");
      return name;
    });
