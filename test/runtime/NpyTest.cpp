//===- NpyTest.cpp - Arrays in files of numpy -----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Npy.h"

#include "Support.h"

#include <cstring>

using namespace dither::runtime;
using namespace dither::test;

namespace {
std::string file(const std::string &header, size_t dataSize, char major = 1) {
  std::string bytes = std::string("\x93NUMPY") + major + '\0';
  bytes += static_cast<char>(header.size() & 0xff);
  bytes += static_cast<char>(header.size() >> 8);
  if (major > 1)
    bytes += std::string(2, '\0');
  return bytes + header + std::string(dataSize, '\1');
}

Expected<NpyArray> parse(const std::string &bytes) {
  return parseNpy(bytesOf(bytes));
}

std::string header(const std::string &descr, const std::string &shape) {
  return "{'descr': '" + descr +
         "', 'fortran_order': False, 'shape': " + shape + ", }";
}

TEST(Npy, ReadsAllVersions) {
  for (char major : {1, 2, 3}) {
    std::string bytes = file(header("<f4", "(2, 3)"), 24, major);
    Expected<NpyArray> array = parse(bytes);
    ASSERT_TRUE(array) << array.error().message();
    EXPECT_EQ(array->element, Element::F32);
    EXPECT_EQ(array->shape, (std::vector<int64_t>{2, 3}));
    EXPECT_EQ(array->bytes.size, 24u);
  }
}

TEST(Npy, ReadsAllTypes) {
  const std::pair<const char *, Element> types[] = {
      {"<f8", Element::F64}, {"<f4", Element::F32}, {"<f2", Element::F16},
      {"|i1", Element::I8},  {"<i4", Element::I32}, {"<i8", Element::I64},
      {"|u1", Element::U8},  {"|b1", Element::I1},  {"<i2", Element::I16}};
  for (auto [descr, element] : types) {
    std::string bytes = file(header(descr, "(3,)"), 3 * elementSize(element));
    Expected<NpyArray> array = parse(bytes);
    ASSERT_TRUE(array) << array.error().message();
    EXPECT_EQ(array->element, element);
  }
}

TEST(Npy, ReadsOddSpellings) {
  for (const char *text :
       {"{\"shape\":(),\"descr\":\"<f4\",\"fortran_order\":False}",
        " { 'shape' : ( 1L , 1 ) , 'fortran_order' : False,'descr':'<f4'}\n\n",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1), }"}) {
    std::string bytes = file(text, 4);
    Expected<NpyArray> array = parse(bytes);
    EXPECT_TRUE(array) << array.error().message();
  }
}

struct Case {
  std::string bytes;
  const char *message;

  // Names the test; gtest would print the bytes, addresses among them.
  friend void PrintTo(const Case &param, std::ostream *os) {
    *os << param.message;
  }
};

class NpyErrors : public testing::TestWithParam<Case> {};

TEST_P(NpyErrors, AreNamed) {
  EXPECT_TRUE(failsWith(parse(GetParam().bytes), GetParam().message));
}

std::string good() { return header("<f4", "(2,)"); }
std::string replaced(std::string text, const char *from, const char *to) {
  return text.replace(text.find(from), std::string(from).size(), to);
}

