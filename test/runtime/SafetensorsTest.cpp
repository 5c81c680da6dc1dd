//===- SafetensorsTest.cpp - Named tensors in a file ----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Safetensors.h"

#include "Support.h"

using namespace dither::runtime;
using namespace dither::test;

namespace {
/// A file with this header and this many bytes of data.
std::string file(const std::string &header, size_t dataSize) {
  std::string bytes;
  for (int i = 0; i < 8; ++i)
    bytes += static_cast<char>(uint64_t(header.size()) >> (8 * i));
  return bytes + header + std::string(dataSize, 'd');
}

Expected<Safetensors> parse(const std::string &bytes) {
  return parseSafetensors(bytesOf(bytes));
}

const char *const twoTensors =
    R"({"__metadata__":{"k":"v"},"b":{"dtype":"F32","shape":[2],)"
    R"("data_offsets":[3,11]},"a":{"dtype":"I8","shape":[3,1],)"
    R"("data_offsets":[0,3]},"e":{"dtype":"F64","shape":[0],)"
    R"("data_offsets":[3,3]}})";

TEST(Safetensors, Reads) {
  std::string bytes = file(twoTensors, 11);
  Expected<Safetensors> read = parse(bytes);
  ASSERT_TRUE(read) << read.error().message();
  ASSERT_EQ(read->tensors.size(), 3u);
  EXPECT_EQ(read->metadata.at("k"), "v");
  const TensorView *b = read->find("b");
  ASSERT_TRUE(b);
  EXPECT_EQ(b->element, Element::F32);
  EXPECT_EQ(b->shape, std::vector<int64_t>{2});
  EXPECT_EQ(b->bytes.size, 8u);
  EXPECT_EQ(b->bytes.data - read->data.data, 3);
  EXPECT_EQ(read->find("c"), nullptr);
  EXPECT_EQ(read->find("e")->bytes.size, 0u);
}

TEST(Safetensors, ReadsAnEmptyFile) {
  std::string bytes = file("{}", 0);
  Expected<Safetensors> read = parse(bytes);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->tensors.empty());
}

struct Case {
  const char *header;
  size_t dataSize;
  const char *message;

  // Names the test; gtest would print the bytes, addresses among them.
  friend void PrintTo(const Case &param, std::ostream *os) {
    *os << param.message;
  }
};

class SafetensorsErrors : public testing::TestWithParam<Case> {};

TEST_P(SafetensorsErrors, AreNamed) {
  std::string bytes = file(GetParam().header, GetParam().dataSize);
  EXPECT_TRUE(failsWith(parse(bytes), GetParam().message));
}

#define ENTRY(dtype, shape, offsets)                                           \
  R"({"t":{"dtype":")" dtype R"(","shape":)" shape                             \
  R"(,"data_offsets":)" offsets "}}"

INSTANTIATE_TEST_SUITE_P(
    All, SafetensorsErrors,
    testing::Values(
        Case{"", 0, "not valid JSON"}, Case{"[]", 0, "an array"},
        Case{"{", 0, "not valid JSON"}, Case{"{\"a\":1}", 0, "'a' is a 64-bit"},
        Case{"{\"a\":{},\"a\":{}}", 0, "occurs twice"},
        Case{"{\"a\":{}}", 0, "'dtype' is missing"},
        Case{"{\"__metadata__\":[]}", 0, "'__metadata__' is not an object"},
        Case{"{\"__metadata__\":{\"a\":1}}", 0, "metadata 'a'"},
        Case{"{}", 1, "behind its last tensor"},
        Case{ENTRY("F31", "[1]", "[0,4]"), 4, "unknown dtype 'F31'"},
        Case{ENTRY("F32", "[2]", "[0,4]"), 4, "2 of f32 has 8"},
        Case{ENTRY("F32", "[1]", "[0,4]"), 3, "end at byte 4 of 3"},
        Case{ENTRY("F32", "[1]", "[4,8]"), 8, "behind a gap"},
        Case{ENTRY("F32", "[1]", "[0,4]"), 5, "behind its last tensor"},
        Case{ENTRY("F32", "[1]", "[4,0]"), 4, "not [begin, end]"},
        Case{ENTRY("F32", "[1]", "[-4,0]"), 4, "not [begin, end]"},
        Case{ENTRY("F32", "[1]", "[0]"), 4, "not [begin, end]"},
        Case{ENTRY("F32", "[1]", "[0,4,4]"), 4, "not [begin, end]"},
        Case{ENTRY("F32", "[1]", "[0.0,4.0]"), 4, "not [begin, end]"},
        Case{ENTRY("F32", "[1]", "[0,18446744073709551615]"), 4,
             "not [begin, end]"},
        Case{ENTRY("F32", "[1]", "[0,9223372036854775807]"), 4, "of 4"},
        Case{ENTRY("F32", "[-1]", "[0,4]"), 4, "no size"},
        Case{ENTRY("F32", "[\"1\"]", "[0,4]"), 4, "no size"},
        Case{ENTRY("F32", "1", "[0,4]"), 4, "not an array"},
        Case{ENTRY("F32", "[4294967296,4294967296]", "[0,4]"), 4, "too large"},
        Case{ENTRY("F32", "[0,9223372036854775807,8]", "[0,0]"), 0,
             "too large"},
        Case{R"({"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},)"
             R"("b":{"dtype":"I8","shape":[4],"data_offsets":[2,6]}})",
             6, "overlaps"}));

