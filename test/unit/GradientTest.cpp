//===- GradientTest.cpp - Exact gradients against finite differences ------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every op with an exact derivative, of its own or of its parts, stands in one
// of the cases; a test says which one is missing.
//
//===----------------------------------------------------------------------===//

#include "GradientCases.h"
#include "Support.h"
#include "compiler/Transforms/Differentiate/Differentiate.h"
#include "compiler/Transforms/Specialize/Specialize.h"
#include "llvm/ADT/StringSet.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace dither;
using namespace dither::test;

namespace {
struct Instance {
  Case source;
  int64_t batch;
  /// Whether the batch stands in the types while differentiating.
  bool isStatic;
};
/// For the messages of the test framework.
void PrintTo(const Instance &instance, std::ostream *os) {
  *os << instance.source.body << " with a batch of " << instance.batch;
}
} // namespace

static const std::string matrix = "tensor<?x5xf64>", row = "tensor<5xf64>",
                         scalar = "tensor<f64>";

static Case unary(const std::string &op, double low = -2, double high = 2) {
  return {op,     {matrix}, "%y = dither." + op + " %a : " + matrix,
          matrix, low,      high};
}

/// The second operand is stretched, from both sides.
static std::vector<Case> binary(const std::string &op, double low = -2,
                                double high = 2) {
  std::vector<Case> cases;
  for (auto [suffix, x, y] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"equal", matrix, matrix},
           {"row", matrix, row},
           {"column", "tensor<1x5x1xf64>", "tensor<?x1x3xf64>"},
           {"scalar", scalar, matrix}}) {
    std::string result = suffix == "column" ? "tensor<?x5x3xf64>" : matrix;
    cases.push_back({op + "_" + suffix,
                     {x, y},
                     "%y = dither." + op + " %a, %b : " + x + ", " + y,
                     result,
                     low,
                     high});
  }
  return cases;
}

static Case matmul(const std::string &name, const std::string &x,
                   const std::string &y, const std::string &flags) {
  return {"matmul_" + name,
          {x, y},
          "%y = dither.matmul %a, %b " + flags + " : " + x + ", " + y,
          "tensor<?x3xf64>"};
}

static Case reduction(const std::string &name, const std::string &op,
                      const std::string &attributes,
                      const std::string &result) {
  return {name,
          {"tensor<?x2x3xf64>"},
          "%y = dither." + op + " %a " + attributes + " : tensor<?x2x3xf64>",
          result};
}

static std::vector<Case> getElementwiseCases() {
  std::vector<Case> cases = {
      unary("neg"),
      unary("abs"),
      unary("exp"),
      unary("log", 0.1, 3),
      unary("sqrt", 0.1, 3),
      unary("rsqrt", 0.1, 3),
      unary("tanh"),
      unary("erf"),
      unary("sin"),
      unary("cos"),
      unary("relu"),
      unary("gelu"),
      unary("silu"),
      unary("sigmoid"),
      unary("softplus"),
      unary("leaky_relu"),
      unary("elu"),
      unary("softmax"),
      unary("log_softmax"),
      {"select",
       {"tensor<?x5xi1>", matrix, row},
       "%y = dither.select %a, %b, %c : tensor<?x5xi1>, " + matrix + ", " + row,
       matrix},
      {"cast",
       {matrix},
       "%y = dither.cast %a : " + matrix + " to " + matrix,
       matrix},
      {"apply_mask",
       {matrix, "tensor<?x5xi1>"},
       "%y = dither.apply_mask %a, %b : " + matrix + ", tensor<?x5xi1>",
       matrix}};
  for (const char *op : {"add", "sub", "mul", "max", "min"})
    for (Case &variant : binary(op))
      cases.push_back(variant);
  for (Case &variant : binary("div", 0.2, 3))
    cases.push_back(variant);
  return cases;
}

