//===- TrainingStepTest.cpp - Steps of training, interpreted --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include "compiler/Transforms/BindParameters/Arguments.h"
#include "llvm/ADT/StringMap.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace dither;
using namespace dither::test;

namespace {
/// Runs a step over and over on the same batch, as a session would.
class Trainer {
public:
  explicit Trainer(const std::string &text) : program(text) {
    EXPECT_TRUE(program) << program.diagnostics;
    LogicalResult built =
        program.transform("dither.model(dither-build-training-step,"
                          "dither-bind-parameters)");
    EXPECT_TRUE(succeeded(built)) << program.diagnostics;
    step = program.get("fit.step");
    for (auto [i, type] : llvm::enumerate(step.getArgumentTypes())) {
      names.push_back(nameOf(step.getArgAttrDict(i), nameAttr));
      // States are zero at first; what is random is so by its name.
      tensors.push_back(makeRandom(type, 0, 0, 0));
    }
  }

  HostTensor &operator[](StringRef name) {
    for (auto [known, tensor] : llvm::zip(names, tensors))
      if (known == name)
        return tensor;
    ADD_FAILURE() << "no argument " << name.str();
    return tensors.front();
  }

  /// Runs one step and gives the loss.
  double operator()(int64_t count, double rate) {
    (*this)["rate"].set(0, Scalar::of(rate));
    tensors.back() = makeRng(program.getContext(), 1, count);
    Tensors results = program.run("fit.step", tensors);
    EXPECT_FALSE(results.empty()) << program.diagnostics;
    for (auto [i, result] : llvm::enumerate(results)) {
      std::string updated = nameOf(step.getResultAttrDict(i), updatesAttr);
      if (!updated.empty())
        (*this)[updated] = result;
    }
    return results.empty() ? NAN : results[0].getDouble(0);
  }

  void randomize(StringRef name, unsigned seed) {
    HostTensor &tensor = (*this)[name];
    auto type =
        RankedTensorType::get(tensor.getShape(), tensor.getElementType());
    tensor = makeRandom(type, -1, 1, seed);
  }

private:
  static std::string nameOf(DictionaryAttr attrs, StringRef key) {
    auto name = attrs ? attrs.getAs<StringAttr>(key) : StringAttr();
    return name ? name.str() : "";
  }

  Program program;
  func::FuncOp step;
  std::vector<std::string> names;
  Tensors tensors;
};
} // namespace

/// Least squares of `x w` and `t`, with the annotations of w.
static std::string leastSquares(const std::string &annotations,
                                const std::string &optimizer) {
  return "dither.model @m {\n"
         "  dither.param @w : tensor<8x3xf32> init #dither.fill<0.0> {" +
         annotations +
         "}\n"
         "  func.func @loss(%x: tensor<?x8xf32> {dither.name = \"x\"}, "
         "%t: tensor<?x3xf32> {dither.name = \"t\"}) -> tensor<f32> {\n"
         "    %w = dither.read @w : tensor<8x3xf32>\n"
         "    %y = dither.matmul %x, %w : tensor<?x8xf32>, tensor<8x3xf32>\n"
         "    %d = dither.sub %y, %t : tensor<?x3xf32>, tensor<?x3xf32>\n"
         "    %s = dither.mul %d, %d : tensor<?x3xf32>, tensor<?x3xf32>\n"
         "    %l = dither.mean %s : tensor<?x3xf32>\n"
         "    return %l : tensor<f32>\n"
         "  }\n"
         "  dither.train @fit loss @loss optimizer " +
         optimizer + " {batch = 16 : i64, epochs = 1 : i64}\n}\n";
}

TEST(TrainingStep, PlainDescentIsByHand) {
  Trainer train(leastSquares("", "#dither.sgd<rate = 0.1>"));
  train.randomize("x", 1);
  train.randomize("t", 2);
  train.randomize("w", 3);
  std::vector<double> x = toDoubles(train["x"]), t = toDoubles(train["t"]),
                      w = toDoubles(train["w"]);
  // w - rate 2 / 48 x' (x w - t)
  std::vector<double> expected = w;
  double loss = 0;
  for (int r = 0; r < 16; ++r)
    for (int c = 0; c < 3; ++c) {
      double d = -t[3 * r + c];
      for (int k = 0; k < 8; ++k)
        d += x[8 * r + k] * w[3 * k + c];
      loss += d * d / 48;
      for (int k = 0; k < 8; ++k)
        expected[3 * k + c] -= 0.1 * 2 / 48 * d * x[8 * r + k];
    }
  EXPECT_NEAR(train(1, 0.1), loss, 1e-5);
  std::vector<double> actual = toDoubles(train["w"]);
  for (size_t i = 0; i < actual.size(); ++i)
    EXPECT_NEAR(actual[i], expected[i], 1e-6);
}

