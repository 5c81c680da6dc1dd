//===- Plot.cpp - Pictures of a training ----------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Plot.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace dither;

static std::string makeScript(const std::string &picture,
                              const std::vector<PlotPoint> &points) {
  std::string text;
  llvm::raw_string_ostream script(text);
  script << "$d << EOD\n";
  for (const PlotPoint &p : points)
    script << llvm::formatv("{0} {1} {2} {3}\n", p.epoch, p.loss, p.train,
                            p.test);
  script << "EOD\n"
         << "set terminal svg size 800,480 background 'white'\n"
         << "set output '" << picture << "'\n"
         << "set xlabel 'epoch'\nset ylabel 'loss'\nset logscale y\n"
         << "set y2label 'accuracy'\nset y2tics\nset ytics nomirror\n"
         << "set key center right\nset grid\n"
         << "plot $d using 1:2 with lines lw 2 title 'loss', "
         << "$d using 1:3 axes x1y2 with lines title 'train accuracy', "
         << "$d using 1:4 axes x1y2 with lines lw 2 title 'test accuracy'\n";
  return text;
}

void dither::plotTraining(const std::string &folder,
                          const std::vector<PlotPoint> &points) {
  if (points.empty())
    return;
  auto gnuplot = llvm::sys::findProgramByName("gnuplot");
  if (!gnuplot) {
    llvm::errs() << "warning: no picture of the training, since gnuplot is "
                    "missing; install the package gnuplot-nox\n";
    return;
  }
  llvm::SmallString<128> path;
  if (llvm::sys::fs::createTemporaryFile("dither", "gnuplot", path))
    return;
  llvm::FileRemover remover(path);
  std::error_code error;
  {
    llvm::raw_fd_ostream stream(path, error);
    stream << makeScript(folder + "/curve.svg", points);
  }
  llvm::StringRef arguments[] = {*gnuplot, path};
  // It warns of ranges that are a point; whether it failed is its status.
  std::optional<llvm::StringRef> redirects[] = {{}, {}, ""};
  if (llvm::sys::ExecuteAndWait(*gnuplot, arguments, std::nullopt, redirects) !=
      0)
    llvm::errs() << "warning: gnuplot could not draw " << folder
                 << "/curve.svg\n";
}