TEST(Safetensors, RefusesHostileHeaders) {
  EXPECT_TRUE(failsWith(parse(std::string(8, '\xff')), "is longer than"));
  EXPECT_TRUE(failsWith(parse(std::string("\x40\0\0\0\0\0\0\0{}", 10)),
                        "does not fit"));
  EXPECT_TRUE(failsWith(parse(file(std::string(1 << 20, '['), 0)), "deeper"));
}

TEST(Safetensors, RefusesEveryCutFile) {
  std::string bytes = file(twoTensors, 11);
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(parse(bytes.substr(0, size))) << size;
}

TEST(Safetensors, SurvivesEveryFlippedBit) {
  std::string bytes = file(twoTensors, 11);
  for (size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ 1 << bit);
      Expected<Safetensors> read = parse(damaged);
      EXPECT_TRUE(read || !read.error().message().empty());
    }
}

class SafetensorsFiles : public testing::Test {
protected:
  std::vector<uint8_t> bytes = std::vector<uint8_t>(64, 7);
  TensorView view(const char *name, Element element,
                  std::vector<int64_t> shape) {
    size_t size = denseBytes(element, shape).value();
    return {name, element, std::move(shape), {bytes.data(), size}};
  }
  TempFolder folder;
};

TEST_F(SafetensorsFiles, RoundTrip) {
  std::string path = folder.path("w.safetensors");
  std::map<std::string, std::string> metadata = {
      {"quote\"", "back\\slash\n\x01"}, {"\xc3\xa9", "\xe2\x82\xac"}};
  ASSERT_FALSE(writeSafetensors(
      path,
      {view("z", Element::I1, {3}), view("a", Element::BF16, {2, 2}),
       view("m", Element::F64, {}), view("u", Element::F8E4M3, {0, 9})},
      metadata));
  Expected<SafetensorsFile> read = readSafetensors(path);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->view.metadata, metadata);
  ASSERT_EQ(read->view.tensors.size(), 4u);
  const TensorView *m = read->view.find("m");
  EXPECT_EQ(m->shape.size(), 0u);
  EXPECT_EQ(m->bytes.size, 8u);
  // Each tensor is aligned to its element, seen from the start of the file.
  for (const TensorView &tensor : read->view.tensors)
    EXPECT_EQ((tensor.bytes.data - read->content.data()) %
                  elementSize(tensor.element),
              0u)
        << tensor.name;
  EXPECT_EQ(folder.names().size(), 1u);
}

TEST_F(SafetensorsFiles, BytesDoNotDependOnOrder) {
  std::vector<TensorView> tensors = {view("b", Element::F32, {2}),
                                     view("a", Element::F32, {1}),
                                     view("c", Element::I8, {5})};
  std::vector<TensorView> reversed(tensors.rbegin(), tensors.rend());
  ASSERT_FALSE(writeSafetensors(folder.path("1"), tensors, {{"k", "v"}}));
  ASSERT_FALSE(writeSafetensors(folder.path("2"), reversed, {{"k", "v"}}));
  std::string bytes = readBytes(folder.path("1"));
  EXPECT_EQ(bytes, readBytes(folder.path("2")));
  EXPECT_LT(bytes.find("\"a\""), bytes.find("\"b\""));
}

TEST_F(SafetensorsFiles, WritesNoTensors) {
  ASSERT_FALSE(writeSafetensors(folder.path("0"), {}));
  EXPECT_TRUE(readSafetensors(folder.path("0")));
  ASSERT_FALSE(writeSafetensors(folder.path("0"), {}, {{"k", "v"}}));
  EXPECT_TRUE(readSafetensors(folder.path("0")));
}

TEST_F(SafetensorsFiles, RefusesWhatCannotBeRead) {
  std::string path = folder.path("w");
  TensorView a = view("a", Element::F32, {2});
  EXPECT_TRUE(failsWith(writeSafetensors(path, {a, a}), "name 'a'"));
  TensorView wrong = a;
  wrong.shape = {3};
  EXPECT_TRUE(failsWith(writeSafetensors(path, {wrong}), "do not fit"));
  TensorView reserved = view("__metadata__", Element::F32, {2});
  EXPECT_TRUE(failsWith(writeSafetensors(path, {reserved}), "__metadata__"));
  EXPECT_TRUE(folder.names().empty());
}

TEST_F(SafetensorsFiles, NamesTheFile) {
  EXPECT_TRUE(failsWith(readSafetensors(folder.path("none")), "none"));
  writeBytes(folder.path("bad"), "12345678901");
  EXPECT_TRUE(failsWith(readSafetensors(folder.path("bad")), "/bad: "));
}
} // namespace
