//===- Compose.h - Random programs of case functions ---------- -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_CHECK_COMPOSE_H
#define DITHER_COMPILER_CHECK_COMPOSE_H

#include "compiler/Check/Cases.h"
#include <random>

namespace dither {

/// Chains case functions, in f32, to programs: of other extents, with values
/// that several share. A program depends on the seed and its number alone.
class Composer {
public:
  explicit Composer(llvm::ArrayRef<CheckCase> cases);
  mlir::OwningOpRef<mlir::func::FuncOp> compose(uint64_t seed, int64_t number);

private:
  /// Those of one op, so that ops are equally likely.
  std::vector<std::vector<mlir::OwningOpRef<mlir::func::FuncOp>>> groups;
};

} // namespace dither

#endif // DITHER_COMPILER_CHECK_COMPOSE_H
