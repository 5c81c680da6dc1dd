//===- CheckpointTest.cpp - State tensors in a file -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestArtifact.h"

#include "runtime/io/Safetensors.h"

using namespace dither::test;
namespace rt = dither::runtime;

namespace {
class CheckpointTest : public ToyTest {
protected:
  void SetUp() override {
    ToyTest::SetUp();
    path = folder.path("c.safetensors");
  }
  std::vector<float> sum() {
    std::vector<float> values(4);
    Tensor tensor(values, {4}, f32);
    EXPECT_TRUE(ok(dither_session_get(session, "sum", &tensor.tensor)));
    return values;
  }
  void setSum(std::vector<float> values) {
    Tensor tensor(values, {4}, f32);
    EXPECT_TRUE(ok(dither_session_set(session, "sum", &tensor.tensor)));
  }
  /// Writes tensors by hand and loads them.
  DitherStatus *load(const std::vector<rt::TensorView> &tensors,
                     const std::map<std::string, std::string> &metadata = {}) {
    rt::Error error = rt::writeSafetensors(path, tensors, metadata);
    EXPECT_FALSE(error) << error.message();
    return dither_session_load(session, path.c_str());
  }
  rt::TensorView view(const char *name, rt::Element element,
                      const std::vector<int64_t> &shape) {
    return {name,
            element,
            shape,
            {ones.data(), size_t(rt::denseBytes(element, shape).value())}};
  }
  std::vector<rt::TensorView> all() {
    return {view("sum", rt::Element::F32, {4}),
            view("mask", rt::Element::I1, {2, 3}),
            view("start", rt::Element::F32, {4})};
  }

  std::string path;
  std::vector<uint8_t> ones = std::vector<uint8_t>(64, 1);
};

TEST_F(CheckpointTest, RoundTrip) {
  setSum({1, 2, 3, 4});
  dither_session_set_seed(session, ~0ull);
  dither_session_set_step(session, 42);
  ASSERT_TRUE(ok(dither_session_save(session, path.c_str())));
  reopenSession(1);
  EXPECT_EQ(sum(), (std::vector<float>{0, 0, 0, 0}));
  ASSERT_TRUE(ok(dither_session_load(session, path.c_str())));
  EXPECT_EQ(sum(), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(dither_session_seed(session), ~0ull);
  EXPECT_EQ(dither_session_step(session), 42u);
}

TEST_F(CheckpointTest, KeepsNotes) {
  EXPECT_EQ(dither_session_note(session, "epochs"), nullptr);
  EXPECT_TRUE(ok(dither_session_set_note(session, "epochs", "60")));
  EXPECT_TRUE(fails(dither_session_set_note(session, "dither.seed", "1"),
                    DITHER_INVALID_ARGUMENT, "'dither.seed'"));
  EXPECT_TRUE(ok(dither_session_save(session, path.c_str())));
  EXPECT_TRUE(ok(dither_session_set_note(session, "epochs", "61")));
  EXPECT_TRUE(ok(dither_session_load(session, path.c_str())));
  EXPECT_STREQ(dither_session_note(session, "epochs"), "60");
}

TEST_F(CheckpointTest, SameStateSameBytes) {
  setSum({1, 2, 3, 4});
  std::string again = folder.path("again");
  ASSERT_TRUE(ok(dither_session_save(session, path.c_str())));
  ASSERT_TRUE(ok(dither_session_save(session, again.c_str())));
  EXPECT_EQ(readBytes(path), readBytes(again));
}

TEST_F(CheckpointTest, TakesFilesOfOthers) {
  std::vector<rt::TensorView> tensors = all();
  tensors.push_back(view("extra", rt::Element::F64, {2}));
  dither_session_set_step(session, 3);
  ASSERT_TRUE(ok(load(tensors)));
  EXPECT_NE(sum()[0], 0);
  EXPECT_EQ(dither_session_step(session), 3u); // kept
}

TEST_F(CheckpointTest, ErrorsChangeNothing) {
  setSum({9, 9, 9, 9});
  std::vector<rt::TensorView> tensors = all();
  tensors.pop_back();
  EXPECT_TRUE(fails(load(tensors), DITHER_NOT_FOUND, "'start' is missing"));
  tensors.push_back(view("start", rt::Element::F32, {2, 2}));
  EXPECT_TRUE(fails(load(tensors), DITHER_INVALID_ARGUMENT,
                    "'start' is 2x2 of f32, the model has 4 of f32"));
  tensors.back() = view("start", rt::Element::I32, {4});
  EXPECT_TRUE(fails(load(tensors), DITHER_INVALID_ARGUMENT, "of i32"));
  EXPECT_TRUE(fails(load(all(), {{"dither.step", "4x"}}), DITHER_CORRUPT,
                    "checksum is wrong"));
  EXPECT_TRUE(fails(load(all(), {{"dither.step", "18446744073709551616"}}),
                    DITHER_CORRUPT, "checksum is wrong"));
  EXPECT_TRUE(fails(load(all(), {{"dither.checksum", "0"}}), DITHER_CORRUPT,
                    "checksum is wrong"));
  ones[3] = 2;
  EXPECT_TRUE(fails(load(all()), DITHER_CORRUPT, "neither 0 nor 1"));
  EXPECT_TRUE(fails(dither_session_load(session, folder.path("none").c_str()),
                    DITHER_NOT_FOUND, "none"));
  EXPECT_EQ(sum(), (std::vector<float>{9, 9, 9, 9}));
}

TEST_F(CheckpointTest, RefusesEveryCutFile) {
  ASSERT_TRUE(ok(dither_session_save(session, path.c_str())));
  std::string bytes = readBytes(path);
  for (size_t size = 0; size < bytes.size(); ++size) {
    writeBytes(path, bytes.substr(0, size));
    EXPECT_TRUE(fails(dither_session_load(session, path.c_str()),
                      DITHER_CORRUPT, "c.safetensors"));
  }
}

/// No flipped bit brings other numbers into the session.
TEST_F(CheckpointTest, NoFlippedBitGoesIn) {
  setSum({1, 2, 3, 4});
  dither_session_set_seed(session, 77);
  dither_session_set_step(session, 88);
  ASSERT_TRUE(ok(dither_session_save(session, path.c_str())));
  std::string bytes = readBytes(path);
  for (size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ 1 << bit);
      writeBytes(path, damaged);
      dither_status_free(dither_session_load(session, path.c_str()));
      ASSERT_EQ(sum(), (std::vector<float>{1, 2, 3, 4})) << i;
      ASSERT_EQ(dither_session_seed(session), 77u) << i;
      ASSERT_EQ(dither_session_step(session), 88u) << i;
    }
}

TEST_F(CheckpointTest, FullDisk) {
  EXPECT_TRUE(fails(dither_session_save(session, "/dev/full"), DITHER_IO,
                    "No space left"));
  EXPECT_TRUE(
      fails(dither_session_save(session, "/none/x"), DITHER_IO, "/none/x"));
}
} // namespace
