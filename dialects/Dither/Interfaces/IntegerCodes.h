//===- IntegerCodes.h - Codes that stand for small integers -----*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_INTERFACES_INTEGERCODES_H
#define DITHER_INTERFACES_INTEGERCODES_H

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace dither {

/// The values of the codes of a format: integers times a power of two. The
/// integers span at most 256 numbers.
struct IntegerCodes {
  llvm::SmallVector<int64_t> values;
  double factor = 1;

  /// What makes all integers unsigned bytes.
  int64_t getOffset() const { return -*llvm::min_element(values); }
  /// Whether a code, as an unsigned number, times `slope` is its integer and
  /// the offset.
  bool areCodes(int64_t slope = 1) const {
    return llvm::all_of(llvm::enumerate(values), [&](auto code) {
      return code.value() + getOffset() == slope * int64_t(code.index());
    });
  }
};

} // namespace dither

#endif // DITHER_INTERFACES_INTEGERCODES_H
