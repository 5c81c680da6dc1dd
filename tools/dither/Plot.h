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
#include <map>
#include <string>
#include <vector>

namespace dither {

struct PlotPoint {
  int64_t epoch;
  double loss, train, test;
};

/// Draws loss and metric over the epochs into `folder`/curve.svg with gnuplot.
/// A `metric` without a name is not drawn. Without gnuplot says how to get it;
/// training does not fail over a picture.
void plotTraining(const std::string &folder, const std::string &metric,
                  const std::vector<PlotPoint> &points);

/// A kernel: operations for each byte, and billions of them in a second.
struct RooflinePoint {
  std::string name;
  double intensity, speed;
};

/// Draws kernels below the limits of arithmetic, `peaks`, and of memory,
/// `bandwidth` in GB/s, into the SVG `path` with gnuplot. False, after an
/// error, where that cannot be.
bool plotRoofline(const std::string &path,
                  const std::vector<RooflinePoint> &points,
                  const std::map<std::string, double> &peaks, double bandwidth);

} // namespace dither

#endif // DITHER_TOOLS_DITHER_PLOT_H
