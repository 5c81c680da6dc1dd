//===- ExeTest.cpp - Stand-alone executables ------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestArtifact.h"

#include "runtime/io/Npy.h"

#include <cstring>
#include <sys/wait.h>

using namespace dither::test;
namespace rt = dither::runtime;

namespace {
/// Runs a command and keeps what it prints.
struct Outcome {
  int code = -1;
  std::string text; // of both streams

  explicit Outcome(const std::string &command) {
    FILE *pipe = popen((command + " 2>&1").c_str(), "r");
    if (!pipe)
      return;
    char buffer[4096];
    while (size_t count = fread(buffer, 1, sizeof(buffer), pipe))
      text.append(buffer, count);
    int status = pclose(pipe);
    code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  bool has(const std::string &part) const {
    return text.find(part) != std::string::npos;
  }
};

class ExeTest : public testing::Test {
protected:
  /// Linked once, as the compiler does it.
  static void SetUpTestSuite() {
    shared = new TempFolder();
    writeBytes(shared->path("toy.c"), artifactSource(ArtifactParts::toy()));
    std::string object = shared->path("toy.o");
    Outcome compiled(DITHER_TEST_CC " -c -O1 -w -I" DITHER_TEST_INCLUDE " -o " +
                     object + " " + shared->path("toy.c"));
    ASSERT_EQ(compiled.code, 0) << compiled.text;
    Outcome linked(DITHER_TEST_LINK " -o " + shared->path("toy") + " " +
                   object + " " DITHER_TEST_EXE_LIBRARIES);
    ASSERT_EQ(linked.code, 0) << linked.text;
    float values[12] = {1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3};
    rt::NpyArray x{rt::Element::F32,
                   {3, 4},
                   {reinterpret_cast<uint8_t *>(values), sizeof(values)}};
    ASSERT_FALSE(writeNpy(shared->path("x.npy"), x));
    rt::NpyArray v{rt::Element::F32, {4}, {x.bytes.data, 16}};
    ASSERT_FALSE(writeNpy(shared->path("v.npy"), v));
    rt::NpyArray u{rt::Element::U8, {4, 4}, {x.bytes.data, 16}};
    ASSERT_FALSE(writeNpy(shared->path("u.npy"), u));
  }
  static void TearDownTestSuite() {
    delete shared;
    shared = nullptr;
  }
  static Outcome run(const std::string &arguments) {
    return Outcome("cd " + shared->path("") + " && ./toy " + arguments);
  }
  static testing::AssertionResult refuses(const std::string &arguments,
                                          const std::string &part) {
    Outcome outcome = run(arguments);
    if (outcome.code == 1 && outcome.has("error: ") && outcome.has(part))
      return testing::AssertionSuccess();
    return testing::AssertionFailure() << outcome.code << ": " << outcome.text;
  }

