//===- Plot.h - Pictures of a training --------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_PLOT_H
#define DITHER_TOOLS_DITHER_PLOT_H

#include <cstdint>
#include <string>
#include <vector>

namespace dither {

struct PlotPoint {
  int64_t epoch;
  double loss, train, test;
};

/// Draws loss and metric over the epochs into `folder`/curve.svg with gnuplot.
/// Without gnuplot says how to get it; training does not fail over a picture.
void plotTraining(const std::string &folder,
                  const std::vector<PlotPoint> &points);

} // namespace dither

#endif // DITHER_TOOLS_DITHER_PLOT_H
