//===- SessionTest.cpp - Sessions: tensors, calls, profile ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestArtifact.h"

#include <cstring>
#include <numeric>

using namespace dither::test;

extern "C" int dither_test_plain_c(const char *path, float *x, float *y,
                                   int64_t rows);

namespace {
class SessionTest : public ToyTest {};

std::vector<float> ramp(size_t size) {
  std::vector<float> values(size);
  std::iota(values.begin(), values.end(), 1.0f);
  return values;
}

TEST_F(SessionTest, CallsForward) {
  std::vector<float> x = ramp(12), y(12);
  Tensor in(x, {3, 4}, f32), out(y, {3, 4}, f32);
  ASSERT_TRUE(ok(dither_session_call(session, function("forward"), &in.tensor,
                                     1, &out.tensor, 1)));
  for (size_t i = 0; i < y.size(); ++i)
    EXPECT_EQ(y[i], x[i] * float(i % 4 + 1));
}

TEST_F(SessionTest, IsCalledFromC) {
  std::vector<float> x = ramp(8), y(8);
  std::string path = folder.path("toy.dither");
  EXPECT_EQ(dither_test_plain_c(path.c_str(), x.data(), y.data(), 2), 0);
  EXPECT_EQ(y[7], 32);
  EXPECT_NE(dither_test_plain_c("/none", x.data(), y.data(), 2), 0);
}

/// Where the CPU runs it, a call that is begun is done.
TEST_F(SessionTest, BeginsForward) {
  std::vector<float> x = ramp(8), y(8);
  Tensor in(x, {2, 4}, f32), out(y, {2, 4}, f32);
  ASSERT_TRUE(ok(dither_session_begin(session, function("forward"), &in.tensor,
                                      1, &out.tensor, 1)));
  EXPECT_EQ(y[7], 32);
  EXPECT_TRUE(ok(dither_session_wait(session)));
}

/// What a call may leave out where its tensors are those of the last one.
TEST_F(SessionTest, CallsAgainWithTheSameTensors) {
  std::vector<float> x = ramp(8), y(8), more = ramp(4000), result(4000);
  Tensor in(x, {2, 4}, f32), out(y, {2, 4}, f32);
  Tensor many(more, {1000, 4}, f32), results(result, {1000, 4}, f32);
  auto call = [&](Tensor &from, Tensor &to) {
    return dither_session_call(session, function("forward"), &from.tensor, 1,
                               &to.tensor, 1);
  };
  ASSERT_TRUE(ok(call(in, out)));
  x[7] = 3; // the contents are new
  ASSERT_TRUE(ok(call(in, out)));
  EXPECT_EQ(y[7], 12);
  // The arena moves.
  ASSERT_TRUE(ok(call(many, results)));
  ASSERT_TRUE(ok(call(in, out)));
  EXPECT_EQ(y[4], 5);
  int64_t dims[] = {100000};
  ASSERT_TRUE(
      ok(dither_session_reserve(session, function("forward"), dims, 1)));
  y[4] = 0;
  ASSERT_TRUE(ok(call(in, out)));
  EXPECT_EQ(y[4], 5);
  // Strides differ, nothing else.
  in.strides = {1, 2};
  in.tensor.strides = in.strides.data();
  for (int i = 0; i < 2; ++i) {
    y[4] = 0;
    ASSERT_TRUE(ok(call(in, out)));
    EXPECT_EQ(y[4], 2);
  }
}

TEST_F(SessionTest, CallsWithEmptyBatch) {
  std::vector<float> none;
  Tensor in(none, {0, 4}, f32), out(none, {0, 4}, f32);
  EXPECT_TRUE(ok(dither_session_call(session, function("forward"), &in.tensor,
                                     1, &out.tensor, 1)));
}

TEST_F(SessionTest, GivesTheSameForAnyNumberOfThreads) {
  std::vector<float> x = ramp(4 * 1001), first;
  for (uint32_t threads : {1u, 2u, 3u, 7u}) {
    reopenSession(threads);
    EXPECT_EQ(dither_session_threads(session), threads);
    std::vector<float> y(x.size());
    Tensor in(x, {1001, 4}, f32), out(y, {1001, 4}, f32);
    ASSERT_TRUE(ok(dither_session_call(session, function("forward"), &in.tensor,
                                       1, &out.tensor, 1)));
    first = first.empty() ? y : first;
    EXPECT_EQ(y, first);
  }
}

TEST_F(SessionTest, CopiesStridedTensors) {
  // The input is a transposed matrix, the output every other column.
  std::vector<float> x = ramp(12), y(24, -1);
  Tensor in(x, {3, 4}, f32, {1, 3}), out(y, {3, 4}, f32, {8, 2});
  ASSERT_TRUE(ok(dither_session_call(session, function("forward"), &in.tensor,
                                     1, &out.tensor, 1)));
  for (int i = 0; i < 3; ++i)
    for (int k = 0; k < 4; ++k) {
      EXPECT_EQ(y[i * 8 + k * 2], x[i + k * 3] * float(k + 1));
      EXPECT_EQ(y[i * 8 + k * 2 + 1], -1);
    }
  DitherMemory memory;
  dither_session_memory(session, &memory);
  EXPECT_EQ(memory.staging, 2 * 48u);
}

TEST_F(SessionTest, PassesStridesToFunctionsThatTakeThem) {
  std::vector<uint8_t> m = {1, 0, 0, 0, 0, 0, 1, 1, 1};
  std::vector<float> s = ramp(3), z(6);
  Tensor mask(m, {3, 3}, i1), in(s, {3}, f32, {-1}), out(z, {3}, f32, {2});
  in.tensor.data = &s[2];
  DLTensor inputs[] = {mask.tensor, in.tensor};
  ASSERT_TRUE(ok(dither_session_call(session, function("select"), inputs, 2,
                                     &out.tensor, 1)));
  EXPECT_EQ(z, (std::vector<float>{3, 0, 0, 0, 1, 0}));
  DitherMemory memory;
  dither_session_memory(session, &memory);
  EXPECT_EQ(memory.staging, 0u);
}

TEST_F(SessionTest, BroadcastsByStrideZero) {
  std::vector<float> x = ramp(4), y(12);
  Tensor in(x, {3, 4}, f32, {0, 1}), out(y, {3, 4}, f32);
  ASSERT_TRUE(ok(dither_session_call(session, function("forward"), &in.tensor,
                                     1, &out.tensor, 1)));
  EXPECT_EQ(y[0], 1);
  EXPECT_EQ(y[11], 16);
}

TEST_F(SessionTest, KeepsStateFromCallToCall) {
  std::vector<float> x = ramp(4), loss(1), sum(4);
  Tensor in(x, {4}, f32), out(loss, {}, f32), got(sum, {4}, f32);
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(ok(dither_session_call(session, function("train"), &in.tensor,
                                       1, &out.tensor, 1)));
  EXPECT_EQ(loss[0], 10);
  ASSERT_TRUE(ok(dither_session_get(session, "sum", &got.tensor)));
  EXPECT_EQ(sum, (std::vector<float>{3, 6, 9, 12}));
}

TEST_F(SessionTest, StartsFromInitialData) {
  std::vector<float> start(4);
  Tensor got(start, {4}, f32);
  ASSERT_TRUE(ok(dither_session_get(session, "start", &got.tensor)));
  EXPECT_EQ(start, (std::vector<float>{1, 2, 3, 4}));
}

/// Counts the pages that a session lets a host's threads touch.
TEST_F(SessionTest, LargeTensorsAreTouchedByAllThreads) {
  ArtifactParts parts = ArtifactParts::toy();
  std::string state = R"({"name": "sum", "dtype": "f32", "shape": [4])";
  size_t at = parts.manifest.find(state);
  ASSERT_NE(at, std::string::npos);
  parts.manifest.insert(at, R"({"name": "large", "dtype": "f32",
    "shape": [1048577], "kind": "state"}, )");
  std::string path = folder.path("large.dither");
  writeBytes(path, makeArtifact(parts));
  DitherArtifact *large = nullptr;
  ASSERT_TRUE(ok(dither_artifact_open(path.c_str(), nullptr, &large)));
  int64_t pages = 0;
  DitherSessionOptions options = {};
  options.parallel_for = [](DitherContext *context, DitherParallelBody body,
                            void *env, int64_t extent) {
    *static_cast<int64_t *>(context->host) += extent;
    body(env, 0, extent / 2);
    body(env, extent / 2, extent);
  };
  options.parallel_for_host = &pages;
  DitherSession *other = nullptr;
  ASSERT_TRUE(ok(dither_session_create(large, &options, &other)));
  EXPECT_EQ(pages, 1025); // 4 MiB and 4 bytes.
  std::vector<float> values(1048577, 1);
  Tensor got(values, {1048577}, f32);
  ASSERT_TRUE(ok(dither_session_get(other, "large", &got.tensor)));
  EXPECT_EQ(values, std::vector<float>(values.size(), 0));
  dither_session_destroy(other);
  dither_artifact_close(large);
}

