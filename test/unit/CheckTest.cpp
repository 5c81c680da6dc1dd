//===- CheckTest.cpp - That checks of ops find what is wrong --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Wrong derivatives are made by dither.surrogate, whose gradient is that of
// another value; wrong kernels by a runner that interprets, and spoils results.
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include "compiler/Check/CheckOps.h"
#include "compiler/Check/Slopes.h"
#include "compiler/Check/Variants.h"
#include <cmath>
#include <functional>
#include <gtest/gtest.h>

using namespace mlir;
using namespace dither;
using namespace dither::test;

namespace {
/// A runner that compiles nothing.
class FakeRunner : public KernelRunner {
public:
  std::function<bool(func::FuncOp)> rejects = [](func::FuncOp) {
    return false;
  };
  std::function<void(func::FuncOp, Tensors &)> spoil = [](func::FuncOp,
                                                          Tensors &) {};
  int numLoads = 0;

  LogicalResult load(ModuleOp source) override {
    ++numLoads;
    module = source.clone();
    WalkResult result = module->walk([&](func::FuncOp function) {
      return rejects(function) ? WalkResult::interrupt()
                               : WalkResult::advance();
    });
    return failure(result.wasInterrupted());
  }
  FailureOr<Tensors> call(StringRef name, const Tensors &inputs) override {
    ModelOp model = *module->getOps<ModelOp>().begin();
    auto function = SymbolTable(model).lookup<func::FuncOp>(name);
    auto results = interpretSeeded(function, inputs, /*seed=*/0);
    if (succeeded(results))
      spoil(function, *results);
    return results;
  }

private:
  OwningOpRef<ModuleOp> module;
};
} // namespace

static const std::string matrix = "tensor<?x3xf64>";

/// A case @f of one argument, %a, whose result is %y.
static std::string makeCase(const std::string &body,
                            const std::string &name = "f") {
  return "dither.model @m { func.func @" + name + "(%a: " + matrix + ") -> " +
         matrix + " {\n" + body + "\n return %y : " + matrix + "\n } }";
}

static GradientErrors getErrors(const std::string &body) {
  Program program(makeCase(body));
  EXPECT_TRUE(program) << program.diagnostics;
  func::FuncOp f = program.get("f");
  auto errors = checkGradients(f, drawArguments(f, 4, 0), 4, true, 0);
  EXPECT_TRUE(succeeded(errors)) << program.diagnostics;
  return succeeded(errors) ? *errors : GradientErrors();
}

/// The square of %a with the gradient of `proxy`.
static std::string squareLike(const std::string &proxy) {
  return "%v = dither.mul %a, %a : " + matrix + ", " + matrix + "\n" + proxy +
         "\n%y = dither.surrogate %v for %p : " + matrix;
}

TEST(Check, CorrectGradientsPass) {
  GradientErrors errors = getErrors(
      squareLike("%p = dither.mul %a, %a : " + matrix + ", " + matrix));
  EXPECT_LT(errors.first, 1e-12);
  EXPECT_LT(*errors.second, 1e-10);
}

TEST(Check, FindsADerivativeThatIsSlightlyWrong) {
  GradientErrors errors = getErrors(
      squareLike("%c = dither.constant dense<1.000001> : tensor<f64>\n"
                 "%s = dither.mul %a, %a : " +
                 matrix + ", " + matrix +
                 "\n"
                 "%p = dither.mul %s, %c : " +
                 matrix + ", tensor<f64>"));
  EXPECT_GT(errors.first, gradientTolerance);
  EXPECT_LT(errors.first, 1e-5);
}

TEST(Check, FindsASecondDerivativeThatIsWrong) {
  // 2 a stop(a): the gradient is right, and its derivative 0.
  GradientErrors errors =
      getErrors(squareLike("%s = dither.stop_gradient %a : " + matrix +
                           "\n"
                           "%h = dither.mul %a, %s : " +
                           matrix + ", " + matrix +
                           "\n"
                           "%p = dither.add %h, %h : " +
                           matrix + ", " + matrix));
  EXPECT_LT(errors.first, 1e-12);
  EXPECT_GT(*errors.second, 0.5);
}

TEST(Check, SlopesHoldBesideKinks) {
  for (double x : {1e-4, 0.004, 0.02, 0.3}) {
    auto difference = [&](double h) {
      return (std::fabs(x + h) - std::fabs(x - h)) / (2 * h);
    };
    EXPECT_NEAR(extrapolateSlope(difference), 1, 1e-10) << x;
  }
  auto difference = [](double h) {
    return (std::log(0.1 + h) - std::log(0.1 - h)) / (2 * h);
  };
  EXPECT_NEAR(extrapolateSlope(difference), 10, 1e-8);
}

TEST(Check, SaysWhatHasNoCase) {
  Program program("");
  auto cases = CheckCases::parse(program.getContext(), "G",
                                 makeCase("%y = dither.exp %a : " + matrix));
  ASSERT_TRUE(succeeded(cases)) << program.diagnostics;
  auto isAsked = [](StringRef op) {
    return op == "dither.exp" || op == "dither.log" || op == "dither.model";
  };
  EXPECT_EQ(findMissingCases(program.getContext(), cases->get(), isAsked),
            std::vector<std::string>{"dither.log has no case"});
}

TEST(Check, AnOpWithGradientsNeedsACaseInF64) {
  Program program("");
  auto cases = CheckCases::parse(
      program.getContext(), "G",
      "func.func @f(%a: tensor<3xf32>) -> tensor<3xf32> {\n"
      "  %y = dither.exp %a : tensor<3xf32>\n  return %y : tensor<3xf32> }");
  ASSERT_TRUE(succeeded(cases)) << program.diagnostics;
  auto isExp = [](StringRef op) { return op == "dither.exp"; };
  EXPECT_EQ(
      findMissingCases(program.getContext(), cases->get(), isExp),
      std::vector<std::string>{"dither.exp has gradients and no case in f64"});
}

