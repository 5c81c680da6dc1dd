//===- CudaBeginTest.cpp - Calls that are under way -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sessions open the driver of their process, so that each test has one of its
// own, and says on stderr what is wrong.
//
//===----------------------------------------------------------------------===//

#include "CudaSupport.h"

#include "runtime/session/Session.h"

#include <cstdio>

using namespace dither::runtime;
using namespace dither::test;

namespace {

constexpr char manifest[] = R"({
  "version": 2, "model": "m",
  "target": {"triple": "x86_64-unknown-linux-gnu", "device": "cuda",
             "versions": [{"name": "sm_80", "features": []}]},
  "tensors": [],
  "functions": [
    {"name": "f", "dims": ["batch"], "arena": [{"fixed": 0, "per_batch": 0}],
     "arguments": [
       {"kind": "input", "name": "x", "dtype": "i8", "shape": ["batch"]},
       {"kind": "output", "name": "y", "dtype": "i8", "shape": ["batch"]},
       {"kind": "arena"}]}]
})";

struct Bytes1 {
  void *base, *data;
  int64_t offset, size, stride;
};

/// Copies the input to the output.
int64_t blocks = 1;
void copyInput(DitherContext *context, void *const *arguments) {
  const auto *input = static_cast<const Bytes1 *>(arguments[0]);
  const auto *output = static_cast<const Bytes1 *>(arguments[1]);
  const int64_t grid[] = {blocks, 1, 1};
  const uint32_t none[] = {0};
  const void *const values[] = {&output->data, &input->data, &output->size};
  context->launch(context, 0, grid, values, none);
}

/// A session on an artifact of one function.
struct Called {
  Called() {
    setenv("DITHER_LIBCUDA", FakeCuda::path, 1);
    parts.abi_version = DITHER_ABI_VERSION;
    parts.functions = &function;
    parts.function_count = 1;
    parts.manifest = manifest;
    parts.manifest_size = sizeof(manifest) - 1;
    parts.kernels = &kernel;
    parts.kernel_count = 1;
    parts.images = &image;
    parts.image_count = 1;
    auto artifact = Artifact::openEmbedded(parts, "");
    check(artifact.error());
    if (artifact) {
      auto made = Session::create(*artifact, {});
      check(made.error());
      if (made)
        session = std::move(*made);
    }
    if (!session)
      finish();
  }
  Called(const Called &) = delete;

  void check(bool isRight, const std::string &what) {
    if (!isRight)
      said += what + "\n";
  }
  void check(const Error &error) {
    if (error)
      said += error.message() + "\n";
  }
  Error begin(Tensor &x, Tensor &y) {
    return session->begin(0, &x.tensor, 1, &y.tensor, 1);
  }
  [[noreturn]] void finish() {
    session = nullptr;
    std::fputs(said.c_str(), stderr);
    std::exit(said.empty() ? 0 : 1);
  }

  FakeCuda fake;
  const std::string ptx = ".target sm_80\n.visible .entry copy(\n";
  DitherFunctionEntry function = {"f", "sm_80", copyInput};
  DitherKernelEntry kernel = {"copy", "sm_80", {32, 1, 1}, 0,      3,
                              0,      0,       nullptr,    nullptr};
  DitherDeviceImage image = {
      "sm_80",
      "sm_80",
      DITHER_IMAGE_PTX,
      12000,
      reinterpret_cast<const unsigned char *>(ptx.c_str()),
      ptx.size() + 1};
  DitherEmbedded parts = {};
  std::unique_ptr<Session> session;
  std::string said;
};

using Numbers = std::vector<int8_t>;
constexpr DLDataType i8 = {kDLInt, 8, 1};

/// Each call has other memory of the host, and one is under way at a time.
void beginMany() {
  Called called;
  std::vector<Numbers> out(6, Numbers(8));
  Numbers in(8);
  for (int8_t i = 0; i < 6; ++i) {
    in.assign(8, int8_t(i + 1));
    Tensor x(in, {8}, i8), y(out[size_t(i)], {8}, i8);
    called.check(called.begin(x, y));
    in.assign(8, 100);
    for (int8_t j = 0; j < 6; ++j)
      called.check(out[size_t(j)] == Numbers(8, j < i ? int8_t(j + 1) : 0),
                   "call " + std::to_string(i) + ", output " +
                       std::to_string(j));
  }
  called.check(called.session->wait());
  called.check(out[5] == Numbers(8, 6), "the last output");
  // Launches are the same wherever tensors of the host are.
  std::string log = called.fake.log();
  called.check(log.find("graph of 1\n") == log.rfind("graph of 1\n") &&
                   log.find("graph of 1\n") != log.npos,
               "not one graph");
  called.finish();
}