TEST_F(SessionTest, SetsAndViews) {
  std::vector<float> values = ramp(8);
  Tensor source(values, {4}, f32, {2});
  ASSERT_TRUE(ok(dither_session_set(session, "sum", &source.tensor)));
  DLTensor view;
  ASSERT_TRUE(ok(dither_session_view(session, "sum", &view)));
  EXPECT_EQ(view.ndim, 1);
  EXPECT_EQ(view.shape[0], 4);
  EXPECT_EQ(view.strides[0], 1);
  EXPECT_EQ(static_cast<float *>(view.data)[3], 7);
}

int released = 0;
void release(DLManagedTensor *) { ++released; }

TEST_F(SessionTest, BindsMemoryOfTheHost) {
  alignas(64) float memory[4] = {5, 5, 5, 5};
  std::vector<float> x = ramp(4), loss(1);
  Tensor in(x, {4}, f32), out(loss, {}, f32), shape(x, {4}, f32);
  DLManagedTensor managed = {shape.tensor, nullptr, release};
  managed.dl_tensor.data = memory;
  released = 0;
  ASSERT_TRUE(ok(dither_session_bind(session, "sum", &managed)));
  ASSERT_TRUE(ok(dither_session_call(session, function("train"), &in.tensor, 1,
                                     &out.tensor, 1)));
  EXPECT_EQ(memory[3], 9);
  DitherMemory bytes;
  dither_session_memory(session, &bytes);
  EXPECT_EQ(bytes.bound, 16u);
  EXPECT_EQ(released, 0);
  alignas(64) float other[4] = {};
  DLManagedTensor second = managed;
  second.dl_tensor.data = other;
  ASSERT_TRUE(ok(dither_session_bind(session, "sum", &second)));
  EXPECT_EQ(released, 1);
  dither_session_destroy(session);
  session = nullptr;
  EXPECT_EQ(released, 2);
}

