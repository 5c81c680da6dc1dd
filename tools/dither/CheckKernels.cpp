//===- CheckKernels.cpp - dither check --kernels --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/rng/Philox.h"
#include "tools/dither/Commands.h"
#include "tools/dither/Execute.h"
#include "llvm/Support/Format.h"
#include <cmath>

using namespace mlir;
using namespace dither;

/// Extents of dynamic dimensions: none, one, around register tiles, many.
static constexpr int64_t kBatches[] = {0, 1, 3, 8, 13, 70};

/// What arithmetic has to cope with besides small numbers. None is so large
/// that whether a sum overflows, and none such a fraction that how it rounds,
/// would depend on the order.
/// Denormals come last.
static constexpr double kSpecial[] = {NAN, INFINITY, -INFINITY, -0.0,
                                      2.0, 1e-40,    -1e-45};
static constexpr uint32_t kSpecials = 7, kNormalSpecials = 5;

namespace {
class KernelChecker {
public:
  explicit KernelChecker(const CheckOptions &options) : options(options) {}

  int run() {
    if (failed(load()))
      return 1;
    for (auto function : module().getOps<func::FuncOp>())
      for (int64_t batch : getBatches(function))
        if (failed(check(function, batch)))
          return 1;
    llvm::outs() << calls << " calls compared, " << wrong << " differ\n";
    return wrong > 0;
  }

private:
  ModuleOp module() { return model.getModule(); }

  /// Compiles all functions, and keeps their core ops to interpret.
  LogicalResult load() {
    if (failed(model.load(options.model)))
      return failure();
    auto values =
        initializeParameters(model.getModel(), options.seed, interpret);
    if (failed(values))
      return failure();
    CompileOptions compile;
    compile.parameters = std::move(*values);
    if (failed(setTarget(compile, options.target, options.chips)))
      return failure();
    OwningOpRef<ModuleOp> clone = module().clone();
    if (failed(session.compile(*clone, compile, options.threads)))
      return failure();
    auto packed = packParameters(model.getModel(), compile.parameters);
    if (failed(packed))
      return failure();
    constants = std::move(*packed);
    return lowerToCore(module(), compile);
  }

  static std::vector<int64_t> getBatches(func::FuncOp function) {
    for (Type type : function.getArgumentTypes())
      if (!cast<RankedTensorType>(type).hasStaticShape())
        return {std::begin(kBatches), std::end(kBatches)};
    return {1};
  }

  LogicalResult check(func::FuncOp function, int64_t batch) {
    std::vector<HostTensor> inputs;
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      if (function.getArgAttrOfType<StringAttr>(i, "dither.kind") == "input")
        inputs.push_back(
            makeInput(cast<RankedTensorType>(function.getArgumentTypes()[i]),
                      batch, uint32_t(inputs.size())));
    std::string name = function.getName().str();
    auto found = callCompiled(session, name, inputs, options.seed,
                              function.getContext());
    auto expected = callInterpreted(function, inputs, constants, options.seed);
    if (failed(found) || failed(expected))
      return failure();
    ++calls;
    for (auto [i, pair] :
         llvm::enumerate(llvm::zip_equal(found->values, expected->values))) {
      auto &[a, b] = pair;
      if (std::string text = compare(a, b); !text.empty()) {
        ++wrong;
        llvm::outs() << "@" << name << ", batch " << batch << ", result " << i
                     << ": " << text << "\n";
        break;
      }
    }
    return success();
  }

  /// Small integers, whose sums and products are exact in every format, or
  /// numbers in (-1, 1); some of them special, if asked for.
  HostTensor makeInput(RankedTensorType type, int64_t batch, uint32_t stream) {
    SmallVector<int64_t> shape(type.getShape());
    for (int64_t &extent : shape)
      if (ShapedType::isDynamic(extent))
        extent = batch;
    HostTensor tensor(type.getElementType(), shape);
    bool isFloat = isa<FloatType>(type.getElementType());
    uint32_t specials = options.denormals ? kSpecials : kNormalSpecials;
    for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
      uint32_t bits = runtime::Philox::bits(options.seed, uint64_t(batch),
                                            stream, uint32_t(i));
      int64_t integer = int64_t(bits % 9) - 4;
      bool isSpecial = options.special && isFloat && (bits >> 8) % 5 == 0;
      if (isSpecial)
        tensor.set(i, Scalar::of(kSpecial[(bits >> 16) % specials]));
      else if (!isFloat)
        tensor.set(i, Scalar::ofInt(integer));
      else
        tensor.set(i, Scalar::of(options.integers ? double(integer)
                                                  : bits * 0x1p-31 - 1));
    }
    return tensor;
  }

  /// Says where the two differ; empty if nowhere.
  std::string compare(const HostTensor &found, const HostTensor &expected) {
    if (found.getShape() != expected.getShape())
      return "the shapes differ";
    int64_t count = 0, first = 0;
    double spacing = getSpacing(found.getElementType());
    for (int64_t i = found.getNumElements(); i-- > 0;)
      if (!agree(found.get(i), expected.get(i), spacing)) {
        ++count;
        first = i;
      }
    std::string text;
    if (count > 0)
      llvm::raw_string_ostream(text)
          << count << " of " << found.getNumElements()
          << " elements differ; element " << first << " is "
          << llvm::format("%.9g", found.getDouble(first)) << " instead of "
          << llvm::format("%.9g", expected.getDouble(first));
    return text;
  }

  /// What a rounding to the type may change, relative to the result: sums of
  /// f32 that are between two of its numbers become the one or the other.
  static double getSpacing(Type type) {
    auto element = dyn_cast<FloatType>(type);
    if (!element || element.getWidth() >= 32)
      return 0;
    return std::ldexp(1.0, 1 - int(element.getFPMantissaWidth()));
  }

  bool agree(Scalar found, Scalar expected, double spacing) const {
    if (!found.isFloat)
      return found.i == expected.i;
    if (std::isnan(expected.f) || std::isnan(found.f))
      return std::isnan(expected.f) == std::isnan(found.f);
    if (found.f == expected.f)
      return true;
    // An overflow may come an operation earlier or later.
    if (std::isinf(found.f) || std::isinf(expected.f))
      return options.tolerance > 0 &&
             std::min(std::abs(found.f), std::abs(expected.f)) > 1e38;
    double size = std::abs(expected.f);
    double allowed = options.tolerance * std::max(1.0, size);
    if (options.tolerance > 0)
      allowed = std::max(allowed, spacing * size);
    return std::abs(found.f - expected.f) <= allowed;
  }

  const CheckOptions &options;
  LoadedModel model;
  LiveSession session;
  ConstantMap constants;
  int64_t calls = 0, wrong = 0;
};
} // namespace

int dither::runCheckKernels(const CheckOptions &options) {
  return KernelChecker(options).run();
}
