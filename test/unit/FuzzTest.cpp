//===- FuzzTest.cpp - Random programs, and what is left of them -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Check/Fuzz.h"
#include "Support.h"
#include "compiler/Check/Compose.h"
#include "compiler/Check/Reduce.h"
#include "mlir/IR/Verifier.h"
#include <gtest/gtest.h>
#include <set>

using namespace mlir;
using namespace dither;
using namespace dither::test;

static std::string print(func::FuncOp function) {
  std::string text;
  llvm::raw_string_ostream(text) << function;
  return text;
}

static bool has(func::FuncOp function, StringRef op) {
  bool found = false;
  function.walk([&](Operation *other) {
    found |= other->getName().getStringRef() == op;
  });
  return found;
}

//===- Composition --------------------------------------------------------===//

TEST(Fuzz, ProgramsAreValidAndHaveEveryOp) {
  Program program("");
  auto cases = CheckCases::load(program.getContext());
  ASSERT_TRUE(succeeded(cases)) << program.diagnostics;
  std::set<StringRef> wanted, found;
  for (const CheckCase &c : cases->get())
    wanted.insert(c.getOp()->getName().getStringRef());
  Composer composer(cases->get());
  for (int64_t number = 0; number < 1000; ++number) {
    auto function = composer.compose(/*seed=*/1, number);
    ASSERT_TRUE(succeeded(verify(*function))) << program.diagnostics;
    function->walk([&](Operation *op) {
      if (wanted.count(op->getName().getStringRef()))
        found.insert(op->getName().getStringRef());
    });
  }
  EXPECT_EQ(found, wanted);
}

TEST(Fuzz, AProgramDependsOnSeedAndNumberAlone) {
  Program program("");
  auto cases = CheckCases::load(program.getContext());
  ASSERT_TRUE(succeeded(cases)) << program.diagnostics;
  Composer first(cases->get()), second(cases->get());
  (void)first.compose(7, 1);
  std::string a = print(*first.compose(7, 2));
  EXPECT_EQ(a, print(*second.compose(7, 2)));
  EXPECT_NE(a, print(*second.compose(8, 2)));
}

//===- Noise --------------------------------------------------------------===//

namespace {
/// Interprets, then changes the first element of the result.
class OffRunner : public KernelRunner {
public:
  explicit OffRunner(double difference) : difference(difference) {}
  LogicalResult load(ModuleOp source) override {
    module = source.clone();
    return success();
  }
  FailureOr<Tensors> call(StringRef name, const Tensors &inputs) override {
    ModelOp model = *module->getOps<ModelOp>().begin();
    auto results = interpretSeeded(
        SymbolTable(model).lookup<func::FuncOp>(name), inputs, 0);
    if (succeeded(results))
      results->front().set(
          0, Scalar::of(results->front().getDouble(0) + difference));
    return results;
  }

private:
  double difference;
  OwningOpRef<ModuleOp> module;
};
} // namespace

static FuzzVerdict compare(const std::string &body, double difference) {
  Program program("func.func @f(%a: tensor<3xf32>) -> tensor<3xf32> {\n" +
                  body + "\n return %y : tensor<3xf32> }");
  EXPECT_TRUE(program) << program.diagnostics;
  OffRunner runner(difference);
  auto verdicts = comparePrograms(program.get("f"), runner, /*seed=*/0);
  return succeeded(verdicts) ? verdicts->front() : FuzzVerdict();
}

TEST(Fuzz, ADifferenceIsAFailure) {
  std::string body = "%y = dither.tanh %a : tensor<3xf32>";
  EXPECT_EQ(compare(body, 1e-6).failure, "");
  FuzzVerdict verdict = compare(body, 1e-3);
  EXPECT_NE(verdict.failure.find("result 0: 1 of 3 elements differ"),
            std::string::npos)
      << verdict.failure;
  EXPECT_EQ(verdict.numLeftOut, 0);
}