/// The loss after 150 steps from w = 0.5 everywhere, relative to the first.
static double trainLong(Trainer &train, double rate) {
  train.randomize("x", 1);
  train.randomize("t", 2);
  train.randomize("w", 3);
  double first = train(1, rate), last = first;
  for (int64_t step = 2; step <= 150; ++step)
    last = train(step, rate);
  return last / first;
}

TEST(TrainingStep, AdamConverges) {
  Trainer train(leastSquares("", "#dither.adamw<rate = 0.05>"));
  EXPECT_LT(trainLong(train, 0.05), 0.6);
}

TEST(TrainingStep, LionIsByHand) {
  Trainer train(leastSquares(
      "", "#dither.lion<rate = 0.1, beta1 = 0.8, beta2 = 0.5, decay = 0.25>"));
  train.randomize("x", 1);
  train.randomize("t", 2);
  train.randomize("w", 3);
  std::vector<double> x = toDoubles(train["x"]), t = toDoubles(train["t"]),
                      w = toDoubles(train["w"]), m(w.size());
  for (int64_t step = 1; step <= 3; ++step) {
    std::vector<double> gradient(w.size());
    for (int r = 0; r < 16; ++r)
      for (int c = 0; c < 3; ++c) {
        double d = -t[3 * r + c];
        for (int k = 0; k < 8; ++k)
          d += x[8 * r + k] * w[3 * k + c];
        for (int k = 0; k < 8; ++k)
          gradient[3 * k + c] += 2.0 / 48 * d * x[8 * r + k];
      }
    for (size_t i = 0; i < w.size(); ++i) {
      double average = 0.8 * m[i] + 0.2 * gradient[i];
      // No sign may depend on the last bits of an average.
      ASSERT_GT(std::abs(average), 1e-6);
      w[i] -= 0.1 * ((average > 0 ? 1 : -1) + 0.25 * w[i]);
      m[i] = 0.5 * m[i] + 0.5 * gradient[i];
    }
    train(step, 0.1);
    std::vector<double> actual = toDoubles(train["w"]);
    for (size_t i = 0; i < actual.size(); ++i)
      EXPECT_NEAR(actual[i], w[i], 1e-5) << "step " << step;
  }
}

TEST(TrainingStep, QuantizedWeightsAreTrained) {
  Trainer train(leastSquares(
      "format = #dither.int<bits = 4>, estimator = #dither.straight_through",
      "#dither.sgd<rate = 0.1, momentum = 0.9>"));
  EXPECT_LT(trainLong(train, 0.1), 0.7);
}

TEST(TrainingStep, WeightsThatShareCodesAreTrained) {
  Trainer train(leastSquares("format = #dither.codebook<books = 2, index_bits "
                             "= 8>, estimator = #dither.straight_through",
                             "#dither.sgd<rate = 0.1, momentum = 0.9>"));
  EXPECT_LT(trainLong(train, 0.1), 0.7);
}

TEST(TrainingStep, APruningRecipeKeepsItsMask) {
  Trainer train(leastSquares("pattern = #dither.nm<2 : 4>, recipe = "
                             "#dither.asp<start = 5>, estimator = "
                             "#dither.straight_through",
                             "#dither.sgd<rate = 0.1>"));
  train.randomize("x", 1);
  train.randomize("t", 2);
  train.randomize("w", 3);
  for (int64_t step = 1; step <= 6; ++step)
    train(step, 0.1);
  std::vector<double> mask = toDoubles(train["w.mask"]),
                      before = toDoubles(train["w"]);
  double kept = 0;
  for (double element : mask)
    kept += element;
  EXPECT_EQ(kept, 12); // 2 of each 4, of 24
  for (int64_t step = 7; step <= 12; ++step)
    train(step, 0.1);
  std::vector<double> after = toDoubles(train["w"]);
  EXPECT_EQ(toDoubles(train["w.mask"]), mask);
  for (size_t i = 0; i < mask.size(); ++i)
    EXPECT_EQ(after[i] != before[i], mask[i] != 0) << "element " << i;
}