INSTANTIATE_TEST_SUITE_P(
    All, NpyErrors,
    testing::Values(
        Case{"", "not a .npy file"}, Case{"PK\3\4 a zip archive", "not a .npy"},
        Case{file(good(), 8, 4), "version 4.0"},
        Case{file(good(), 7), "has 7 bytes of data"},
        Case{file(good(), 9), "has 9 bytes of data"},
        Case{file(replaced(good(), "False", "True"), 8), "Fortran order"},
        Case{file(replaced(good(), "False", "None"), 8), "no boolean"},
        Case{file(replaced(good(), "<f4", ">f4"), 8), "big endian"},
        Case{file(replaced(good(), "<f4", "<c8"), 8), "'<c8'"},
        Case{file(replaced(good(), "<f4", "|O"), 8), "'|O'"},
        Case{file(replaced(good(), "'<f4'", "[('a', '<f4')]"), 8), "records"},
        Case{file(replaced(good(), "'<f4'", "4"), 8), "no string"},
        Case{file(replaced(good(), "(2,)", "2"), 8), "no tuple"},
        Case{file(replaced(good(), "(2,)", "(-2,)"), 8), "no size"},
        Case{file(replaced(good(), "(2,)", "(2 3)"), 8), "without ')'"},
        Case{file(replaced(good(), "(2,)", "(9999999999999999999,)"), 8),
             "too large"},
        Case{file(replaced(good(), "(2,)", "(0, 99999999999999999, 99)"), 0),
             "too large"},
        Case{file(replaced(good(), "(2,)",
                           "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
                           "1,1,1,1,1,1,1,1,1)"),
                  4),
             "more dimensions"},
        Case{file(replaced(good(), "descr", "desk"), 8), "'desk'"},
        Case{file(replaced(good(), "{", "{'shape': (),"), 4), "repeated key"},
        Case{file(replaced(good(), "{", ""), 8), "does not begin with"},
        Case{file(replaced(good(), ", }", "} 1"), 8), "goes on"},
        Case{file(replaced(good(), ", }", ""), 8), "lacks ',' or '}'"},
        Case{file("{}", 8), "lacks 'descr'"},
        Case{file("{'descr", 8), "string without end"},
        Case{file("{'descr' 3}", 8), "lacks ':'"},
        Case{file(header("|b1", "(1,)"), 0) + "\2", "neither 0 nor 1"}));

TEST(Npy, RefusesEveryCutFile) {
  for (char major : {1, 2}) {
    std::string bytes = file(good(), 8, major);
    for (size_t size = 0; size < bytes.size(); ++size)
      EXPECT_FALSE(parse(bytes.substr(0, size))) << size;
  }
}

TEST(Npy, SurvivesEveryFlippedBit) {
  std::string bytes = file(good(), 8);
  for (size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ 1 << bit);
      Expected<NpyArray> array = parse(damaged);
      EXPECT_TRUE(array || !array.error().message().empty());
    }
}

TEST(Npy, RoundTrip) {
  TempFolder folder;
  std::vector<float> values = {1.5f, -2, 3e30f, 0, 5, 6};
  Bytes bytes{reinterpret_cast<const uint8_t *>(values.data()), 24};
  for (const std::vector<int64_t> &shape :
       {std::vector<int64_t>{6}, {2, 3}, {1, 6, 1}, {}}) {
    NpyArray array{Element::F32, shape, {bytes.data, shape.empty() ? 4u : 24}};
    std::string path = folder.path("x.npy");
    ASSERT_FALSE(writeNpy(path, array));
    Expected<NpyFile> read = readNpy(path);
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->view.shape, shape);
    EXPECT_EQ(memcmp(read->view.bytes.data, bytes.data, array.bytes.size), 0);
    EXPECT_EQ((readBytes(path).size() - array.bytes.size) % 64, 0u);
  }
  EXPECT_EQ(folder.names().size(), 1u);
}

TEST(Npy, AlignsWhatIsNotAligned) {
  TempFolder folder;
  writeBytes(folder.path("x.npy"), file(good(), 8));
  Expected<NpyFile> read = readNpy(folder.path("x.npy"));
  ASSERT_TRUE(read);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(read->view.bytes.data) % 64, 0u);
  EXPECT_EQ(read->view.bytes.data[7], 1);
}

TEST(Npy, RefusesToWriteWhatNumpyHasNot) {
  TempFolder folder;
  uint8_t bytes[4] = {};
  NpyArray array{Element::BF16, {2}, {bytes, 4}};
  EXPECT_TRUE(
      failsWith(writeNpy(folder.path("x"), array), "numpy has no bf16"));
  array = {Element::F32, {2}, {bytes, 4}};
  EXPECT_TRUE(failsWith(writeNpy(folder.path("x"), array), "do not fit"));
  EXPECT_TRUE(folder.names().empty());
}

TEST(Npy, NamesTheFile) {
  EXPECT_TRUE(failsWith(readNpy("/none/x.npy"), "/none/x.npy"));
}
} // namespace