static std::vector<Case> getShapeCases() {
  return {
      {"reshape",
       {"tensor<?x6xf64>"},
       "%y = dither.reshape %a : tensor<?x6xf64> to tensor<?x2x3xf64>",
       "tensor<?x2x3xf64>"},
      {"transpose",
       {"tensor<?x2x3xf64>"},
       "%y = dither.transpose %a {permutation = array<i64: 2, 0, 1>} : "
       "tensor<?x2x3xf64>",
       "tensor<3x?x2xf64>"},
      {"broadcast",
       {row, "tensor<2x?x5xf64>"},
       "%y = dither.broadcast %a like %b : tensor<5xf64>, tensor<2x?x5xf64>",
       "tensor<2x?x5xf64>"},
      {"slice",
       {"tensor<?x8xf64>"},
       "%y = dither.slice %a {offsets = array<i64: 0, 1>, sizes = array<i64: "
       "-1, 3>, strides = array<i64: 1, 2>} : tensor<?x8xf64>",
       "tensor<?x3xf64>"},
      {"embed",
       {"tensor<?x3xf64>", "tensor<?x8xf64>"},
       "%y = dither.embed %a like %b {offsets = array<i64: 0, 1>, strides = "
       "array<i64: 1, 2>} : tensor<?x3xf64>, tensor<?x8xf64>",
       "tensor<?x8xf64>"}};
}

static std::vector<Case> getContractionCases() {
  return {matmul("plain", matrix, "tensor<5x3xf64>", ""),
          matmul("y", matrix, "tensor<3x5xf64>", "{transpose_y}"),
          matmul("x", "tensor<5x?xf64>", "tensor<5x3xf64>", "{transpose_x}"),
          matmul("both", "tensor<5x?xf64>", "tensor<3x5xf64>",
                 "{transpose_x, transpose_y}"),
          {"matmul_over_batch",
           {matrix, "tensor<?x3xf64>"},
           "%y = dither.matmul %a, %b {transpose_x} : " + matrix +
               ", tensor<?x3xf64>",
           "tensor<5x3xf64>"},
          {"matmul_rows",
           {"tensor<?x2x5xf64>", "tensor<5x3xf64>"},
           "%y = dither.matmul %a, %b : tensor<?x2x5xf64>, tensor<5x3xf64>",
           "tensor<?x2x3xf64>"},
          {"matmul_over_rows",
           {"tensor<?x2x5xf64>", "tensor<?x2x3xf64>"},
           "%y = dither.matmul %a, %b {transpose_x} : tensor<?x2x5xf64>, "
           "tensor<?x2x3xf64>",
           "tensor<5x3xf64>"},
          {"linear_rows",
           {"tensor<?x2x5xf64>", "tensor<5x3xf64>", "tensor<3xf64>"},
           "%y = dither.linear %a, %b, %c : tensor<?x2x5xf64>, "
           "tensor<5x3xf64>, tensor<3xf64>",
           "tensor<?x2x3xf64>"},
          {"linear",
           {matrix, "tensor<5x3xf64>"},
           "%y = dither.linear %a, %b : " + matrix + ", tensor<5x3xf64>",
           "tensor<?x3xf64>"},
          {"linear_bias",
           {matrix, "tensor<5x3xf64>", "tensor<3xf64>"},
           "%y = dither.linear %a, %b, %c : " + matrix +
               ", tensor<5x3xf64>, tensor<3xf64>",
           "tensor<?x3xf64>"},
          {"cross_entropy",
           {"tensor<?x3xf64>", "tensor<?xi32>"},
           "%y = dither.cross_entropy %a, %b : tensor<?x3xf64>, tensor<?xi32>",
           scalar},
          {"cross_entropy_of_sequences",
           {"tensor<?x4x3xf64>", "tensor<?x4xi32>"},
           "%y = dither.cross_entropy %a, %b : tensor<?x4x3xf64>, "
           "tensor<?x4xi32>",
           scalar}};
}