/// What is recorded is of sizes; others are recorded anew.
void beginWithOtherSizes() {
  Called called;
  for (int64_t size : {4, 4, 4, 8, 8, 8, 4}) {
    Numbers in(static_cast<size_t>(size), 5), out(8);
    Tensor x(in, {size}, i8), y(out, {size}, i8);
    called.check(called.begin(x, y));
    called.check(called.session->wait());
    Numbers wanted = in;
    wanted.resize(8);
    called.check(out == wanted, "size " + std::to_string(size));
  }
  called.finish();
}

/// A call waits, also for what was begun before.
void callBehindOther() {
  Called called;
  Numbers in(8, 1), first(8), second(8);
  Tensor x(in, {8}, i8), y(first, {8}, i8), z(second, {8}, i8);
  called.check(called.begin(x, y));
  in.assign(8, 2);
  called.check(called.session->call(0, &x.tensor, 1, &z.tensor, 1));
  called.check(first == Numbers(8, 1), "the first output");
  called.check(second == Numbers(8, 2), "the second output");
  called.check(called.session->wait());
  called.finish();
}

/// Elements that the host has to put in their places are there at once.
void beginWithStrides() {
  Called called;
  Numbers in(8, 1), out(16);
  Tensor x(in, {8}, i8), y(out, {8}, i8, {2});
  called.check(called.begin(x, y));
  called.check(out == Numbers({1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0}),
               "the output");
  called.finish();
}

/// Of a profile, calls take as long as they take.
void beginInAProfile() {
  Called called;
  Numbers in(8, 1), out(8);
  Tensor x(in, {8}, i8), y(out, {8}, i8);
  called.check(called.session->startProfile(4));
  called.check(called.begin(x, y));
  called.check(out == in, "the output");
  called.check(called.session->eventCount() == 1, "no event");
  called.finish();
}

/// What is wrong with a call is told by it, where nobody has to wait for that.
void beginOnNoGrid() {
  Called called;
  Numbers in(8, 1), first(8), second(8);
  Tensor x(in, {8}, i8), y(first, {8}, i8), z(second, {8}, i8);
  called.check(called.begin(x, y));
  blocks = -1;
  Error error = called.begin(x, z);
  called.check(error.message().find("function 'f': device 0 (Fake 0): kernel "
                                    "'copy' on a grid of -1 x 1 x 1") == 0,
               error.message());
  // What was begun before has ended: its output may go.
  called.check(first == in && second == Numbers(8), "the outputs");
  called.check(called.session->wait());
  called.check(first == in && second == Numbers(8), "the outputs");
  called.finish();
}

/// So it is where a call is not begun at all.
void beginWithAWrongShape() {
  Called called;
  Numbers in(8, 1), first(8), small(4);
  Tensor x(in, {8}, i8), y(first, {8}, i8), z(small, {4}, i8);
  called.check(called.begin(x, y));
  Error error = called.begin(x, z);
  called.check(error.code() == Code::InvalidArgument, error.message());
  called.check(first == in, "the output of the call before");
  called.finish();
}

/// What fails while it runs is told by what follows.
void beginWithAFault() {
  Called called;
  Numbers in(8, 1), out(8);
  Tensor x(in, {8}, i8), y(out, {8}, i8);
  called.check(called.begin(x, y));
  called.fake.set("FAKE_CUDA_SYNCHRONIZE", "700");
  Error error = called.session->wait();
  called.check(error.message().find(
                   "function 'f': device 0 (Fake 0): running kernels: an "
                   "illegal memory access was encountered") == 0,
               error.message());
  called.check(out == Numbers(8), "the output");
  called.finish();
}

class CudaBeginDeathTest : public testing::TestWithParam<void (*)()> {};

TEST_P(CudaBeginDeathTest, InAProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(GetParam()(), testing::ExitedWithCode(0), "");
}

INSTANTIATE_TEST_SUITE_P(All, CudaBeginDeathTest,
                         testing::Values(beginMany, beginWithOtherSizes,
                                         callBehindOther, beginWithStrides,
                                         beginInAProfile, beginOnNoGrid,
                                         beginWithAWrongShape,
                                         beginWithAFault));

} // namespace