TEST(Check, EveryOpHasACase) {
  Program program("");
  auto cases = CheckCases::load(program.getContext());
  ASSERT_TRUE(succeeded(cases)) << program.diagnostics;
  EXPECT_EQ(findMissingCases(program.getContext(), cases->get(),
                             [](StringRef) { return true; }),
            std::vector<std::string>());
}

TEST(Check, CasesSayNothingThatNobodyReads) {
  auto reject = [](const std::string &text, const std::string &message) {
    Program program("");
    EXPECT_TRUE(failed(CheckCases::parse(program.getContext(), "G", text)));
    EXPECT_NE(program.diagnostics.find(message), std::string::npos)
        << program.diagnostics;
  };
  std::string end = " { %y = dither.neg %a : tensor<3xf32>\n"
                    "return %y : tensor<3xf32> }";
  std::string begin = "func.func @f(%a: tensor<3xf32>";
  reject(begin + ") -> tensor<3xf32> attributes {dither.frist_order}" + end,
         "attribute that no case has");
  reject(begin + " {dither.rnage = [0.0, 1.0]}) -> tensor<3xf32>" + end,
         "attribute that no case has");
  reject(begin + " {dither.range = [0, 1]}) -> tensor<3xf32>" + end,
         "is not [low, high]");
  reject(begin + ") -> tensor<3xf32> { return %a : tensor<3xf32> }",
         "is a case of no op");
}

TEST(Check, VariantsHaveOtherExtents) {
  Program program("func.func @f(%a: tensor<?x5xf64>, %b: tensor<5x3xf64>) -> "
                  "tensor<?x3xf64> { %y = dither.matmul %a, %b : "
                  "tensor<?x5xf64>, tensor<5x3xf64>\n"
                  "return %y : tensor<?x3xf64> }");
  std::vector<std::string> types;
  for (auto &variant : makeVariants(program.get("f"))) {
    types.emplace_back();
    llvm::raw_string_ostream(types.back()) << variant->getResultTypes();
  }
  // As it is; 0, 1 and 11 columns, in the middle and of the result; 0, 1 all.
  EXPECT_EQ(types,
            (std::vector<std::string>{
                "tensor<?x3xf64>", "tensor<?x0xf64>", "tensor<?x3xf64>",
                "tensor<?x1xf64>", "tensor<?x3xf64>", "tensor<?x11xf64>",
                "tensor<?x3xf64>", "tensor<?x0xf64>", "tensor<?x1xf64>"}));
}

static std::vector<OpReport> checkTwo(Program &program, FakeRunner &runner) {
  auto cases = CheckCases::parse(
      program.getContext(), "G",
      "func.func @e(%a: tensor<?x3xf64>) -> tensor<?x3xf64> {\n"
      "  %y = dither.exp %a : tensor<?x3xf64>\n"
      "  return %y : tensor<?x3xf64> }\n"
      "func.func @t(%a: tensor<?x3xf64>) -> tensor<?x3xf64> {\n"
      "  %y = dither.tanh %a : tensor<?x3xf64>\n"
      "  return %y : tensor<?x3xf64> }");
  EXPECT_TRUE(succeeded(cases)) << program.diagnostics;
  return checkOps(program.getContext(), cases->get(), runner, {});
}

static bool has(func::FuncOp function, StringRef op) {
  bool found = false;
  function.walk([&](Operation *other) {
    found |= other->getName().getStringRef() == op;
  });
  return found;
}

TEST(Check, ReportsEachOp) {
  Program program("");
  FakeRunner runner;
  auto reports = checkTwo(program, runner);
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_EQ(reports[0].op, "dither.exp");
  EXPECT_EQ(reports[0].numCases, 1);
  EXPECT_GT(reports[0].numVariants, 1);
  EXPECT_TRUE(reports[0].first && reports[0].second);
  EXPECT_EQ(reports[0].compiled, 0);
  EXPECT_TRUE(reports[0].failures.empty() && reports[1].failures.empty());
}

TEST(Check, FindsAKernelThatIsWrong) {
  Program program("");
  FakeRunner runner;
  runner.spoil = [](func::FuncOp function, KernelRunner::Tensors &results) {
    if (has(function, "dither.tanh") && results[0].getNumElements() > 0)
      results[0].set(0, Scalar::of(results[0].getDouble(0) + 1e-3));
  };
  auto reports = checkTwo(program, runner);
  EXPECT_TRUE(reports[0].failures.empty());
  EXPECT_NEAR(reports[1].compiled, 1e-3, 1e-4);
  ASSERT_FALSE(reports[1].failures.empty());
  EXPECT_NE(reports[1].failures[0].find("G/t, batch 1: compiled, 1 of 3"),
            std::string::npos)
      << reports[1].failures[0];
}

TEST(Check, FindsWhatCannotBeCompiled) {
  Program program("");
  FakeRunner runner;
  runner.rejects = [](func::FuncOp function) {
    return has(function, "dither.exp") &&
           cast<RankedTensorType>(function.getArgumentTypes()[0])
                   .getShape()
                   .back() == 11;
  };
  auto reports = checkTwo(program, runner);
  ASSERT_EQ(reports[0].failures.size(), 1u);
  EXPECT_EQ(reports[0].failures[0],
            "G/e of (tensor<?x11xf64>): it cannot be compiled");
  EXPECT_TRUE(reports[1].failures.empty());
}