/// Windows over images [?, height, width, channels].
static std::vector<Case> getConvolutionCases() {
  std::string images = "tensor<?x4x5x2xf64>", weights = "tensor<12x3xf64>";
  std::string window = "{kernel = array<i64: 2, 3>, strides = array<i64: 2, "
                       "1>, padding = array<i64: 1, 0, 0, 2>, dilations = "
                       "array<i64: 2, 1>} : ";
  std::string patches = "tensor<?x2x5x12xf64>", result = "tensor<?x2x5x3xf64>";
  return {{"patches",
           {images},
           "%y = dither.patches %a " + window + images,
           patches},
          {"patches_of_more_than_the_image",
           {"tensor<?x2x1x3xf64>"},
           "%y = dither.patches %a {kernel = array<i64: 3, 3>, padding = "
           "array<i64: 1, 1, 1, 1>} : tensor<?x2x1x3xf64>",
           "tensor<?x2x1x27xf64>"},
          {"fold",
           {patches},
           "%y = dither.fold %a " + window + patches + " to " + images,
           images},
          {"conv2d",
           {images, weights},
           "%y = dither.conv2d %a, %b " + window + images + ", " + weights,
           result},
          {"conv2d_bias",
           {images, weights, "tensor<3xf64>"},
           "%y = dither.conv2d %a, %b, %c " + window + images + ", " + weights +
               ", tensor<3xf64>",
           result}};
}

static std::vector<Case> getReductionCases() {
  std::vector<Case> cases;
  for (std::string op : {"reduce sum", "reduce max", "reduce min",
                         "reduce product", "logsumexp", "mean"}) {
    std::string name = op.substr(op.rfind(' ') + 1);
    cases.push_back(reduction(name + "_all", op, "", scalar));
    cases.push_back(reduction(name + "_batch", op,
                              "{dims = array<i64: 0>, keep}",
                              "tensor<1x2x3xf64>"));
    cases.push_back(reduction(name + "_inner", op, "{dims = array<i64: 1>}",
                              "tensor<?x3xf64>"));
    cases.push_back(reduction(name + "_two", op, "{dims = array<i64: 0, 2>}",
                              "tensor<2xf64>"));
    // A batch that is not the first dimension.
    for (auto [dims, result] :
         {std::pair("0", "tensor<?x3xf64>"), std::pair("2", "tensor<2x?xf64>"),
          std::pair("0, 2", "tensor<?xf64>")})
      cases.push_back(
          {name + "_around_batch" + dims[0] + std::to_string(strlen(dims)),
           {"tensor<2x?x3xf64>"},
           "%y = dither." + op + " %a {dims = array<i64: " + dims +
               ">} : tensor<2x?x3xf64>",
           result});
  }
  return cases;
}

/// Scans and recurrences in both directions, along the batch and along others.
static std::vector<Case> getScanCases() {
  std::vector<Case> cases;
  std::string type = "tensor<?x4xf64>";
  for (std::string kind : {"sum", "product", "max", "min", "logsumexp", ""})
    for (std::string flags :
         {"", ", reverse", ", exclusive", ", reverse, exclusive"})
      for (std::string dim : {"0", "1"}) {
        std::string name = (kind.empty() ? "recurrence" : "scan_" + kind) +
                           "_dim" + dim + flags;
        llvm::erase_if(name, [](char c) { return c == ',' || c == ' '; });
        std::string attributes = " {dim = " + dim + " : i64" + flags + "} : ";
        if (kind.empty()) {
          cases.push_back({name,
                           {type, type},
                           "%y = dither.recurrence %a, %b" + attributes + type,
                           type});
          continue;
        }
        // What nothing combines to may be infinite.
        std::string bound = kind == "min" ? "min" : "max";
        std::string limit = kind == "min" ? "20.0" : "-20.0";
        cases.push_back({name,
                         {type},
                         "%s = dither.scan " + kind + " %a" + attributes +
                             type + "\n  %l = dither.constant dense<" + limit +
                             "> : " + scalar + "\n  %y = dither." + bound +
                             " %s, %l : " + type + ", " + scalar,
                         type});
      }
  return cases;
}