  static TempFolder *shared;
};

TempFolder *ExeTest::shared = nullptr;

TEST_F(ExeTest, NeedsOnlyLibc) {
  if (std::strstr(DITHER_TEST_LINK, "-fsanitize"))
    GTEST_SKIP() << "sanitizers bring libraries of their own";
  Outcome needed("readelf -d " + shared->path("toy") + " | grep NEEDED");
  ASSERT_EQ(needed.code, 0) << needed.text;
  EXPECT_FALSE(needed.has("libstdc++")) << needed.text;
  EXPECT_FALSE(needed.has("libgcc")) << needed.text;
  EXPECT_FALSE(needed.has("libz")) << needed.text;
}

TEST_F(ExeTest, HelpsAndLists) {
  Outcome help = run("--help");
  EXPECT_EQ(help.code, 0);
  EXPECT_TRUE(help.has("Usage: ./toy [options]")) << help.text;
  Outcome list = run("--list");
  EXPECT_EQ(list.code, 0);
  EXPECT_TRUE(list.has("model toy for x86_64")) << list.text;
  EXPECT_TRUE(list.has("version sse, which runs here")) << list.text;
  EXPECT_TRUE(list.has("f32[batch x 4]")) << list.text;
  EXPECT_TRUE(list.has("  output  loss             f32[]")) << list.text;
}

TEST_F(ExeTest, RunsTheFirstFunction) {
  Outcome outcome = run("--input x.npy --output y.npy --threads 2");
  ASSERT_EQ(outcome.code, 0) << outcome.text;
  rt::Expected<rt::NpyFile> y = rt::readNpy(shared->path("y.npy"));
  ASSERT_TRUE(y);
  EXPECT_EQ(y->view.shape, (std::vector<int64_t>{3, 4}));
  float last;
  memcpy(&last, y->view.bytes.data + 44, 4);
  EXPECT_EQ(last, 12);
}

TEST_F(ExeTest, TakesNamesAndPrintsTheRest) {
  Outcome outcome = run("--function=train --input=x=v.npy");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_TRUE(outcome.has("loss: scalar of f32: 4\n")) << outcome.text;
  outcome = run("--function random --seed 5 --step 6");
  EXPECT_TRUE(outcome.has("seen: 2 of i64: 5 6\n")) << outcome.text;
}

TEST_F(ExeTest, Benches) {
  Outcome outcome = run("--input x.npy --bench 20 --threads 1 --output b.npy");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_TRUE(outcome.has("forward: 20 runs, 1 threads, median "))
      << outcome.text;
  EXPECT_TRUE(outcome.has(" us, arena 112 bytes")) << outcome.text;
}

TEST_F(ExeTest, SavesAndLoads) {
  Outcome outcome = run("--function train --input v.npy --save s.safetensors");
  ASSERT_EQ(outcome.code, 0) << outcome.text;
  outcome = run("--function train --input v.npy --load s.safetensors --save "
                "t.safetensors --step 9");
  ASSERT_EQ(outcome.code, 0) << outcome.text;
  EXPECT_NE(readBytes(shared->path("t.safetensors")).find("\"9\""),
            std::string::npos);
}

TEST_F(ExeTest, NamesErrors) {
  EXPECT_TRUE(refuses("--frobnicate", "unknown option '--frobnicate'"));
  EXPECT_TRUE(refuses("--threads", "'--threads' needs a value"));
  EXPECT_TRUE(refuses("--threads -1", "--threads needs a number"));
  EXPECT_TRUE(refuses("--threads 4294967296", "not '4294967296'"));
  EXPECT_TRUE(refuses("--bench 1x", "not '1x'"));
  EXPECT_TRUE(refuses("x.npy", "unexpected argument 'x.npy'"));
  EXPECT_TRUE(refuses("", "input 'x' is missing"));
  EXPECT_TRUE(refuses("--function f", "no function 'f'"));
  EXPECT_TRUE(refuses("--input none.npy", "none.npy"));
  EXPECT_TRUE(refuses("--input q=x.npy", "no input 'q'"));
  EXPECT_TRUE(refuses("--input x.npy --input x.npy", "no input left"));
  EXPECT_TRUE(refuses("--input x=x.npy --input x=x.npy", "no input 'x'"));
  EXPECT_TRUE(refuses("--input x=", "file name is empty"));
  EXPECT_TRUE(refuses("--input u.npy", "u.npy: its type is u8, input 'x' is"));
  EXPECT_TRUE(refuses("--input v.npy", "its shape is 4, it must be batchx4"));
  EXPECT_TRUE(refuses("--input x.npy --output /none/y.npy", "/none/y.npy"));
  EXPECT_TRUE(refuses("--input x.npy --output /dev/full", "No space left"));
  EXPECT_TRUE(refuses("--input x.npy --load x.npy", "x.npy: "));
  EXPECT_TRUE(refuses("--input x.npy --bench 1 --save s", "exclude"));
}
} // namespace
