//===- Roofline.h - Kernels beside the limits of a machine ---- -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_ROOFLINE_H
#define DITHER_TOOLS_DITHER_ROOFLINE_H

#include "tools/dither/Commands.h"

namespace dither {

/// Times each product of a function as a function of its own, and prints how
/// near it comes to what memory and arithmetic allow: the lesser of its
/// operations at the speed of a large product that fits the caches, and its
/// bytes at the speed of reading memory ("Roofline: An Insightful Visual
/// Performance Model for Multicore Architectures", Williams, Waterman and
/// Patterson, 2009). Operands that the caches hold may be faster. Draws a
/// picture with gnuplot. Returns the exit status.
int runRoofline(const BenchOptions &options);

} // namespace dither

#endif // DITHER_TOOLS_DITHER_ROOFLINE_H
