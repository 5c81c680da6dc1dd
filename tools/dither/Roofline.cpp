//===- Roofline.cpp - Kernels beside the limits of a machine --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Roofline.h"
#include "compiler/Explain/Explain.h"
#include "mlir/Parser/Parser.h"
#include "tools/dither/Execute.h"
#include "tools/dither/Plot.h"
#include "tools/dither/Products.h"
#include "tools/dither/Timing.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <chrono>
#include <map>
#include <numeric>
#include <thread>

using namespace mlir;
using namespace dither;

/// What is read to time memory: more than caches hold.
static constexpr size_t kReadBytes = size_t(1) << 29;
static constexpr int kReads = 5;

namespace {
/// A product of a function, and the function that is this product alone.
struct Product {
  ContractionReport report;
  std::string function, peak;
  int64_t bytes = 0;
  double micros = 0;

  double getSpeed() const { return double(report.doneFlops) / micros / 1e3; }
  double getIntensity() const {
    return double(report.doneFlops) / double(bytes);
  }
};
} // namespace

static int64_t countBytes(Operation *op, int64_t batch) {
  SmallVector<Type> types(op->getOperandTypes());
  llvm::append_range(types, op->getResultTypes());
  int64_t bytes = 0;
  for (Type type : types) {
    auto tensor = cast<RankedTensorType>(type);
    SmallVector<int64_t> shape(tensor.getShape());
    for (int64_t &extent : shape)
      if (ShapedType::isDynamic(extent))
        extent = batch;
    bytes +=
        getTensorBytes(RankedTensorType::get(shape, tensor.getElementType()));
  }
  return bytes;
}

/// The products of a function of a model, as functions of `kernels`.
static FailureOr<std::vector<Product>> findProducts(ModuleOp source,
                                                    const BenchOptions &options,
                                                    ProductModel &kernels) {
  CompileOptions compile;
  compile.mode =
      options.training ? ParameterMode::train : ParameterMode::deploy;
  ModelReport report;
  report.batch = options.batch;
  OwningOpRef<ModuleOp> module = source.clone();
  if (failed(explainContractions(source, compile.mode, report)) ||
      failed(lowerToCore(*module, compile)))
    return failure();
  auto function = module->lookupSymbol<func::FuncOp>(options.function);
  std::vector<ContractionReport> entries;
  for (ContractionReport &entry : report.contractions)
    if (entry.function == options.function)
      entries.push_back(std::move(entry));
  if (!function || entries.empty()) {
    reportError("no products in a function " + options.function + " of " +
                options.model +
                "; 'dither explain' lists them, and with --training a step is "
                "called NAME.step");
    return failure();
  }
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) {
    if (isProduct(op))
      ops.push_back(op);
  });
  std::vector<Product> products;
  for (auto [op, entry] : llvm::zip_equal(ops, entries)) {
    if (hasPlaces(op)) {
      llvm::errs() << "note: the product " << entry.shape
                   << " of elements at some places is left out\n";
      continue;
    }
    Product product;
    product.function = kernels.add(op);
    product.bytes = countBytes(op, options.batch);
    bool isBF16 = getElementTypeOrSelf(op->getOperand(0)).isBF16();
    product.peak = entry.kernel == "packed_int8" ? "int8"
                   : isBF16                      ? "bf16"
                                                 : "f32";
    product.report = std::move(entry);
    products.push_back(std::move(product));
  }
  if (products.empty()) {
    reportError("nothing is left of the products of " + options.function +
                ": random inputs need no places of elements");
    return failure();
  }
  return products;
}

//===- Limits -------------------------------------------------------------===//

/// Bytes per nanosecond of reading memory, by some threads.
static double measureBandwidth(uint32_t threads) {
  size_t count = kReadBytes / sizeof(uint64_t) / threads * threads;
  std::vector<uint64_t> data(count, 1);
  double best = 0;
  for (int i = 0; i < kReads; ++i) {
    std::vector<uint64_t> sums(threads);
    auto read = [&](uint32_t t) {
      auto begin = data.begin() + int64_t(count / threads * t);
      sums[t] =
          std::accumulate(begin, begin + int64_t(count / threads), uint64_t(0));
    };
    auto start = std::chrono::steady_clock::now();
    std::vector<std::thread> others;
    for (uint32_t t = 1; t < threads; ++t)
      others.emplace_back(read, t);
    read(0);
    for (std::thread &other : others)
      other.join();
    std::chrono::duration<double, std::nano> time =
        std::chrono::steady_clock::now() - start;
    if (std::accumulate(sums.begin(), sums.end(), uint64_t(0)) == count)
      best = std::max(best, double(count * sizeof(uint64_t)) / time.count());
  }
  return best;
}

