//===- ManifestTest.cpp - Checks of the manifest --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/artifact/Manifest.h"

#include "TestArtifact.h"

using namespace dither::runtime;
using namespace dither::test;

namespace {
const std::string &toy() {
  static const std::string text = ArtifactParts::toy().manifest;
  return text;
}

Expected<Manifest> parse(const std::string &text, uint64_t dataSize = 16) {
  return parseManifest(bytesOf(text), dataSize);
}

/// The toy manifest with `from` replaced at its first place.
std::string edited(const std::string &from, const std::string &to) {
  std::string text = toy();
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Manifest, ReadsEverything) {
  Expected<Manifest> manifest = parse(toy());
  ASSERT_TRUE(manifest) << manifest.error().message();
  EXPECT_EQ(manifest->model, "toy");
  ASSERT_EQ(manifest->versions.size(), 3u);
  EXPECT_EQ(manifest->versions[1].name, "sse");
  EXPECT_EQ(manifest->versions[1].features,
            (std::vector<std::string>{"sse2", "sse3"}));
  EXPECT_TRUE(manifest->versions[2].features.empty());
  ASSERT_EQ(manifest->tensors.size(), 4u);
  EXPECT_EQ(manifest->tensors[1].init, "zeros");
  EXPECT_EQ(manifest->tensors[2].element, Element::I1);
  EXPECT_EQ(manifest->tensors[2].bytes, 6u);
  EXPECT_TRUE(manifest->tensors[3].hasData);
  const FunctionSpec *forward = manifest->findFunction("forward");
  ASSERT_TRUE(forward);
  EXPECT_EQ(forward->arguments[1].spec.shape, (std::vector<int64_t>{-1, 4}));
  EXPECT_EQ(forward->inputs, std::vector<uint32_t>{1});
  EXPECT_EQ(forward->outputs, std::vector<uint32_t>{2});
  int64_t batch = 10;
  EXPECT_EQ(forward->arenaBytes(&batch, 0), 384u);
  EXPECT_EQ(forward->arenaBytes(&batch, 1), 224u);
  EXPECT_EQ(forward->arenaBytes(&batch, 2), 288u);
  batch = INT64_MAX;
  EXPECT_EQ(forward->arenaBytes(&batch, 0), std::nullopt);
}

TEST(Manifest, IgnoresUnknownKeys) {
  EXPECT_TRUE(parse(edited("\"version\"", "\"future\": [1, {}], \"version\"")));
}

struct Case {
  const char *from, *to, *message;

