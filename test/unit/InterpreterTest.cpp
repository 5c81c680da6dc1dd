//===- InterpreterTest.cpp - What the interpreter accepts -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace dither;
using namespace dither::test;

static HostTensor ones(Program &program, ArrayRef<int64_t> shape) {
  auto type =
      RankedTensorType::get(shape, Float32Type::get(program.getContext()));
  return makeRandom(type, 1, 1, 0);
}

/// The messages after running `@f` on ones of the given shapes, which fails.
static std::string failWith(const std::string &text,
                            const std::vector<std::vector<int64_t>> &shapes) {
  Program program(text);
  EXPECT_TRUE(program) << program.diagnostics;
  Tensors arguments;
  for (const auto &shape : shapes)
    arguments.push_back(ones(program, shape));
  EXPECT_TRUE(program.run("f", arguments).empty());
  return program.diagnostics;
}

static bool has(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

static const std::string add =
    "func.func @f(%x: tensor<?x3xf32>, %y: tensor<?xf32>) -> tensor<?x3xf32> {"
    "  %z = dither.add %x, %x : tensor<?x3xf32>, tensor<?x3xf32>"
    "  return %z : tensor<?x3xf32> }";

TEST(Interpreter, ChecksArguments) {
  EXPECT_TRUE(has(failWith(add, {{2, 3}}), "takes 2 arguments, got 1"));
  EXPECT_TRUE(has(failWith(add, {{2, 4}, {2}}),
                  "argument 0 is 'tensor<?x3xf32>', got tensor<2x4xf32>"));
  EXPECT_TRUE(has(failWith(add, {{2, 3}, {5}}),
                  "argument 1 has extent 5 in dimension 0, but argument 0 has "
                  "2"));
}

TEST(Interpreter, FindsExtentsThatDisagree) {
  std::string text =
      "func.func @f(%x: tensor<?x3xf32>, %y: tensor<4x3xf32>) -> "
      "tensor<4x3xf32> {"
      "  %z = dither.add %y, %x : tensor<4x3xf32>, tensor<?x3xf32>"
      "  return %z : tensor<4x3xf32> }";
  EXPECT_TRUE(
      has(failWith(text, {{5, 3}, {4, 3}}), "(C2) shapes do not broadcast"));
}

TEST(Interpreter, AsksForBindings) {
  std::string text = "func.func @f() -> tensor<2xi64> {"
                     "  %r = dither.rng : tensor<2xi64>"
                     "  return %r : tensor<2xi64> }";
  EXPECT_TRUE(has(failWith(text, {}), "dither-bind-parameters"));
}

TEST(Interpreter, NamesWhatHasNoMeaning) {
  std::string text = "func.func @f(%x: tensor<f32>) -> tensor<f32> {"
                     "  %y = math.exp %x : tensor<f32>"
                     "  return %y : tensor<f32> }";
  EXPECT_TRUE(has(failWith(text, {{}}), "has no reference meaning"));
}

TEST(Interpreter, FollowsCalls) {
  Program program("func.func private @g(%x: tensor<?xf32>) -> tensor<?xf32> {"
                  "  %y = dither.add %x, %x : tensor<?xf32>, tensor<?xf32>"
                  "  return %y : tensor<?xf32> }"
                  "func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> {"
                  "  %y = func.call @g(%x) : (tensor<?xf32>) -> tensor<?xf32>"
                  "  %z = func.call @g(%y) : (tensor<?xf32>) -> tensor<?xf32>"
                  "  return %z : tensor<?xf32> }");
  Tensors results = program.run("f", {ones(program, {3})});
  ASSERT_EQ(results.size(), 1u) << program.diagnostics;
  EXPECT_EQ(toDoubles(results[0]), (std::vector<double>{4, 4, 4}));
}

TEST(Interpreter, RefusesRecursion) {
  std::string text = "func.func @f(%x: tensor<f32>) -> tensor<f32> {"
                     "  %y = func.call @f(%x) : (tensor<f32>) -> tensor<f32>"
                     "  return %y : tensor<f32> }";
  EXPECT_TRUE(has(failWith(text, {{}}), "is recursive"));
}

TEST(Interpreter, LeavesTheFunctionAsItIs) {
  Program program("func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> {"
                  "  %y = dither.gelu %x : tensor<?xf32>"
                  "  return %y : tensor<?xf32> }");
  ASSERT_FALSE(program.run("f", {ones(program, {3})}).empty());
  auto ops = program.get("f").getOps<GeluOp>();
  EXPECT_TRUE(llvm::hasSingleElement(ops));
}

TEST(Initializers, DependOnSeedAndPosition) {
  Program program(
      "dither.model @m {"
      "  dither.param @a : tensor<8x4xf32> init #dither.kaiming_uniform"
      "  dither.param @b : tensor<8x4xf32> init #dither.kaiming_uniform"
      "  dither.param @c : tensor<3xf32> init #dither.fill<0.5> }");
  ASSERT_TRUE(program) << program.diagnostics;
  SmallVector<ParamOp> params;
  program.getModule().walk([&](ParamOp param) { params.push_back(param); });
  auto initialize = [&](unsigned i, int64_t seed) {
    auto tensor = evaluateInitializer(params[i], seed);
    EXPECT_TRUE(succeeded(tensor)) << program.diagnostics;
    return toDoubles(*tensor);
  };
  EXPECT_EQ(initialize(0, 1), initialize(0, 1));
  EXPECT_NE(initialize(0, 1), initialize(0, 2));
  EXPECT_NE(initialize(0, 1), initialize(1, 1));
  EXPECT_EQ(initialize(2, 1), (std::vector<double>{0.5, 0.5, 0.5}));
}