static std::vector<Case> getNormalizationCases() {
  std::string x = "tensor<?x2x4xf64>", p = "tensor<4xf64>",
              rows = "tensor<2x4xf64>", tail = " : " + x + ", " + p;
  return {
      {"layer_norm", {x}, "%y = dither.layer_norm %a : " + x, x},
      {"layer_norm_scale_shift",
       {x, rows, rows},
       "%y = dither.layer_norm %a, %b, %c : " + x + ", " + rows + ", " + rows,
       x},
      {"rms_norm", {x, p}, "%y = dither.rms_norm %a, %b" + tail, x},
      {"group_norm",
       {x, p, p},
       "%y = dither.group_norm %a, %b, %c {groups = 2 : i64}" + tail + ", " + p,
       x},
      // Through the statistics, too.
      {"batch_norm",
       {x, p, p},
       "%n, %m, %v = dither.batch_norm %a, %b, %c" + tail + ", " + p + " -> " +
           p + "\n  %s = dither.mul %n, %m" + tail +
           "\n  %y = dither.add %s, %v" + tail,
       x},
      {"batch_norm_inference",
       {x, p, p, p},
       "%v = dither.mul %c, %c : " + p + ", " + p +
           "\n  %y = dither.batch_norm_inference %a by %b, %v, %d : " + x +
           " by " + p + ", " + p,
       x}};
}

/// What is kept of a matrix, by the places of its elements.
static std::vector<Case> getSparseCases() {
  std::string dense = "tensor<4x3xf64>", slots = "tensor<5xf64>",
              lists = "tensor<5xi8>, tensor<4xi32>";
  std::string places =
      "%r = dither.constant dense<[1, 3, 0, 2, 3]> : tensor<5xi8>\n"
      "  %o = dither.constant dense<[0, 2, 2, 5]> : tensor<4xi32>\n  ";
  std::string pattern = " {pattern = #dither.unstructured<sparsity = 0.6>} : ";
  std::string groups = "%i = dither.constant dense<[[8, 4, 1]]> : "
                       "tensor<1x3xi8>\n  ";
  return {
      {"gather_listed",
       {dense},
       places + "%y = dither.gather_listed %a, %r, %o : " + dense + ", " +
           lists + " -> " + slots,
       slots},
      {"scatter_listed",
       {slots},
       places + "%y = dither.scatter_listed %a, %r, %o : " + slots + ", " +
           lists + " -> " + dense,
       dense},
      {"sample",
       {dense},
       places + "%y = dither.sample %a, %r, %o" + pattern + dense + ", " +
           lists + " -> " + slots,
       slots},
      {"unpack",
       {slots},
       places + "%y = dither.unpack %a, %r, %o" + pattern + slots + ", " +
           lists + " -> " + dense,
       dense},
      {"sample_groups",
       {dense},
       groups + "%y = dither.sample %a, %i {pattern = #dither.nm<2 : 4>} : " +
           dense + ", tensor<1x3xi8> -> tensor<2x3xf64>",
       "tensor<2x3xf64>"},
      {"unpack_groups",
       {"tensor<2x3xf64>"},
       groups + "%y = dither.unpack %a, %i {pattern = #dither.nm<2 : 4>} : " +
           "tensor<2x3xf64>, tensor<1x3xi8> -> " + dense,
       dense}};
}

/// Uses of one value add up, also across ops.
static std::vector<Case> getChainCases() {
  return {
      {"chain",
       {matrix, "tensor<5x5xf64>"},
       "%h = dither.linear %a, %b : " + matrix +
           ", tensor<5x5xf64>\n  %t = dither.tanh %h : " + matrix +
           "\n  %s = dither.add %t, %a : " + matrix + ", " + matrix +
           "\n  %y = dither.linear %s, %b : " + matrix + ", tensor<5x5xf64>",
       matrix},
      {"normalize",
       {matrix},
       "%m = dither.mean %a {dims = array<i64: 1>, keep} : " + matrix +
           "\n  %d = dither.sub %a, %m : " + matrix +
           ", tensor<?x1xf64>\n  %q = dither.mul %d, %d : " + matrix + ", " +
           matrix +
           "\n  %v = dither.mean %q {dims = array<i64: 1>, keep} : " + matrix +
           "\n  %r = dither.rsqrt %v : tensor<?x1xf64>\n  %y = dither.mul "
           "%d, %r : " +
           matrix + ", tensor<?x1xf64>",
       matrix}};
}

