//===- Kernels.cpp - Compiled code against the interpreter ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Check/Kernels.h"
#include "compiler/Interpreter/Interpreter.h"
#include "compiler/Transforms/BindParameters/Arguments.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Format.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace dither;

KernelRunner::~KernelRunner() = default;

LogicalResult dither::loadFunctions(ArrayRef<func::FuncOp> functions,
                                    KernelRunner &runner) {
  Location loc = functions.front()->getLoc();
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  OpBuilder b(module->getBodyRegion());
  auto model = ModelOp::create(b, loc, "checked");
  if (model.getBody().empty())
    model.getBody().emplaceBlock();
  for (func::FuncOp function : functions) {
    func::FuncOp clone = function.clone();
    for (unsigned i = 0; i < clone.getNumArguments(); ++i)
      clone.setArgAttrs(i, ArrayRef<NamedAttribute>());
    model.getBody().front().push_back(clone);
  }
  return runner.load(*module);
}

FailureOr<KernelRunner::Tensors>
dither::interpretSeeded(func::FuncOp function, ArrayRef<HostTensor> inputs,
                        uint64_t seed) {
  OwningOpRef<func::FuncOp> clone = function.clone();
  SmallVector<HostTensor> arguments(inputs);
  auto ops = llvm::to_vector(clone->getOps<RngOp>());
  if (!ops.empty()) {
    Value rng = getOrAddRng(*clone);
    for (RngOp op : ops) {
      op.replaceAllUsesWith(rng);
      op.erase();
    }
    arguments.emplace_back(IntegerType::get(clone->getContext(), 64),
                           ArrayRef<int64_t>{2});
    arguments.back().set(0, Scalar::ofInt(int64_t(seed)));
  }
  auto results = interpret(*clone, arguments);
  if (failed(results))
    return failure();
  return KernelRunner::Tensors(results->begin(), results->end());
}

/// What a rounding to the type may change, relative to the result: sums of
/// f32 that are between two of its numbers become the one or the other.
static double getSpacing(Type type) {
  auto element = dyn_cast<FloatType>(type);
  if (!element || element.getWidth() >= 32)
    return 0;
  return std::ldexp(1.0, 1 - int(element.getFPMantissaWidth()));
}

bool KernelTolerance::agree(Scalar found, Scalar expected,
                            double spacing) const {
  if (!found.isFloat)
    return found.i == expected.i;
  if (std::isnan(expected.f) || std::isnan(found.f))
    return std::isnan(expected.f) == std::isnan(found.f);
  if (found.f == expected.f)
    return true;
  // An overflow may come an operation earlier or later.
  if (std::isinf(found.f) || std::isinf(expected.f))
    return relative > 0 &&
           std::min(std::abs(found.f), std::abs(expected.f)) > 1e38;
  double size = std::abs(expected.f);
  double allowed = relative * std::max(1.0, size);
  if (relative > 0)
    allowed = std::max(allowed, spacing * size);
  return std::abs(found.f - expected.f) <= allowed;
}

std::string KernelTolerance::compare(const HostTensor &found,
                                     const HostTensor &expected) const {
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

double dither::getLargestDifference(const HostTensor &found,
                                    const HostTensor &expected) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (found.getShape() != expected.getShape())
    return infinity;
  double largest = 0;
  for (int64_t i = 0; i < found.getNumElements(); ++i) {
    double a = found.getDouble(i), b = expected.getDouble(i);
    if (a == b || (std::isnan(a) && std::isnan(b)))
      continue;
    double difference = std::abs(a - b) / std::max(1.0, std::abs(b));
    largest = std::max(
        largest, std::isfinite(a) && std::isfinite(b) ? difference : infinity);
  }
  return largest;
}
