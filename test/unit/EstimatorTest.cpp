//===- EstimatorTest.cpp - Estimators against their expectations ----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each estimator brings a program that uses it. Where it is unbiased, the mean
// of its gradients over many steps is compared with the exact gradient by a
// z-test; where it is deterministic, the gradient with the published one.
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include "compiler/Transforms/Differentiate/Differentiate.h"
#include "mlir/AsmParser/AsmParser.h"
#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <regex>
#include <sstream>

using namespace mlir;
using namespace dither;
using namespace dither::test;

/// One estimator for each shape that its parameters can give it.
static const std::vector<std::string> &getEstimators() {
  static const std::vector<std::string> list = {
      "#dither.straight_through",
      "#dither.straight_through<clip = 0.5>",
      "#dither.few_bit<bits = 1>",
      "#dither.few_bit<bits = 2>",
      "#dither.few_bit<bits = 3>",
      "#dither.few_bit<bits = 4>",
      "#dither.sketch<ratio = 0.25>",
      "#dither.sketch<ratio = 0.5, kind = gaussian>",
      "#dither.sketch<ratio = 1.0>",
      "#dither.sketch<ratio = 0.25, kind = rows>",
      "#dither.wta_crs<ratio = 0.05>",
      "#dither.wta_crs<ratio = 0.3>",
      "#dither.wta_crs<ratio = 0.75, samples = 12>",
      "#dither.wta_crs<ratio = 1.0>",
  };
  return list;
}

TEST(Estimators, EveryOneIsTested) {
  std::ifstream names(DITHER_ESTIMATORS_FILE);
  std::string path;
  unsigned count = 0;
  while (std::getline(names, path)) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    std::string content = text.str();
    std::regex definition("Dither_Estimator<\"\\w+\", \"(\\w+)\"");
    for (std::sregex_iterator it(content.begin(), content.end(), definition),
         end;
         it != end; ++it, ++count) {
      std::string name = "#dither." + (*it)[1].str();
      EXPECT_TRUE(llvm::any_of(getEstimators(),
                               [&](StringRef estimator) {
                                 return estimator.take_until([](char c) {
                                   return c == '<';
                                 }) == name;
                               }))
          << name << " is not in the list of this test";
    }
  }
  EXPECT_GT(count, 0u);
}

//===- Gradients ----------------------------------------------------------===//

namespace {
/// The program of an estimator, with one function for its gradients and one
/// for their expectation.
class EstimatorProgram {
public:
  explicit EstimatorProgram(const std::string &estimator);

  /// The gradients of all arguments in one row, for weights of the result.
  std::vector<double> runEstimated(int64_t step);
  std::vector<double> runExpectation();

  Program program;
  EstimatorAttrInterface estimator;
  Tensors arguments;

private:
  void buildExact();
  void buildPublished();
  std::vector<double> run(StringRef name, ArrayRef<HostTensor> arguments,
                          unsigned skipped);
};
} // namespace

/// The text of the program that an estimator brings.
static std::string getProgram(const std::string &estimator) {
  Program parser("");
  auto attr = dyn_cast_if_present<EstimatorAttrInterface>(
      parseAttribute(estimator, parser.getContext()));
  EXPECT_TRUE(attr) << parser.diagnostics;
  return attr ? attr.getCheckProgram() : "";
}

EstimatorProgram::EstimatorProgram(const std::string &text)
    : program(getProgram(text)) {
  estimator =
      cast<EstimatorAttrInterface>(parseAttribute(text, program.getContext()));
  func::FuncOp loss = addWeightedLoss(program.get("f"));
  bindRng(buildGradientFunction(loss));
  if (estimator.isUnbiased())
    buildExact();
  else
    buildPublished();
  for (auto [i, type] : llvm::enumerate(loss.getArgumentTypes()))
    arguments.push_back(makeRandom(type, -1.5, 1.5, unsigned(i + 1)));
}

/// The gradient without the estimator.
void EstimatorProgram::buildExact() {
  func::FuncOp exact = program.get("f.loss").clone();
  exact.setName("exact");
  program.getModule().push_back(exact);
  exact.walk([&](EstimatedOpInterface op) {
    for (NamedAttribute attr : llvm::to_vector(op->getAttrs()))
      if (attr.getValue() == estimator)
        op->removeAttr(attr.getName());
  });
  buildGradientFunction(exact);
}