static std::vector<Case> getCases() {
  std::vector<Case> cases;
  for (auto &group :
       {getElementwiseCases(), getShapeCases(), getContractionCases(),
        getConvolutionCases(), getReductionCases(), getScanCases(),
        getNormalizationCases(), getSparseCases(), getChainCases(),
        getRearrangeCases(), getIndexingCases(), getWindowCases()})
    cases.insert(cases.end(), group.begin(), group.end());
  return cases;
}

static std::string print(const Case &c) {
  std::string text = "func.func @f(";
  for (size_t i = 0; i < c.arguments.size(); ++i)
    text += std::string(i ? ", " : "") + "%" + char('a' + i) + ": " +
            c.arguments[i];
  return text + ") -> " + c.result + " {\n  " + c.body +
         "\n  return %y : " + c.result + "\n}\n";
}

/// Random arguments for a function whose dynamic extents are `batch`.
static Tensors makeArguments(func::FuncOp function, int64_t batch, double low,
                             double high) {
  Tensors arguments;
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
    Type element = getElementTypeOrSelf(type);
    bool isBool = element.isInteger(1), isFloat = isa<FloatType>(element);
    arguments.push_back(makeRandom(
        specializeType(type, batch), isFloat ? low : (isBool ? 0 : -1),
        isFloat ? high : (isBool ? 1 : 3), unsigned(17 * i + batch)));
  }
  return arguments;
}

/// Compares the gradients of `@<name>` with slopes of it.
static void expectSlopes(Program &program, func::FuncOp loss, int64_t batch,
                         double low, double high) {
  std::string name = loss.getName().str();
  ASSERT_TRUE(buildGradientFunction(loss)) << program.diagnostics;
  Tensors arguments = makeArguments(loss, batch, low, high);
  Tensors results = program.run(name + ".gradient", arguments);
  ASSERT_FALSE(results.empty()) << program.diagnostics;

  constexpr double h = 1e-5;
  size_t position = 1;
  for (size_t i = 0; i + 1 < arguments.size(); ++i) {
    HostTensor &argument = arguments[i];
    if (!isa<FloatType>(argument.getElementType()))
      continue;
    const HostTensor &gradient = results[position++];
    ASSERT_EQ(gradient.getShape(), argument.getShape());
    for (int64_t j = 0; j < argument.getNumElements(); ++j) {
      double x = argument.getDouble(j);
      auto evaluate = [&](double value) {
        argument.set(j, Scalar::of(value));
        Tensors losses = program.run(name, arguments);
        return losses.empty() ? NAN : losses[0].getDouble(0);
      };
      double slope = (evaluate(x + h) - evaluate(x - h)) / (2 * h);
      argument.set(j, Scalar::of(x));
      EXPECT_NEAR(gradient.getDouble(j), slope, 1e-7 * (1 + std::fabs(slope)))
          << "argument " << i << ", element " << j;
    }
  }
}

class FiniteDifferences : public testing::TestWithParam<Instance> {};

TEST_P(FiniteDifferences, Agree) {
  const Instance &instance = GetParam();
  Program program(print(instance.source));
  ASSERT_TRUE(program) << program.diagnostics;
  func::FuncOp loss = addWeightedLoss(program.get("f"));
  if (instance.isStatic) {
    ASSERT_TRUE(succeeded(specialize(loss, instance.batch)))
        << program.diagnostics;
  }
  expectSlopes(program, loss, instance.batch, instance.source.low,
               instance.source.high);
}

static std::vector<Instance> getInstances() {
  std::vector<Instance> instances;
  for (const Case &source : getCases())
    for (int64_t batch : {0, 1, 7})
      for (bool isStatic : {false, true})
        instances.push_back({source, batch, isStatic});
  return instances;
}

