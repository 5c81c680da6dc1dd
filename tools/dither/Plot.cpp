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

/// A path as gnuplot reads it.
static std::string quote(llvm::StringRef path) {
  std::string quoted = "'";
  for (char c : path)
    quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

static std::string makeScript(const std::string &picture,
                              const std::string &metric,
                              const std::vector<PlotPoint> &points) {
  std::string text;
  llvm::raw_string_ostream script(text);
  script << "$d << EOD\n";
  for (const PlotPoint &p : points)
    script << llvm::formatv("{0} {1} {2} {3}\n", p.epoch, p.loss, p.train,
                            p.test);
  script << "EOD\n"
         << "set terminal svg size 800,480 background 'white'\n"
         << "set output " << quote(picture) << "\n"
         << "set xlabel 'epoch'\nset ylabel 'loss'\nset logscale y\n"
         << "set key center right noenhanced\nset grid\n";
  std::string curves = "plot $d using 1:2 with lines lw 2 title 'loss'";
  if (!metric.empty()) {
    script << "set y2label '" << metric
           << "' noenhanced\nset y2tics\nset ytics nomirror\n";
    curves += ", $d using 1:3 axes x1y2 with lines title 'train " + metric +
              "', $d using 1:4 axes x1y2 with lines lw 2 title 'test " +
              metric + "'";
  }
  script << curves << "\n";
  return text;
}

/// What gnuplot came to.
enum class Drawn { yes, missing, failed };

static Drawn runGnuplot(const std::string &script) {
  auto gnuplot = llvm::sys::findProgramByName("gnuplot");
  if (!gnuplot)
    return Drawn::missing;
  llvm::SmallString<128> path;
  if (llvm::sys::fs::createTemporaryFile("dither", "gnuplot", path))
    return Drawn::failed;
  llvm::FileRemover remover(path);
  std::error_code error;
  {
    llvm::raw_fd_ostream stream(path, error);
    stream << script;
  }
  llvm::StringRef arguments[] = {*gnuplot, path};
  // It warns of ranges that are a point; whether it failed is its status.
  std::optional<llvm::StringRef> redirects[] = {{}, {}, ""};
  return llvm::sys::ExecuteAndWait(*gnuplot, arguments, std::nullopt,
                                   redirects) == 0
             ? Drawn::yes
             : Drawn::failed;
}

void dither::plotTraining(const std::string &folder, const std::string &metric,
                          const std::vector<PlotPoint> &points) {
  if (points.empty())
    return;
  std::string picture = folder + "/curve.svg";
  Drawn drawn = runGnuplot(makeScript(picture, metric, points));
  if (drawn == Drawn::missing)
    llvm::errs() << "warning: no picture of the training, since gnuplot is "
                    "missing; install the package gnuplot-nox\n";
  else if (drawn == Drawn::failed)
    llvm::errs() << "warning: gnuplot could not draw " << picture << "\n";
}

static std::string makeRooflineScript(
    const std::string &path, const std::vector<RooflinePoint> &points,
    const std::map<std::string, double> &peaks, double bandwidth) {
  std::string text;
  llvm::raw_string_ostream script(text);
  script << "$d << EOD\n";
  double least = points[0].intensity, most = least;
  for (const RooflinePoint &p : points) {
    script << llvm::formatv("{0} {1} \"{2}\"\n", p.intensity, p.speed, p.name);
    least = std::min(least, p.intensity);
    most = std::max(most, p.intensity);
  }
  for (const auto &[name, peak] : peaks)
    most = std::max(most, peak / bandwidth);
  script << "EOD\n"
         << "set terminal svg size 900,560 noenhanced background 'white'\n"
         << "set output " << quote(path) << "\n"
         << "set xlabel 'operations for each byte'\n"
         << "set ylabel 'GFLOP/s'\nset logscale xy\nset grid\n"
         << "set key bottom right\n"
         << llvm::formatv("set xrange [{0}:{1}]\n", least / 4, most * 4)
         << "limit(x, peak) = x * " << bandwidth << " < peak ? x * "
         << bandwidth << " : peak\nplot ";
  for (const auto &[name, peak] : peaks)
    script << llvm::formatv("limit(x, {0}) lw 2 title '{1}', ", peak, name);
  script << "$d using 1:2 with points pt 7 notitle, "
         << "$d using 1:2:3 with labels offset 0,1 font ',9' notitle\n";
  return text;
}

bool dither::plotRoofline(const std::string &path,
                          const std::vector<RooflinePoint> &points,
                          const std::map<std::string, double> &peaks,
                          double bandwidth) {
  if (points.empty())
    return true;
  Drawn drawn = runGnuplot(makeRooflineScript(path, points, peaks, bandwidth));
  if (drawn == Drawn::missing)
    llvm::errs() << "error: no picture, since gnuplot is missing; install the "
                    "package gnuplot-nox\n";
  else if (drawn == Drawn::failed)
    llvm::errs() << "error: gnuplot could not draw " << path
                 << "; check the folder and the space that is left\n";
  return drawn == Drawn::yes;
}