/// What the estimator says of itself; its program is the op and no more.
void EstimatorProgram::buildPublished() {
  func::FuncOp published = program.get("f.loss").clone();
  published.setName("exact.gradient");
  program.getModule().push_back(published);
  Operation *op = nullptr;
  published.walk([&](EstimatedOpInterface estimated) { op = estimated; });
  Operation *end = published.getBody().front().getTerminator();
  ImplicitLocOpBuilder b(op->getLoc(), end);
  Value weights = published.getArgument(published.getNumArguments() - 1);
  SmallVector<Value> results = {end->getOperand(0)};
  for (Value gradient : estimator.buildExpectation(b, op, weights))
    if (gradient)
      results.push_back(gradient);
  end->setOperands(results);
  published.setFunctionType(b.getFunctionType(published.getArgumentTypes(),
                                              TypeRange(ValueRange(results))));
}

std::vector<double> EstimatorProgram::run(StringRef name,
                                          ArrayRef<HostTensor> arguments,
                                          unsigned skipped) {
  std::vector<double> row;
  Tensors results = program.run(name, arguments);
  EXPECT_FALSE(results.empty()) << program.diagnostics;
  for (const HostTensor &gradient :
       ArrayRef<HostTensor>(results).drop_front().drop_back(skipped))
    for (double value : toDoubles(gradient))
      row.push_back(value);
  return row;
}

std::vector<double> EstimatorProgram::runEstimated(int64_t step) {
  Tensors all = arguments;
  all.push_back(makeRng(program.getContext(), 1, step));
  // The gradient of the weights is left out.
  return run("f.loss.gradient", all, 1);
}

std::vector<double> EstimatorProgram::runExpectation() {
  return run("exact.gradient", arguments, estimator.isUnbiased() ? 1 : 0);
}

//===- Tests --------------------------------------------------------------===//

/// The number that a standard normal one exceeds in magnitude with probability
/// `p`.
static double normalQuantile(double p) {
  double low = 0, high = 40;
  for (int i = 0; i < 100; ++i) {
    double middle = (low + high) / 2;
    (std::erfc(middle * M_SQRT1_2) > p ? low : high) = middle;
  }
  return low;
}

namespace {
/// Means and their standard errors over N = 2000 steps of one seed.
struct Sample {
  std::vector<double> mean, error;

  explicit Sample(EstimatorProgram &program) {
    constexpr int64_t n = 2000;
    std::vector<double> sum, squares;
    std::vector<double> first = program.runEstimated(1);
    sum.resize(first.size());
    squares.resize(first.size());
    for (int64_t step = 1; step <= n; ++step) {
      std::vector<double> row = program.runEstimated(step);
      for (size_t i = 0; i < row.size(); ++i) {
        // Centred at the first one, so that squares do not cancel.
        double d = row[i] - first[i];
        sum[i] += d;
        squares[i] += d * d;
      }
    }
    for (size_t i = 0; i < sum.size(); ++i) {
      double variance = (squares[i] - sum[i] * sum[i] / n) / (n - 1);
      mean.push_back(first[i] + sum[i] / n);
      error.push_back(std::sqrt(std::max(variance, 0.0) / n));
    }
  }

  /// The components whose mean is not `expected`. Over all components the
  /// probability of a false alarm is 1e-6 (Bonferroni). f32 arithmetic may be
  /// off by a few roundings.
  unsigned countRejected(const std::vector<double> &expected) const {
    double limit = normalQuantile(1e-6 / expected.size());
    unsigned rejected = 0;
    for (size_t i = 0; i < expected.size(); ++i)
      rejected += !(std::fabs(mean[i] - expected[i]) <=
                    limit * error[i] + 1e-5 * (1 + std::fabs(expected[i])));
    return rejected;
  }
};
} // namespace

class EstimatorTest : public testing::TestWithParam<std::string> {};