/// Large products by which peaks are known.
static const char *const peakModel = R"(
dither.model @peaks {
  dither.param @w : tensor<1024x1024xf32> init #dither.kaiming_uniform frozen {format = #dither.int<bits = 8>}
  func.func @f32(%x: tensor<1024x1024xf32>, %y: tensor<1024x1024xf32>) -> tensor<1024x1024xf32> {
    %z = dither.matmul %x, %y : tensor<1024x1024xf32>, tensor<1024x1024xf32>
    return %z : tensor<1024x1024xf32>
  }
  func.func @bf16(%x: tensor<1024x1024xbf16>, %y: tensor<1024x1024xbf16>) -> tensor<1024x1024xbf16> {
    %z = dither.matmul %x, %y : tensor<1024x1024xbf16>, tensor<1024x1024xbf16>
    return %z : tensor<1024x1024xbf16>
  }
  func.func @int8(%x: tensor<1024x1024xf32>) -> tensor<1024x1024xf32> {
    %w = dither.read @w : tensor<1024x1024xf32>
    %q = dither.represent %x {format = #dither.int<bits = 8, dim = 1>} : tensor<1024x1024xf32>
    %z = dither.matmul %q, %w : tensor<1024x1024xf32>, tensor<1024x1024xf32>
    return %z : tensor<1024x1024xf32>
  }
}
)";

/// Operations per nanosecond of large products of the kinds that there are.
static FailureOr<std::map<std::string, double>>
measurePeaks(const std::vector<Product> &products, uint32_t threads,
             MLIRContext *context) {
  std::map<std::string, double> peaks;
  for (const Product &product : products)
    peaks[product.peak] = 0;
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(peakModel, ParserConfig(context));
  ModelOp model = findModel(*module);
  auto values = initializeParameters(model, 0, evaluateCompiled);
  if (failed(values))
    return failure();
  CompileOptions compile;
  compile.evaluate = evaluateCompiled;
  compile.parameters = std::move(*values);
  for (auto &[name, peak] : peaks)
    compile.functions.push_back(name);
  LiveSession session;
  if (failed(session.compile(*module, compile, threads)))
    return failure();
  for (auto &[name, peak] : peaks) {
    auto timing = timeFunction(session, name, 1, 20);
    if (failed(timing))
      return failure();
    peak = 2 * std::pow(1024.0, 3) / timing->least / 1e3;
  }
  return peaks;
}

//===- Report -------------------------------------------------------------===//

/// What memory and arithmetic allow, in operations per nanosecond.
static double getLimit(const Product &product,
                       const std::map<std::string, double> &peaks,
                       double bandwidth) {
  return std::min(peaks.at(product.peak), product.getIntensity() * bandwidth);
}

static void printText(const std::vector<Product> &products,
                      const std::map<std::string, double> &peaks,
                      double bandwidth) {
  llvm::outs() << llvm::formatv("memory: {0:f1} GB/s", bandwidth);
  for (const auto &[name, peak] : peaks)
    llvm::outs() << llvm::formatv("; {0}: {1:f0} GFLOP/s", name, peak);
  llvm::outs() << "\n";
  for (const Product &product : products)
    llvm::outs() << llvm::formatv(
        "{0} {1}: {2:f1} us, {3:f1} GFLOP/s at {4:f1} FLOP a byte, {5:P0} of "
        "the roof\n",
        product.report.kernel, product.report.shape, product.micros,
        product.getSpeed(), product.getIntensity(),
        product.getSpeed() / getLimit(product, peaks, bandwidth));
}

static void printJson(const std::vector<Product> &products,
                      const std::map<std::string, double> &peaks,
                      double bandwidth) {
  llvm::json::Object roofs;
  for (const auto &[name, peak] : peaks)
    roofs[name] = peak;
  llvm::json::Array kernels;
  for (const Product &product : products)
    kernels.push_back(llvm::json::Object{
        {"kernel", product.report.kernel},
        {"shape", product.report.shape},
        {"peak", product.peak},
        {"flops", product.report.doneFlops},
        {"bytes", product.bytes},
        {"median_us", product.micros},
        {"gflops", product.getSpeed()},
        {"roof_gflops", getLimit(product, peaks, bandwidth)}});
  llvm::outs() << llvm::formatv(
      "{0:2}\n",
      llvm::json::Value(llvm::json::Object{{"bandwidth_gbs", bandwidth},
                                           {"peaks_gflops", std::move(roofs)},
                                           {"kernels", std::move(kernels)}}));
}

int dither::runRoofline(const BenchOptions &options) {
  if (isArtifact(options.model))
    return reportError("the products of an artifact are not known any more; "
                       "--roofline needs the model description");
  LoadedModel model;
  if (failed(model.load(options)))
    return 1;
  MLIRContext *context = model.getModule()->getContext();
  ProductModel kernels(context);
  auto products = findProducts(model.getModule(), options, kernels);
  if (failed(products))
    return 1;
  LiveSession session;
  if (failed(session.compile(kernels.getModule(), CompileOptions(),
                             options.threads)))
    return 1;
  for (Product &product : *products) {
    auto timing = timeFunction(session, product.function, options.batch,
                               options.repetitions);
    if (failed(timing))
      return 1;
    product.micros = timing->median;
  }
  uint32_t threads = dither_session_threads(session.get());
  auto peaks = measurePeaks(*products, threads, context);
  if (failed(peaks))
    return 1;
  double bandwidth = measureBandwidth(threads);
  (options.json ? printJson : printText)(*products, *peaks, bandwidth);
  std::vector<RooflinePoint> points;
  for (const Product &product : *products)
    points.push_back({product.report.kernel + " " + product.report.shape,
                      product.getIntensity(), product.getSpeed()});
  return plotRoofline(options.roofline, points, *peaks, bandwidth) ? 0 : 1;
}
