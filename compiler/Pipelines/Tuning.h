//===- Tuning.h - Plans of kernels that were measured -----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A file of `dither tune` says which plan was the fastest for products of some
// types, on CPUs with some features, by some threads. It is JSON:
//
//   {"format": "dither-tuning", "version": 1, "features": ["avx2", ...],
//    "threads": 2, "products": [{"product": "64x784xf32 784x128xf32",
//    "kernel": "#dither.kernel<...>", "median_us": 101, "model_us": 120}]}
//
// `model_us` is the time of the plan that the model makes. Only `features`, and
// `product` and `kernel` of each product are needed.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_PIPELINES_TUNING_H
#define DITHER_COMPILER_PIPELINES_TUNING_H

#include "Dither/IR/Dither.h"

namespace dither {

struct TunedProduct {
  /// As getProductKey names it.
  std::string product;
  KernelAttr kernel;
  /// Microseconds, by this plan and by the model's.
  double median = 0, model = 0;
};

struct Tuning {
  /// Of the CPU, as of an artifact's version; none says any.
  std::vector<std::string> features;
  int64_t threads = 1;
  std::vector<TunedProduct> products;

  /// For PlanKernels.
  mlir::DictionaryAttr getAttribute(mlir::MLIRContext *context) const;
};

/// Reads a file; diagnostics name what is wrong with it.
llvm::FailureOr<Tuning> readTuning(llvm::StringRef path,
                                   mlir::MLIRContext *context);

std::string printTuning(const Tuning &tuning);

} // namespace dither

#endif // DITHER_COMPILER_PIPELINES_TUNING_H