INSTANTIATE_TEST_SUITE_P(Ops, FiniteDifferences,
                         testing::ValuesIn(getInstances()),
                         [](const testing::TestParamInfo<Instance> &info) {
                           return info.param.source.name + "_batch" +
                                  std::to_string(info.param.batch) +
                                  (info.param.isStatic ? "_static" : "");
                         });

TEST(Gradients, EveryDifferentiableOpHasACase) {
  llvm::StringSet<> covered;
  // Their gradients are no slopes: see below.
  covered.insert("dither.stop_gradient");
  covered.insert("dither.surrogate");
  Program all("");
  for (const Case &source : getCases()) {
    Program program(print(source));
    ASSERT_TRUE(program) << program.diagnostics << print(source);
    program.getModule().walk(
        [&](Operation *op) { covered.insert(op->getName().getStringRef()); });
  }
  for (RegisteredOperationName name :
       all.getContext()->getRegisteredOperationsByDialect("dither"))
    if (name.hasInterface<DifferentiableOpInterface>() ||
        name.hasTrait<DifferentiatedByParts>())
      EXPECT_TRUE(covered.contains(name.getStringRef()))
          << name.getStringRef().str() << " has a derivative and no case";
}

/// What gradients of reductions, scans and normalizations are made of has
/// gradients, too.
TEST(Gradients, CanBeDifferentiated) {
  for (const auto &cases :
       {getReductionCases(), getScanCases(), getNormalizationCases()})
    for (const Case &source : cases) {
      SCOPED_TRACE(source.name);
      Program program(print(source));
      ASSERT_TRUE(program) << program.diagnostics;
      func::FuncOp first =
          buildGradientFunction(addWeightedLoss(program.get("f")));
      ASSERT_TRUE(first) << program.diagnostics;
      // The gradient of the first argument alone.
      Operation *end = first.getBody().front().getTerminator();
      end->setOperands(end->getOperand(1));
      first.setFunctionType(FunctionType::get(first.getContext(),
                                              first.getArgumentTypes(),
                                              end->getOperandTypes()));
      expectSlopes(program, addWeightedLoss(first), 3, source.low, source.high);
    }
}

//===- Gradients that are no slopes ---------------------------------------===//

/// The gradients of `@f`, weighted by ones, at f64 arguments.
static std::vector<std::vector<double>>
differentiate(StringRef text, std::vector<std::vector<double>> arguments) {
  Program program(text);
  func::FuncOp gradient =
      program ? buildGradientFunction(addWeightedLoss(program.get("f")))
              : func::FuncOp();
  EXPECT_TRUE(gradient) << program.diagnostics;
  if (!gradient)
    return {};
  Tensors tensors;
  for (auto [type, values] :
       llvm::zip(gradient.getArgumentTypes().drop_back(), arguments))
    tensors.push_back(makeTensor(getElementTypeOrSelf(type),
                                 cast<RankedTensorType>(type).getShape(),
                                 values));
  Type last = gradient.getArgumentTypes().back();
  tensors.push_back(makeRandom(last, 1, 1, 0));
  std::vector<std::vector<double>> results;
  Tensors all = program.run(gradient.getName(), tensors);
  for (const HostTensor &result : llvm::drop_begin(all))
    results.push_back(toDoubles(result));
  EXPECT_FALSE(results.empty()) << program.diagnostics;
  return results;
}

using Values = std::vector<double>;

TEST(Gradients, TiesAreShared) {
  auto both = differentiate(
      "func.func @f(%x: tensor<3xf64>, %y: tensor<3xf64>) -> tensor<3xf64> {"
      "  %z = dither.max %x, %y : tensor<3xf64>, tensor<3xf64>"
      "  return %z : tensor<3xf64> }",
      {{1, 2, 3}, {1, 1, 4}});
  EXPECT_EQ(both[0], (Values{0.5, 1, 0}));
  EXPECT_EQ(both[1], (Values{0.5, 0, 1}));
  auto reduced =
      differentiate("func.func @f(%x: tensor<4xf64>) -> tensor<f64> {"
                    "  %z = dither.reduce max %x : tensor<4xf64>"
                    "  return %z : tensor<f64> }",
                    {{3, 1, 3, 2}});
  EXPECT_EQ(reduced[0], (Values{0.5, 0, 0.5, 0}));
}