TEST_F(SessionTest, PassesSeedAndStep) {
  std::vector<int64_t> seen(2);
  Tensor out(seen, {2}, i64);
  dither_session_set_seed(session, 1ull << 63);
  dither_session_set_step(session, 7);
  ASSERT_TRUE(ok(dither_session_call(session, function("random"), nullptr, 0,
                                     &out.tensor, 1)));
  EXPECT_EQ(static_cast<uint64_t>(seen[0]), 1ull << 63);
  EXPECT_EQ(seen[1], 7);
  EXPECT_EQ(dither_session_step(session), 7u);
}

TEST_F(SessionTest, PlansMemory) {
  int64_t dims[] = {100}, shape[2];
  uint64_t bytes = 0;
  uint32_t forward = function("forward");
  ASSERT_TRUE(
      ok(dither_artifact_arena_bytes(artifact, forward, dims, 1, &bytes)));
  EXPECT_EQ(bytes, 64u + 1600);
  ASSERT_TRUE(
      ok(dither_artifact_output_shape(artifact, forward, 0, dims, 1, shape)));
  EXPECT_EQ(shape[0], 100);
  EXPECT_EQ(shape[1], 4);
  ASSERT_TRUE(ok(dither_session_reserve(session, forward, dims, 1)));
  DitherMemory memory;
  dither_session_memory(session, &memory);
  EXPECT_EQ(memory.arena, bytes);
  EXPECT_EQ(memory.state, 16u + 6 + 16);
  EXPECT_EQ(memory.constants, 16u);
  EXPECT_EQ(memory.resident, memory.arena + memory.state + memory.constants);
}

TEST_F(SessionTest, ResolvesDims) {
  std::vector<float> x(20);
  Tensor in(x, {5, 4}, f32);
  in.tensor.data = nullptr; // shapes suffice
  int64_t dims[1] = {0};
  ASSERT_TRUE(ok(dither_artifact_resolve_dims(artifact, function("forward"),
                                              &in.tensor, 1, dims)));
  EXPECT_EQ(dims[0], 5);
}

TEST_F(SessionTest, RecordsCalls) {
  std::vector<int64_t> seen(2);
  Tensor out(seen, {2}, i64);
  uint32_t random = function("random");
  auto call = [&] {
    EXPECT_TRUE(
        ok(dither_session_call(session, random, nullptr, 0, &out.tensor, 1)));
  };
  call(); // before the start: not recorded
  ASSERT_TRUE(ok(dither_session_profile_start(session, 2)));
  for (int i = 0; i < 5; ++i)
    call();
  dither_session_profile_stop(session);
  call();
  size_t count = 0;
  uint64_t dropped = 0;
  const DitherProfileEvent *events =
      dither_session_profile_events(session, &count, &dropped);
  ASSERT_EQ(count, 2u);
  EXPECT_EQ(dropped, 3u);
  EXPECT_STREQ(events[0].function, "random");
  EXPECT_LE(events[0].begin + events[0].duration, events[1].begin);
  EXPECT_TRUE(fails(dither_session_profile_start(session, 0),
                    DITHER_INVALID_ARGUMENT, "out of range"));
}

int loops = 0;
void countLoops(DitherContext *context, DitherParallelBody body, void *env,
                int64_t extent) {
  ++*static_cast<int *>(context->host);
  for (int64_t i = extent; i-- > 0;)
    body(env, i, i + 1);
}

TEST_F(SessionTest, UsesTheHostsLoops) {
  dither_session_destroy(session);
  session = nullptr;
  loops = 0;
  DitherSessionOptions options = {0, countLoops, &loops, 0};
  ASSERT_TRUE(ok(dither_session_create(artifact, &options, &session)));
  EXPECT_EQ(dither_session_threads(session), 0u);
  std::vector<float> x = ramp(8), y(8);
  Tensor in(x, {2, 4}, f32), out(y, {2, 4}, f32);
  ASSERT_TRUE(ok(dither_session_call(session, function("forward"), &in.tensor,
                                     1, &out.tensor, 1)));
  EXPECT_EQ(loops, 1);
  EXPECT_EQ(y[7], 32);
}
} // namespace
