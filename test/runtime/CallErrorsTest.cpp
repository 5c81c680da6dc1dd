//===- CallErrorsTest.cpp - What a session refuses ------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestArtifact.h"

#include "runtime/session/HostTensor.h"

#include <atomic>
#include <thread>

using namespace dither::test;
namespace rt = dither::runtime;

namespace {
class CallErrorsTest : public ToyTest {
protected:
  CallErrorsTest() : x(12), y(12), in(x, {3, 4}, f32), out(y, {3, 4}, f32) {}
  DitherStatus *forward() {
    return dither_session_call(session, function("forward"), &in.tensor, 1,
                               &out.tensor, 1);
  }
  testing::AssertionResult refuses(const std::string &part) {
    return fails(forward(), DITHER_INVALID_ARGUMENT, part);
  }

  std::vector<float> x, y;
  Tensor in, out;
};

TEST_F(CallErrorsTest, Counts) {
  uint32_t f = function("forward");
  EXPECT_TRUE(fails(dither_session_call(session, 99, nullptr, 0, nullptr, 0),
                    DITHER_INVALID_ARGUMENT, "function 99 does not exist"));
  EXPECT_TRUE(fails(dither_session_call(session, f, nullptr, 1, nullptr, 0),
                    DITHER_INVALID_ARGUMENT, "0 were given"));
  EXPECT_TRUE(
      fails(dither_session_call(session, f, &in.tensor, 2, &out.tensor, 1),
            DITHER_INVALID_ARGUMENT, "has 1 inputs ('x'), 2 were given"));
  EXPECT_TRUE(fails(dither_session_call(session, f, &in.tensor, 1, nullptr, 0),
                    DITHER_INVALID_ARGUMENT,
                    "has 1 outputs ('y'), 0 were given"));
  EXPECT_TRUE(fails(dither_session_call(nullptr, f, nullptr, 0, nullptr, 0),
                    DITHER_INVALID_ARGUMENT, "'session' is a null pointer"));
  EXPECT_TRUE(fails(dither_session_begin(nullptr, f, nullptr, 0, nullptr, 0),
                    DITHER_INVALID_ARGUMENT, "'session' is a null pointer"));
  EXPECT_TRUE(fails(dither_session_begin(session, 99, nullptr, 0, nullptr, 0),
                    DITHER_INVALID_ARGUMENT, "function 99 does not exist"));
  EXPECT_TRUE(fails(dither_session_wait(nullptr), DITHER_INVALID_ARGUMENT,
                    "'session' is a null pointer"));
}

TEST_F(CallErrorsTest, Types) {
  in.tensor.dtype = f64;
  EXPECT_TRUE(refuses("'forward', input 'x': its type is f64, it must be f32"));
  in.tensor.dtype = {kDLFloat, 32, 4};
  EXPECT_TRUE(refuses("DLPack type 2 of 32 bits and 4 lanes"));
}

TEST_F(CallErrorsTest, Shapes) {
  in.shape[1] = 5;
  EXPECT_TRUE(refuses("its shape is 3x5, it must be batchx4"));
  in.shape[1] = 4;
  in.shape[0] = -3;
  EXPECT_TRUE(refuses("its shape is -3x4"));
  in.shape[0] = 3;
  in.tensor.ndim = 1;
  EXPECT_TRUE(refuses("its shape is 3, it must be batchx4"));
  in.tensor.ndim = -1;
  EXPECT_TRUE(refuses("must be batchx4"));
  in.tensor.ndim = 2;
  in.tensor.shape = nullptr;
  EXPECT_TRUE(refuses("null pointer"));
  in.tensor.shape = in.shape.data();
  out.shape[0] = 2;
  EXPECT_TRUE(refuses("output 'y': dimension 0 is 2, but 'batch' is 3"));
  in.shape[0] = INT64_MAX;
  EXPECT_TRUE(refuses("too large"));
}

TEST_F(CallErrorsTest, InputsMustAgree) {
  std::vector<uint8_t> m(9);
  std::vector<float> s(2), z(3);
  Tensor mask(m, {3, 3}, i1), other(s, {2}, f32), result(z, {3}, f32);
  DLTensor inputs[] = {mask.tensor, other.tensor};
  EXPECT_TRUE(fails(dither_session_call(session, function("select"), inputs, 2,
                                        &result.tensor, 1),
                    DITHER_INVALID_ARGUMENT,
                    "input 's': dimension 0 is 2, but 'batch' is 3"));
}

TEST_F(CallErrorsTest, Memory) {
  in.tensor.data = nullptr;
  EXPECT_TRUE(refuses("null pointer"));
  in.tensor.data = x.data();
  in.tensor.byte_offset = 2;
  EXPECT_TRUE(refuses("not aligned to their element of 4 bytes"));
  in.tensor.byte_offset = 0;
  in.tensor.device.device_type = kDLCUDA;
  EXPECT_TRUE(refuses("DLPack device 2"));
}

TEST_F(CallErrorsTest, Strides) {
  int64_t far[2] = {INT64_MAX, 1}, zero[2] = {0, 1}, crossed[2] = {2, 1};
  in.tensor.strides = far;
  EXPECT_TRUE(refuses("reach beyond the memory"));
  far[0] = INT64_MIN;
  EXPECT_TRUE(refuses("reach beyond the memory"));
  in.tensor.strides = nullptr;
  out.tensor.strides = zero;
  EXPECT_TRUE(refuses("overlap each other"));
  out.tensor.strides = crossed;
  EXPECT_TRUE(refuses("overlap each other"));
}

TEST_F(CallErrorsTest, Overlaps) {
  out.tensor.data = x.data();
  EXPECT_TRUE(refuses("output 'y': its memory overlaps input 'x'"));
  std::vector<float> loss(1);
  Tensor scalar(loss, {}, f32);
  DLTensor state;
  ASSERT_TRUE(ok(dither_session_view(session, "sum", &state)));
  EXPECT_TRUE(fails(dither_session_call(session, function("train"), &state, 1,
                                        &scalar.tensor, 1),
                    DITHER_INVALID_ARGUMENT, "overlaps tensor 'sum'"));
  DLTensor constant;
  ASSERT_TRUE(ok(dither_session_view(session, "w", &constant)));
  out.tensor.data = constant.data;
  out.shape[0] = in.shape[0] = 1;
  EXPECT_TRUE(refuses("overlaps tensor 'w'"));
}

TEST_F(CallErrorsTest, Booleans) {
  std::vector<uint8_t> m = {0, 1, 0, 1, 2, 1};
  std::vector<float> s(2), z(2);
  Tensor mask(m, {2, 3}, i1), in2(s, {2}, f32), result(z, {2}, f32);
  DLTensor inputs[] = {mask.tensor, in2.tensor};
  auto call = [&] {
    return dither_session_call(session, function("select"), inputs, 2,
                               &result.tensor, 1);
  };
  EXPECT_TRUE(fails(call(), DITHER_INVALID_ARGUMENT, "neither 0 nor 1"));
  m[4] = 1;
  inputs[0].dtype = {kDLUInt, 8, 1}; // as older producers say
  EXPECT_TRUE(ok(call()));
  int64_t strides[2] = {1, 2};
  inputs[0].strides = strides;
  EXPECT_TRUE(ok(call()));
  m[5] = 3;
  EXPECT_TRUE(fails(call(), DITHER_INVALID_ARGUMENT, "neither 0 nor 1"));
}

TEST_F(CallErrorsTest, ImpossibleSizes) {
  uint32_t f = function("forward");
  int64_t dims[] = {int64_t(1) << 45};
  EXPECT_TRUE(fails(dither_session_reserve(session, f, dims, 1),
                    DITHER_OUT_OF_MEMORY, "the arena of function 'forward'"));
  dims[0] = INT64_MAX;
  EXPECT_TRUE(fails(dither_session_reserve(session, f, dims, 1),
                    DITHER_OUT_OF_MEMORY, "impossible arena"));
  EXPECT_TRUE(ok(forward())); // the session has survived
}

/// Tensors that were taken once are checked again as soon as anything differs.
TEST_F(CallErrorsTest, AfterTheSameCall) {
  ASSERT_TRUE(ok(forward()));
  ASSERT_TRUE(ok(forward()));
  out.tensor.data = x.data();
  EXPECT_TRUE(refuses("overlaps input 'x'"));
  out.tensor.data = y.data();
  ASSERT_TRUE(ok(forward()));
  in.shape[0] = 2; // where the tensor's pointer is the same
  EXPECT_TRUE(refuses("'batch' is 2"));
  in.shape[0] = 3;
  ASSERT_TRUE(ok(forward()));
  in.tensor.ndim = 1;
  EXPECT_TRUE(refuses("its shape is 3, it must be batchx4"));
  in.tensor.ndim = 2;
  in.tensor.dtype.bits = 64;
  EXPECT_TRUE(refuses("its type is f64"));
  in.tensor.dtype = f32;
  in.tensor.device.device_type = kDLCUDA;
  EXPECT_TRUE(refuses("it is on DLPack device"));
  in.tensor.device.device_type = kDLCPU;
  in.tensor.byte_offset = 1;
  EXPECT_TRUE(refuses("not aligned"));
  in.tensor.byte_offset = 0;
  in.tensor.shape = nullptr;
  EXPECT_TRUE(refuses("its shape is a null pointer"));
  in.tensor.shape = in.shape.data();
  ASSERT_TRUE(ok(forward()));
  // As many tensors, but otherwise.
  DLTensor both[] = {in.tensor, out.tensor};
  EXPECT_TRUE(fails(
      dither_session_call(session, function("forward"), both, 2, nullptr, 0),
      DITHER_INVALID_ARGUMENT, "has 1 inputs"));
  // A failed call is no call that went well.
  EXPECT_TRUE(fails(
      dither_session_call(session, function("forward"), both, 2, nullptr, 0),
      DITHER_INVALID_ARGUMENT, "has 1 inputs"));
  ASSERT_TRUE(ok(forward()));
}

TEST_F(CallErrorsTest, Tensors) {
  std::vector<float> values(8);
  Tensor source(values, {4}, f32), wrong(values, {3}, f32);
  constexpr DitherCode invalid = DITHER_INVALID_ARGUMENT;
  EXPECT_TRUE(fails(dither_session_set(session, "v", &source.tensor),
                    DITHER_NOT_FOUND, "'toy' has no tensor 'v'"));
  EXPECT_TRUE(fails(dither_session_set(session, "w", &source.tensor), invalid,
                    "'w' is a constant"));
  EXPECT_TRUE(fails(dither_session_set(session, "sum", &wrong.tensor), invalid,
                    "tensor 'sum': its shape is 3, it must be 4"));
  EXPECT_TRUE(fails(dither_session_set(session, "sum", nullptr), invalid,
                    "'source' is a null pointer"));
  EXPECT_TRUE(fails(dither_session_get(session, "v", &source.tensor),
                    DITHER_NOT_FOUND, "'v'"));
  EXPECT_TRUE(fails(dither_session_get(session, "sum", &wrong.tensor), invalid,
                    "destination: its shape"));
  int64_t zero[1] = {0};
  source.tensor.strides = zero;
  EXPECT_TRUE(fails(dither_session_get(session, "sum", &source.tensor), invalid,
                    "overlap each other"));
  DLTensor view;
  EXPECT_TRUE(
      fails(dither_session_view(session, "v", &view), DITHER_NOT_FOUND, "'v'"));
  std::vector<uint8_t> mask = {0, 1, 2, 0, 0, 0};
  Tensor bits(mask, {2, 3}, i1);
  EXPECT_TRUE(fails(dither_session_set(session, "mask", &bits.tensor), invalid,
                    "neither 0 nor 1"));
}

TEST_F(CallErrorsTest, Binds) {
  alignas(64) float memory[32] = {};
  std::vector<float> dummy(4);
  Tensor tensor(dummy, {4}, f32);
  DLManagedTensor managed = {tensor.tensor, nullptr, nullptr};
  managed.dl_tensor.data = memory + 1;
  constexpr DitherCode invalid = DITHER_INVALID_ARGUMENT;
  EXPECT_TRUE(fails(dither_session_bind(session, "sum", &managed), invalid,
                    "aligned to 64 bytes; use dither_session_set"));
  managed.dl_tensor.data = memory;
  int64_t gaps[1] = {2};
  managed.dl_tensor.strides = gaps;
  EXPECT_TRUE(fails(dither_session_bind(session, "sum", &managed), invalid,
                    "row-major"));
  managed.dl_tensor.strides = nullptr;
  EXPECT_TRUE(fails(dither_session_bind(session, "w", &managed), invalid,
                    "is a constant"));
  EXPECT_TRUE(fails(dither_session_bind(session, "sum", nullptr), invalid,
                    "null pointer"));
  ASSERT_TRUE(ok(dither_session_bind(session, "sum", &managed)));
  DLManagedTensor second = managed;
  EXPECT_TRUE(fails(dither_session_bind(session, "start", &second), invalid,
                    "overlaps that of tensor 'sum'"));
  dither_session_destroy(session); // before what is bound goes
  session = nullptr;
}

TEST_F(CallErrorsTest, Threads) {
  DitherSessionOptions options = {100000, nullptr, nullptr, 0};
  DitherSession *other = nullptr;
  EXPECT_TRUE(fails(dither_session_create(artifact, &options, &other),
                    DITHER_INVALID_ARGUMENT, "100000 threads are too many"));
  EXPECT_EQ(other, nullptr);
}

/// A parallel_for that calls the session from another thread meanwhile.
struct Intruder {
  DitherSession *session;
  uint32_t function;
  DLTensor in, out;
  DitherStatus *status = nullptr;
  static void loop(DitherContext *context, DitherParallelBody body, void *env,
                   int64_t extent) {
    auto &self = *static_cast<Intruder *>(context->host);
    std::thread([&] {
      self.status = dither_session_call(self.session, self.function, &self.in,
                                        1, &self.out, 1);
    }).join();
    body(env, 0, extent);
  }
};

TEST_F(CallErrorsTest, OneThreadAtATime) {
  Intruder intruder = {nullptr, function("forward"), in.tensor, out.tensor};
  DitherSessionOptions options = {0, Intruder::loop, &intruder, 0};
  ASSERT_TRUE(ok(dither_session_create(artifact, &options, &intruder.session)));
  EXPECT_TRUE(ok(dither_session_call(intruder.session, intruder.function,
                                     &in.tensor, 1, &out.tensor, 1)));
  EXPECT_TRUE(fails(intruder.status, DITHER_BUSY, "another thread"));
  dither_session_destroy(intruder.session);
}

TEST(HostTensor, KnowsDistinctElements) {
  auto distinct = [](const std::vector<int64_t> &shape,
                     const std::vector<int64_t> &strides) {
    std::vector<float> data(1000);
    Tensor tensor(data, shape, f32, strides);
    tensor.tensor.data = &data[500];
    rt::TensorSpec spec;
    spec.element = rt::Element::F32;
    spec.shape = shape;
    rt::HostTensor checked;
    EXPECT_FALSE(
        checkHostTensor(tensor.tensor, spec, {}, nullptr, "t", checked));
    return hasDistinctElements(checked);
  };
  EXPECT_TRUE(distinct({3, 4}, {4, 1}));
  EXPECT_TRUE(distinct({3, 4}, {1, 3}));
  EXPECT_TRUE(distinct({3, 4}, {-4, -1}));
  EXPECT_TRUE(distinct({3, 1, 4}, {4, 0, 1}));
  EXPECT_TRUE(distinct({0, 4}, {0, 0}));
  EXPECT_FALSE(distinct({3, 4}, {3, 1}));
  EXPECT_FALSE(distinct({3, 4}, {0, 1}));
  EXPECT_FALSE(distinct({2, 2}, {1, -1}));
}
} // namespace