TEST_P(EstimatorTest, KeepsItsWord) {
  EstimatorProgram program(GetParam());
  std::vector<double> expected = program.runExpectation();
  ASSERT_FALSE(expected.empty());
  if (program.estimator.isUnbiased()) {
    Sample sample(program);
    ASSERT_EQ(sample.mean.size(), expected.size());
    EXPECT_EQ(sample.countRejected(expected), 0u);
    return;
  }
  double largest = 0;
  for (double weight : toDoubles(program.arguments.back()))
    largest = std::max(largest, std::fabs(weight));
  double tolerance = program.estimator.getExpectationTolerance() * largest;
  std::vector<double> actual = program.runEstimated(1);
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i)
    EXPECT_LE(std::fabs(actual[i] - expected[i]), tolerance)
        << "component " << i;
}

INSTANTIATE_TEST_SUITE_P(All, EstimatorTest, testing::ValuesIn(getEstimators()),
                         [](const testing::TestParamInfo<std::string> &info) {
                           std::string name;
                           for (char c : StringRef(info.param).drop_front(8))
                             name += isalnum(c) ? c : '_';
                           return name;
                         });

/// The test above must be able to fail: a bias of a tenth is found.
TEST(Estimators, ABiasIsFound) {
  EstimatorProgram program("#dither.sketch<ratio = 0.5>");
  std::vector<double> biased = program.runExpectation();
  for (double &value : biased)
    value *= 1.1;
  EXPECT_GT(Sample(program).countRejected(biased), 0u);
}

TEST(Estimators, TheSameStepGivesTheSameBits) {
  EstimatorProgram program("#dither.sketch<ratio = 0.5>");
  EXPECT_EQ(program.runEstimated(3), program.runEstimated(3));
  EXPECT_NE(program.runEstimated(3), program.runEstimated(4));
}

/// Not by its own words: the gradient of the identity, and of the clipped one.
TEST(Estimators, StraightThroughIsTheIdentity) {
  auto gradientOf = [](const std::string &estimator) {
    Program program("func.func @f(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {"
                    "  %y = dither.represent %x {format = #dither.int<bits = "
                    "2>, estimator = " +
                    estimator +
                    "} : tensor<4x2xf32>"
                    "  return %y : tensor<4x2xf32> }");
    EXPECT_TRUE(program) << program.diagnostics;
    buildGradientFunction(addWeightedLoss(program.get("f")));
    Type f32 = Float32Type::get(program.getContext());
    Tensors results = program.run(
        "f.loss.gradient",
        {makeTensor(f32, {4, 2}, {0.25, -0.5, 2, -2, 0.75, 0, 1, -1}),
         makeTensor(f32, {4, 2}, {1, 2, 3, 4, 5, 6, 7, 8})});
    EXPECT_FALSE(results.empty()) << program.diagnostics;
    return results.empty() ? std::vector<double>() : toDoubles(results[1]);
  };
  EXPECT_EQ(gradientOf("#dither.straight_through"),
            (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(gradientOf("#dither.straight_through<clip = 0.75>"),
            (std::vector<double>{1, 2, 0, 0, 5, 6, 0, 0}));
}

/// A rectifier's derivative has two values: one bit says all.
TEST(Estimators, OneBitOfARectifierIsExact) {
  Program program("func.func @f(%x: tensor<?x9xf32>) -> tensor<?x9xf32> {"
                  "  %y = dither.relu %x {residual = #dither.few_bit<bits = "
                  "1>} : tensor<?x9xf32>"
                  "  return %y : tensor<?x9xf32> }");
  ASSERT_TRUE(program) << program.diagnostics;
  buildGradientFunction(addWeightedLoss(program.get("f")));
  auto type =
      RankedTensorType::get({5, 9}, Float32Type::get(program.getContext()));
  HostTensor x = makeRandom(type, -1, 1, 1), dy = makeRandom(type, -1, 1, 2);
  Tensors results = program.run("f.loss.gradient", {x, dy});
  ASSERT_FALSE(results.empty()) << program.diagnostics;
  for (int64_t i = 0; i < x.getNumElements(); ++i)
    EXPECT_NEAR(results[1].getDouble(i),
                x.getDouble(i) > 0 ? dy.getDouble(i) : 0, 1e-6);
}
