//===- LayoutSupport.h - Layouts in messages of tests -----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TEST_UNIT_LAYOUTSUPPORT_H
#define DITHER_TEST_UNIT_LAYOUTSUPPORT_H

#include "Tile/Layout/SharedLayouts.h"
#include <ostream>

namespace dither::tile {

inline void PrintTo(const LinearLayout &layout, std::ostream *os) {
  *os << layout.str();
}
inline void PrintTo(const Swizzle &swizzle, std::ostream *os) {
  *os << swizzle.bits << " bits from " << swizzle.source << " to "
      << swizzle.target;
}

} // namespace dither::tile

#endif // DITHER_TEST_UNIT_LAYOUTSUPPORT_H
