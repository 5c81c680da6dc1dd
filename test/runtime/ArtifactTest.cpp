//===- ArtifactTest.cpp - Opening artifacts -------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/artifact/Artifact.h"

#include "TestArtifact.h"

#include <cstring>
#include <string_view>
#include <vector>

using namespace dither::test;
namespace rt = dither::runtime;

namespace {
class ArtifactTest : public testing::Test {
protected:
  /// Opens bytes as an artifact; the caller frees the status.
  DitherStatus *open(const std::string &bytes) {
    writeBytes(folder.path("a.dither"), bytes);
    dither_artifact_close(artifact);
    artifact = nullptr;
    return dither_artifact_open(folder.path("a.dither").c_str(), nullptr,
                                &artifact);
  }
  void TearDown() override { dither_artifact_close(artifact); }

  static std::string withTrailer(std::string image) {
    DitherTrailer trailer = rt::makeTrailer(bytesOf(image));
    image.append(reinterpret_cast<const char *>(&trailer), sizeof(trailer));
    return image;
  }

  TempFolder folder;
  DitherArtifact *artifact = nullptr;
};

TEST_F(ArtifactTest, AnswersQuestions) {
  ASSERT_TRUE(ok(open(toyArtifact())));
  EXPECT_STREQ(dither_artifact_model(artifact), "toy");
  EXPECT_STREQ(dither_artifact_triple(artifact), "x86_64-unknown-linux-gnu");
  EXPECT_EQ(dither_artifact_function_count(artifact), 5u);
  EXPECT_EQ(dither_artifact_tensor_count(artifact), 4u);
  uint32_t index = 0;
  ASSERT_TRUE(ok(dither_artifact_find_function(artifact, "select", &index)));
  EXPECT_EQ(index, 3u);
  DitherFunctionInfo function;
  ASSERT_TRUE(ok(dither_artifact_function_info(artifact, index, &function)));
  EXPECT_STREQ(function.name, "select");
  EXPECT_EQ(function.argument_count, 3u);
  EXPECT_EQ(function.input_count, 2u);
  EXPECT_EQ(function.output_count, 1u);
  ASSERT_EQ(function.dim_count, 1u);
  EXPECT_STREQ(function.dims[0], "batch");

  DitherTensorInfo info;
  ASSERT_TRUE(ok(dither_artifact_input_info(artifact, index, 0, &info)));
  EXPECT_STREQ(info.name, "m");
  EXPECT_EQ(info.kind, DITHER_INPUT);
  EXPECT_STREQ(dither_dtype_name(info.dtype), "i1");
  ASSERT_EQ(info.rank, 2);
  EXPECT_EQ(info.shape[0], -1);
  EXPECT_EQ(info.shape[1], 3);
  EXPECT_EQ(info.bytes, 0u);
  ASSERT_TRUE(ok(dither_artifact_output_info(artifact, 1, 0, &info)));
  EXPECT_STREQ(info.name, "loss");
  EXPECT_EQ(info.bytes, 4u);
  ASSERT_TRUE(ok(dither_artifact_argument_info(artifact, 0, 3, &info)));
  EXPECT_EQ(info.kind, DITHER_ARENA);
  EXPECT_STREQ(info.name, "");
  ASSERT_TRUE(ok(dither_artifact_find_tensor(artifact, "sum", &index)));
  ASSERT_TRUE(ok(dither_artifact_tensor_info(artifact, index, &info)));
  EXPECT_EQ(info.kind, DITHER_STATE);
  EXPECT_STREQ(info.init, "zeros");
  ASSERT_TRUE(ok(dither_artifact_tensor_info(artifact, 0, &info)));
  EXPECT_EQ(info.init, nullptr);
}

TEST_F(ArtifactTest, RefusesBadQuestions) {
  ASSERT_TRUE(ok(open(toyArtifact())));
  uint32_t index;
  DitherTensorInfo info;
  DitherFunctionInfo function;
  int64_t dims[1] = {-1}, shape[2];
  uint64_t bytes;
  constexpr DitherCode invalid = DITHER_INVALID_ARGUMENT;
  EXPECT_TRUE(fails(dither_artifact_find_function(artifact, "f", &index),
                    DITHER_NOT_FOUND, "it has 'forward', 'train'"));
  EXPECT_TRUE(fails(dither_artifact_find_tensor(artifact, "f", &index),
                    DITHER_NOT_FOUND, "no tensor 'f'"));
  EXPECT_TRUE(fails(dither_artifact_function_info(artifact, 5, &function),
                    invalid, "function 5 does not exist"));
  EXPECT_TRUE(fails(dither_artifact_tensor_info(artifact, 4, &info), invalid,
                    "tensor 4"));
  EXPECT_TRUE(fails(dither_artifact_input_info(artifact, 0, 1, &info), invalid,
                    "input 1"));
  EXPECT_TRUE(fails(dither_artifact_output_info(artifact, 0, 1, &info), invalid,
                    "output 1"));
  EXPECT_TRUE(fails(dither_artifact_argument_info(artifact, 0, 9, &info),
                    invalid, "argument 9"));
  EXPECT_TRUE(fails(dither_artifact_argument_info(artifact, 9, 0, &info),
                    invalid, "function 9"));
  EXPECT_TRUE(fails(dither_artifact_arena_bytes(artifact, 0, dims, 1, &bytes),
                    invalid, "-1 is no size"));
  EXPECT_TRUE(fails(dither_artifact_arena_bytes(artifact, 0, dims, 0, &bytes),
                    invalid, "1 dynamic dimensions, 0"));
  dims[0] = INT64_MAX;
  EXPECT_TRUE(fails(dither_artifact_arena_bytes(artifact, 0, dims, 1, &bytes),
                    invalid, "larger than any memory"));
  EXPECT_TRUE(
      fails(dither_artifact_output_shape(artifact, 0, 1, dims, 1, shape),
            invalid, "output 1"));
  EXPECT_TRUE(fails(dither_artifact_resolve_dims(artifact, 0, nullptr, 0, dims),
                    invalid, "has 1 inputs ('x'), 0 were given"));
  EXPECT_TRUE(fails(dither_artifact_open(nullptr, nullptr, &artifact), invalid,
                    "'path' is a null pointer"));
  EXPECT_TRUE(fails(dither_artifact_find_function(artifact, nullptr, &index),
                    invalid, "'name' is a null pointer"));
  EXPECT_TRUE(fails(dither_artifact_tensor_info(nullptr, 0, &info), invalid,
                    "'artifact' is a null pointer"));
}

TEST_F(ArtifactTest, NamesMissingFiles) {
  EXPECT_TRUE(fails(dither_artifact_open("/none/such", nullptr, &artifact),
                    DITHER_NOT_FOUND, "/none/such"));
  EXPECT_TRUE(fails(dither_artifact_open("/", nullptr, &artifact), DITHER_IO,
                    "regular"));
  EXPECT_TRUE(fails(open(""), DITHER_CORRUPT, "only 0 bytes"));
  EXPECT_TRUE(fails(open("hello"), DITHER_CORRUPT, "only 5 bytes"));
  EXPECT_TRUE(
      fails(open(std::string(100, 'x')), DITHER_CORRUPT, "trailer is missing"));
}

TEST_F(ArtifactTest, RefusesEveryCutFile) {
  const std::string &bytes = toyArtifact();
  for (size_t size = 0; size < bytes.size(); ++size)
    ASSERT_TRUE(rt::checkTrailer(bytesOf(bytes.substr(0, size)))) << size;
  for (size_t size = 0; size < bytes.size(); size += 509)
    EXPECT_TRUE(fails(open(bytes.substr(0, size)), DITHER_CORRUPT, "a.dither"));
}

TEST_F(ArtifactTest, RefusesEveryFlippedBit) {
  std::string bytes = toyArtifact();
  for (size_t i = 0; i < bytes.size(); ++i) {
    int bit = static_cast<int>(i % 8);
    bytes[i] = static_cast<char>(bytes[i] ^ 1 << bit);
    ASSERT_TRUE(rt::checkTrailer(bytesOf(bytes))) << i;
    bytes[i] = static_cast<char>(bytes[i] ^ 1 << bit);
  }
  bytes[1000] = static_cast<char>(bytes[1000] ^ 1);
  EXPECT_TRUE(fails(open(bytes), DITHER_CORRUPT, "checksum is wrong"));
}

TEST_F(ArtifactTest, RefusesOtherVersionsAndMachines) {
  std::string bytes = toyArtifact();
  bytes[bytes.size() - 25] = 2; // the last byte of the magic
  EXPECT_TRUE(fails(open(bytes), DITHER_UNSUPPORTED, "version 2"));

  std::string image = compileImage(ArtifactParts::toy());
  image[18] = static_cast<char>(183); // e_machine: AArch64
  EXPECT_TRUE(
      fails(open(withTrailer(image)), DITHER_UNSUPPORTED, "another processor"));
  EXPECT_TRUE(
      fails(open(withTrailer("not an image")), DITHER_CORRUPT, "no ELF"));
  EXPECT_TRUE(
      fails(open(withTrailer(image.substr(0, 64).replace(18, 1, "\x3e"))),
            DITHER_UNSUPPORTED, "cannot load"));

  ArtifactParts parts = ArtifactParts::toy();
  parts.abiVersion = 99;
  EXPECT_TRUE(
      fails(open(makeArtifact(parts)), DITHER_UNSUPPORTED, "version 99"));
}

TEST_F(ArtifactTest, RefusesIncompleteImages) {
  ArtifactParts parts = ArtifactParts::toy();
  parts.exported = false;
  EXPECT_TRUE(
      fails(open(makeArtifact(parts)), DITHER_CORRUPT, "'dither_embedded'"));
  parts = ArtifactParts::toy();
  parts.forwardInTable = false;
  EXPECT_TRUE(fails(open(makeArtifact(parts)), DITHER_CORRUPT,
                    "'forward' has no code in the artifact for the version "
                    "'any'"));
}

TEST_F(ArtifactTest, RefusesDamagedConstants) {
  ArtifactParts parts = ArtifactParts::toy();
  parts.data[3] = static_cast<char>(parts.data[3] ^ 1);
  EXPECT_TRUE(fails(open(makeArtifact(parts)), DITHER_CORRUPT,
                    "tensor 'w' is damaged"));
}

TEST_F(ArtifactTest, RefusesOtherTargets) {
  ArtifactParts parts = ArtifactParts::toy();
  auto replace = [&](std::string_view from, std::string_view to) {
    size_t at = parts.manifest.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    parts.manifest.replace(at, from.size(), to);
  };
  replace("[\"sse2\", \"sse3\"]", "[\"tbm\", \"xop\", \"avx512fp16\"]");
  replace("\"features\": []", "\"features\": [\"tbm\", \"xop\", \"fma4\"]");
  DitherStatus *status = open(makeArtifact(parts));
  if (status) { // no processor has all and runs these tests, but be fair
    EXPECT_TRUE(
        fails(status, DITHER_UNSUPPORTED, "version 'any' lacks tbm, xop"));
  }
  replace("\"fma4\"", "\"warp\"");
  EXPECT_TRUE(fails(open(makeArtifact(parts)), DITHER_UNSUPPORTED, "'warp'"));
  parts = ArtifactParts::toy();
  replace("x86_64", "armv7l");
  EXPECT_TRUE(fails(open(makeArtifact(parts)), DITHER_UNSUPPORTED, "armv7l"));
}

/// The code of the version that was chosen runs.
TEST_F(ArtifactTest, RunsTheBestVersion) {
  const std::pair<const char *, uint32_t> cases[] = {
      {nullptr, 1}, {"", 1}, {"-avx2", 1}, {"-sse3", 2}, {"-avx2,-sse2", 2}};
  for (auto [words, expected] : cases) {
    writeBytes(folder.path("a.dither"), toyArtifact());
    DitherArtifactOptions options = {words};
    ASSERT_TRUE(ok(dither_artifact_open(folder.path("a.dither").c_str(),
                                        &options, &artifact)));
    EXPECT_EQ(dither_artifact_version(artifact), expected) << words;
    DitherSession *session = nullptr;
    ASSERT_TRUE(ok(dither_session_create(artifact, nullptr, &session)));
    uint32_t function;
    ASSERT_TRUE(
        ok(dither_artifact_find_function(artifact, "version", &function)));
    int64_t index = -1, shape[1] = {1}, batch = 2;
    DLTensor output = {};
    output.data = &index;
    output.device = {kDLCPU, 0};
    output.ndim = 1;
    output.dtype = {kDLInt, 64, 1};
    output.shape = shape;
    EXPECT_TRUE(
        ok(dither_session_call(session, function, nullptr, 0, &output, 1)));
    EXPECT_EQ(index, expected);
    uint64_t bytes = 0;
    EXPECT_TRUE(
        ok(dither_artifact_arena_bytes(artifact, 0, &batch, 1, &bytes)));
    EXPECT_EQ(bytes, expected == 1 ? 96u : 160u);
    EXPECT_TRUE(ok(dither_session_reserve(session, 0, &batch, 1)));
    DitherMemory memory;
    dither_session_memory(session, &memory);
    EXPECT_EQ(memory.arena, bytes);
    dither_session_destroy(session);
    dither_artifact_close(artifact);
    artifact = nullptr;
  }
}

TEST_F(ArtifactTest, DescribesVersions) {
  DitherArtifactOptions options = {"-sse3"};
  writeBytes(folder.path("a.dither"), toyArtifact());
  std::string path = folder.path("a.dither");
  ASSERT_TRUE(ok(dither_artifact_open(path.c_str(), &options, &artifact)));
  ASSERT_EQ(dither_artifact_version_count(artifact), 3u);
  DitherVersionInfo info;
  ASSERT_TRUE(ok(dither_artifact_version_info(artifact, 1, &info)));
  EXPECT_STREQ(info.name, "sse");
  EXPECT_STREQ(info.features, "sse2,sse3");
  EXPECT_STREQ(info.missing, "sse3");
  ASSERT_TRUE(ok(dither_artifact_version_info(artifact, 2, &info)));
  EXPECT_STREQ(info.features, "");
  EXPECT_STREQ(info.missing, "");
  EXPECT_TRUE(fails(dither_artifact_version_info(artifact, 3, &info),
                    DITHER_INVALID_ARGUMENT, "version 3 does not exist"));
  EXPECT_TRUE(fails(dither_artifact_version_info(nullptr, 0, &info),
                    DITHER_INVALID_ARGUMENT, "null pointer"));
  options.cpu_features = "-sse9";
  DitherArtifact *other = nullptr;
  EXPECT_TRUE(fails(dither_artifact_open(path.c_str(), &options, &other),
                    DITHER_INVALID_ARGUMENT,
                    "a.dither: cpu_features: there is no CPU feature 'sse9'"));
}

/// The loader knows libraries by name; a replaced file must not be the old one.
TEST_F(ArtifactTest, SeesReplacedFiles) {
  ASSERT_TRUE(ok(open(toyArtifact())));
  ArtifactParts parts = ArtifactParts::toy();
  parts.manifest.replace(parts.manifest.find("\"toy\""), 5, "\"new\"");
  std::string path = folder.path("a.dither");
  ASSERT_EQ(remove(path.c_str()), 0);
  writeBytes(path, makeArtifact(parts));
  DitherArtifact *second = nullptr;
  ASSERT_TRUE(ok(dither_artifact_open(path.c_str(), nullptr, &second)));
  EXPECT_STREQ(dither_artifact_model(artifact), "toy");
  EXPECT_STREQ(dither_artifact_model(second), "new");
  dither_artifact_close(second);
}

TEST_F(ArtifactTest, OpensAFileTwiceThenAnother) {
  ASSERT_TRUE(ok(open(toyArtifact())));
  DitherArtifact *again = nullptr;
  std::string path = folder.path("a.dither");
  ASSERT_TRUE(ok(dither_artifact_open(path.c_str(), nullptr, &again)));
  dither_artifact_close(again);
  ArtifactParts parts = ArtifactParts::toy();
  parts.manifest.replace(parts.manifest.find("\"toy\""), 5, "\"new\"");
  writeBytes(folder.path("b.dither"), makeArtifact(parts));
  ASSERT_TRUE(ok(
      dither_artifact_open(folder.path("b.dither").c_str(), nullptr, &again)));
  EXPECT_STREQ(dither_artifact_model(again), "new");
  dither_artifact_close(again);
}

TEST_F(ArtifactTest, OpensEmbedded) {
  ArtifactParts parts = ArtifactParts::toy();
  alignas(64) static unsigned char data[16];
  memcpy(data, parts.data.data(), 16);
  auto nothing = [](DitherContext *, void *const *) {};
  std::vector<DitherFunctionEntry> table = {{nullptr, "any", nothing},
                                            {"forward", nullptr, nothing},
                                            {"forward", "any", nullptr}};
  for (const char *version : {"any", "sse", "no cpu"})
    for (const char *name : {"forward", "train", "select", "version", "random"})
      table.push_back({name, version, nothing});
  DitherEmbedded embedded = {DITHER_ABI_VERSION,
                             static_cast<uint32_t>(table.size()),
                             table.data(),
                             parts.manifest.data(),
                             parts.manifest.size(),
                             data,
                             16,
                             0,
                             0,
                             nullptr,
                             nullptr};
  ASSERT_TRUE(ok(dither_artifact_open_embedded(&embedded, nullptr, &artifact)));
  EXPECT_STREQ(dither_artifact_model(artifact), "toy");
  dither_artifact_close(artifact);
  artifact = nullptr;

  DitherEmbedded bad = embedded;
  bad.data = data + 4;
  bad.data_size = 12;
  EXPECT_TRUE(fails(dither_artifact_open_embedded(&bad, nullptr, &artifact),
                    DITHER_CORRUPT, "not aligned to 64"));
  bad = embedded;
  bad.manifest = nullptr;
  EXPECT_TRUE(fails(dither_artifact_open_embedded(&bad, nullptr, &artifact),
                    DITHER_CORRUPT, "tables are missing"));
  bad = embedded;
  bad.function_count -= 1;
  EXPECT_TRUE(fails(dither_artifact_open_embedded(&bad, nullptr, &artifact),
                    DITHER_CORRUPT,
                    "'random' has no code in the artifact for the version "
                    "'no cpu'"));
  EXPECT_TRUE(fails(dither_artifact_open_embedded(nullptr, nullptr, &artifact),
                    DITHER_INVALID_ARGUMENT, "null pointer"));
  EXPECT_EQ(artifact, nullptr);
}

TEST(StatusTest, NullIsSuccess) {
  EXPECT_EQ(dither_status_code(nullptr), DITHER_OK);
  EXPECT_STREQ(dither_status_message(nullptr), "");
  dither_status_free(nullptr);
  dither_artifact_close(nullptr);
  dither_session_destroy(nullptr);
  EXPECT_EQ(dither_dtype_name({kDLComplex, 64, 1}), nullptr);
  EXPECT_EQ(dither_dtype_name({kDLFloat, 32, 4}), nullptr);
  EXPECT_STREQ(dither_dtype_name({kDLBfloat, 16, 1}), "bf16");
}
} // namespace