  // Names the test; gtest would print the bytes, addresses among them.
  friend void PrintTo(const Case &param, std::ostream *os) {
    *os << param.message;
  }
};

class ManifestErrors : public testing::TestWithParam<Case> {};

TEST_P(ManifestErrors, AreNamed) {
  const Case &param = GetParam();
  Expected<Manifest> manifest = parse(edited(param.from, param.to));
  EXPECT_TRUE(failsWith(manifest, param.message));
}

INSTANTIATE_TEST_SUITE_P(
    All, ManifestErrors,
    testing::Values(
        Case{"\"version\": 2", "\"version\": 1", "version 1 is unknown"},
        Case{"\"version\": 2", "\"version\": \"2\"", "not a 64-bit integer"},
        Case{"\"version\": 2,", "", "'version' is missing"},
        Case{"\"model\": \"toy\",", "", "'model' is missing"},
        Case{"\"toy\"", "\"\"", "empty or too long"},
        Case{"\"toy\"", "\"to\\u0000y\"", "control characters"},
        Case{"\"triple\"", "\"tripel\"", "'triple' is missing"},
        Case{"\"versions\"", "\"features\"", "'versions' is missing"},
        Case{"\"versions\": [", "\"versions\": [], \"v\": [",
             "there are no versions"},
        Case{"\"versions\": [", "\"versions\": [3,", "not an object"},
        Case{"\"name\": \"sse\"", "\"name\": \"any\"",
             "two versions have the name 'any'"},
        Case{"\"name\": \"sse\",", "", "'name' is missing"},
        Case{"[\"sse2\", \"sse3\"]", "[2]", "where a string must be"},
        Case{"\"features\": []", "\"feature\": []",
             "version 'any': key 'features' is missing"},
        Case{"\"tensors\"", "\"tensor\"", "'tensors' is missing"},
        Case{"\"functions\": [", "\"functions\": [3,", "not an object"},
        Case{"\"name\": \"sum\"", "\"name\": \"w\"", "two tensors"},
        Case{"\"dtype\": \"f32\"", "\"dtype\": \"f31\"", "unknown dtype 'f31'"},
        Case{"\"dtype\": \"f32\"", "\"dtype\": \"u8\"", "unknown dtype 'u8'"},
        Case{"\"shape\": [4]", "\"shape\": 4", "not an array"},
        Case{"\"shape\": [4]", "\"shape\": [-4]", "no dimension"},
        Case{"\"shape\": [4]", "\"shape\": [4.5]", "no dimension"},
        Case{"\"shape\": [4]", "\"shape\": [\"batch\"]", "unknown dimension"},
        Case{"\"shape\": [4]", "\"shape\": [4294967296, 4294967296, 4]",
             "too many dimensions or bytes"},
        Case{"\"shape\": [4]", "\"shape\": [0, 9223372036854775807, 4]",
             "too many dimensions or bytes"},
        Case{"\"shape\": [4]",
             "\"shape\": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
             "1,1,1,1,1,1,1,1]",
             "too many dimensions or bytes"},
        Case{"\"shape\": [4]", "\"shape\": [99999999999999999999]",
             "no dimension"},
        Case{"\"kind\": \"constant\"", "\"kind\": \"const\"", "unknown kind"},
        Case{"\"offset\": 0", "\"offset\": 4", "not a multiple of 64"},
        Case{"\"offset\": 0", "\"offset\": 64", "lie outside"},
        Case{"\"offset\": 0", "\"offset\": -64", "out of range"},
        Case{"\"offset\": 0", "\"offset\": 9223372036854775744",
             "out of range"},
        Case{"\"offset\": 0,", "", "'offset' is missing"},
        Case{"\"size\": 16", "\"size\": 15", "has 16 bytes"},
        Case{"\"checksum\": \"", "\"checksum\": \"0", "16 digits"},
        Case{"\"checksum\": \"", "\"checksum\": \"G", "hexadecimal"},
        Case{"\"init\": \"zeros\"", "\"init\": 0", "not a string"},
        Case{"\"name\": \"train\"", "\"name\": \"forward\"", "two functions"},
        Case{"\"dims\": [\"batch\"]", "\"dims\": [\"batch\", \"batch\"]",
             "has a name twice"},
        Case{"\"dims\": [\"batch\"]", "\"dims\": [\"batch\", \"time\"]",
             "no input has the dimension 'time'"},
        Case{"\"dims\": [\"batch\"]", "\"dims\": []", "unknown dimension"},
        Case{"\"dims\": [\"batch\"],", "", "'dims' is missing"},
        Case{"\"fixed\": 64", "\"fixed\": -1", "out of range"},
        Case{"\"fixed\": 64, ", "", "'fixed' is missing"},
        Case{"\"per_batch\": 16", "\"per_row\": 16", "'per_batch' is missing"},
        Case{"\"per_batch\": 16", "\"per_batch\": 16, \"per_row\": 1",
             "names no dimension"},
        Case{"\"arena\": [", "\"arean\": [", "'arena' is missing"},
        Case{"\"arena\": [", "\"arena\": [{}, ",
             "has 4 entries, but there are 3 versions"},
        Case{"\"arena\": [", "\"arena\": [], \"a\": [",
             "has 0 entries, but there are 3 versions"},
        Case{"{\"fixed\": 128, \"per_batch\": 16}", "144", "not an object"},
        Case{"{\"fixed\": 128, \"per_batch\": 16}", "{\"fixed\": 128}",
             "'per_batch' is missing"},
        Case{"{\"kind\": \"arena\"}",
             "{\"kind\": \"arena\"}, {\"kind\": "
             "\"arena\"}",
             "one of this kind"},
        Case{"{\"kind\": \"rng\"}", "{\"kind\": \"dice\"}", "unknown kind"},
        Case{"{\"kind\": \"rng\"}", "{}", "'kind' is missing"},
        Case{"{\"kind\": \"rng\"}", "[]", "not an object"},
        Case{"\"tensor\", \"name\": \"w\"", "\"tensor\", \"name\": \"v\"",
             "there is no tensor 'v'"},
        Case{"\"name\": \"s\"", "\"name\": \"m\"", "occurs twice"},
        Case{"\"strided\": true", "\"strided\": 1", "not a boolean"}));

TEST(Manifest, RefusesWhatIsNoManifest) {
  EXPECT_TRUE(failsWith(parse(""), "not valid JSON"));
  EXPECT_TRUE(failsWith(parse("[]"), "is not an object"));
  EXPECT_TRUE(failsWith(parse(toy() + "x"), "not valid JSON"));
  EXPECT_TRUE(failsWith(parse(std::string(100000, '[')), "nested deeper"));
  EXPECT_TRUE(failsWith(parse("{\"version\": 2, \"version\": 2}"), "twice"));
  EXPECT_TRUE(failsWith(parse("{\"model\": \"\xff\"}"), "not valid JSON"));
}

TEST(Manifest, RefusesEveryCutText) {
  for (size_t size = 0; size < toy().size(); ++size)
    EXPECT_FALSE(parse(toy().substr(0, size))) << size;
}

/// A damaged manifest may still be a manifest; it must not be a crash.
TEST(Manifest, SurvivesEveryFlippedBit) {
  std::string text = toy();
  for (size_t i = 0; i < text.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      text[i] = static_cast<char>(text[i] ^ 1 << bit);
      Expected<Manifest> manifest = parse(text);
      EXPECT_TRUE(manifest || !manifest.error().message().empty());
      text[i] = static_cast<char>(text[i] ^ 1 << bit);
    }
}

TEST(Manifest, NeedsTheDataItSpeaksOf) {
  EXPECT_TRUE(failsWith(parse(toy(), 15), "lie outside of the 15 bytes"));
}
} // namespace