/// The gradients of an op on four elements, weighted by ones.
static Values differentiateFour(const std::string &op, Values x,
                                const std::string &result) {
  return differentiate("func.func @f(%x: tensor<4xf64>) -> " + result +
                           " {  %z = dither." + op +
                           " : tensor<4xf64>  return %z : " + result + " }",
                       {std::move(x)})[0];
}

TEST(Gradients, ProductsMayHaveZeros) {
  EXPECT_EQ(differentiateFour("reduce product %x", {2, 0, 3, 5}, scalar),
            (Values{0, 30, 0, 0}));
  EXPECT_EQ(differentiateFour("reduce product %x", {2, 0, 3, 0}, scalar),
            (Values{0, 0, 0, 0}));
  std::string scan = "scan product %x {dim = 0 : i64";
  EXPECT_EQ(differentiateFour(scan + "}", {2, 0, 3, 5}, "tensor<4xf64>"),
            (Values{1, 2 + 6 + 30, 0, 0}));
  EXPECT_EQ(
      differentiateFour(scan + ", reverse}", {2, 0, 3, 5}, "tensor<4xf64>"),
      (Values{0, 15 + 30, 5, 1 + 3}));
}

TEST(Gradients, ScansGiveTheFirstOfEqualElements) {
  std::string scan = " %x {dim = 0 : i64";
  EXPECT_EQ(
      differentiateFour("scan max" + scan + "}", {3, 1, 3, 4}, "tensor<4xf64>"),
      (Values{3, 0, 0, 1}));
  EXPECT_EQ(differentiateFour("scan min" + scan + ", reverse}", {1, 2, 1, 4},
                              "tensor<4xf64>"),
            (Values{0, 0, 3, 1}));
}

TEST(Gradients, InfiniteExponentialsHaveNoNaN) {
  constexpr double inf = INFINITY;
  std::string scan = "scan logsumexp %x {dim = 0 : i64}";
  for (auto &[op, x, result, expected] :
       std::vector<std::tuple<std::string, Values, std::string, Values>>{
           {scan, {-inf, 0, -inf, 0}, "tensor<4xf64>", {1, 2.5, 0, 0.5}},
           {"logsumexp %x", {-inf, 2, -inf, 2}, scalar, {0, 0.5, 0, 0.5}},
           {"logsumexp %x", {-inf, 2, inf, 2}, scalar, {0, 0, 1, 0}}}) {
    Values gradient = differentiateFour(op, x, result);
    for (size_t i = 0; i < 4; ++i)
      EXPECT_NEAR(gradient[i], expected[i], 1e-12) << op << ", element " << i;
  }
}

TEST(Gradients, StopGradientStops) {
  auto result =
      differentiate("func.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {"
                    "  %s = dither.stop_gradient %x : tensor<2xf64>"
                    "  %z = dither.mul %s, %x : tensor<2xf64>, tensor<2xf64>"
                    "  return %z : tensor<2xf64> }",
                    {{3, -5}});
  EXPECT_EQ(result[0], (Values{3, -5}));
}

TEST(Gradients, SurrogateTakesThatOfTheProxy) {
  auto result =
      differentiate("func.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {"
                    "  %r = dither.round %x : tensor<2xf64>"
                    "  %p = dither.mul %x, %x : tensor<2xf64>, tensor<2xf64>"
                    "  %z = dither.surrogate %r for %p : tensor<2xf64>"
                    "  return %z : tensor<2xf64> }",
                    {{1.25, -2}});
  EXPECT_EQ(result[0], (Values{2.5, -4}));
}

TEST(Gradients, CastConvertsTheGradient) {
  auto result =
      differentiate("func.func @f(%x: tensor<2xf64>) -> tensor<2xf32> {"
                    "  %z = dither.cast %x : tensor<2xf64> to tensor<2xf32>"
                    "  return %z : tensor<2xf32> }",
                    {{0.1, 7}});
  EXPECT_EQ(result[0], (Values{1, 1}));
}