TEST(Fuzz, AStepThatNoiseTakesIsNone) {
  // What is close to 3 is rounded down, or not.
  std::string body = "%t = dither.tanh %a : tensor<3xf32>\n"
                     "%z = dither.sub %t, %t : tensor<3xf32>, tensor<3xf32>\n"
                     "%c = dither.constant dense<2.999999> : tensor<f32>\n"
                     "%s = dither.add %z, %c : tensor<3xf32>, tensor<f32>\n"
                     "%y = dither.floor %s : tensor<3xf32>";
  FuzzVerdict verdict = compare(body, 1);
  EXPECT_EQ(verdict.failure, "");
  EXPECT_EQ(verdict.numLeftOut, 1);
  EXPECT_NE(compare("%y = dither.floor %a : tensor<3xf32>", 1).failure, "");
}

//===- Reduction ----------------------------------------------------------===//

TEST(Fuzz, ReducesToWhatFails) {
  Program program(R"(
    func.func @f(%a: tensor<?x7xf32>, %b: tensor<7x13xf32>, %c: tensor<13xf32>,
                 %d: tensor<4xi32>) -> (tensor<?x13xf32>, tensor<4xi32>,
                                        tensor<?x13xf32>) {
      %e = dither.exp %a : tensor<?x7xf32>
      %s = dither.add %e, %a : tensor<?x7xf32>, tensor<?x7xf32>
      %m = dither.matmul %s, %b : tensor<?x7xf32>, tensor<7x13xf32>
      %z = dither.add %m, %c : tensor<?x13xf32>, tensor<13xf32>
      %t = dither.tanh %z : tensor<?x13xf32>
      %n = dither.neg %t : tensor<?x13xf32>
      %q = dither.mul %n, %t : tensor<?x13xf32>, tensor<?x13xf32>
      %i = dither.not %d : tensor<4xi32>
      return %q, %i, %n : tensor<?x13xf32>, tensor<4xi32>, tensor<?x13xf32>
    })");
  ASSERT_TRUE(program) << program.diagnostics;
  // A product whose result, at last, is an argument of tanh.
  auto reduced = reduceFunction(program.get("f"), [](func::FuncOp f) {
    EXPECT_TRUE(succeeded(verify(f)));
    return has(f, "dither.matmul") && has(f, "dither.tanh");
  });
  EXPECT_EQ(reduced->getNumArguments(), 0u);
  auto small =
      RankedTensorType::get({1, 1}, Float32Type::get(program.getContext()));
  EXPECT_TRUE(TypeRange(reduced->getResultTypes()) == TypeRange(Type(small)));
  std::multiset<std::string> ops;
  for (Operation &op : reduced->getBody().front().without_terminator())
    if (!isa<ConstantOp>(op))
      ops.insert(op.getName().getStringRef().str());
  EXPECT_EQ(ops, (std::multiset<std::string>{"dither.matmul", "dither.tanh"}));
}

TEST(Fuzz, ReducesToFewerResults) {
  Program program(R"(
    func.func @f(%a: tensor<3xf32>, %b: tensor<3xf32>) -> (tensor<3xf32>,
        tensor<3xf32>, tensor<3xf32>) {
      %e = dither.exp %a : tensor<3xf32>
      %t = dither.tanh %b : tensor<3xf32>
      %n = dither.neg %t : tensor<3xf32>
      return %e, %t, %n : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
    })");
  ASSERT_TRUE(program) << program.diagnostics;
  auto reduced = reduceFunction(program.get("f"), [](func::FuncOp f) {
    return has(f, "dither.exp") && has(f, "dither.neg") &&
           f.getNumArguments() > 0;
  });
  EXPECT_EQ(reduced->getNumResults(), 2u);
  EXPECT_EQ(reduced->getNumArguments(), 1u);
  EXPECT_FALSE(has(*reduced, "dither.tanh"));
}
