//===- CheckKernels.cpp - dither check --kernels --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/rng/Philox.h"
#include "tools/dither/Commands.h"
#include "tools/dither/Runner.h"
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
  explicit KernelChecker(const CheckOptions &options)
      : options(options),
        runner(options.seed, options.threads, options.target, options.chips) {
    tolerance.relative = options.tolerance;
  }

  int run() {
    if (failed(model.load(options)) || failed(runner.load(model.getModule())))
      return 1;
    for (auto function : runner.getCore().getOps<func::FuncOp>())
      for (int64_t batch : getBatches(function))
        if (failed(check(function, batch)))
          return 1;
    llvm::outs() << calls << " calls compared, " << wrong << " differ\n";
    return wrong > 0;
  }

private:
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
    auto found = runner.call(name, inputs);
    auto expected = runner.interpret(name, inputs);
    if (failed(found) || failed(expected))
      return failure();
    ++calls;
    for (auto [i, pair] : llvm::enumerate(llvm::zip_equal(*found, *expected))) {
      auto &[a, b] = pair;
      if (std::string text = tolerance.compare(a, b); !text.empty()) {
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

  const CheckOptions &options;
  LoadedModel model;
  ArtifactRunner runner;
  KernelTolerance tolerance;
  int64_t calls = 0, wrong = 0;
};
} // namespace

int dither::runCheckKernels(const CheckOptions &options) {
  return KernelChecker(options).run();
}
